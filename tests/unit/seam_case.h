/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of single instructions behind the seam share. The fixture is in test_seam.c.
 */
#ifndef DRYDOCK_TESTS_SEAM_CASE_H
#define DRYDOCK_TESTS_SEAM_CASE_H

#include <setjmp.h>
#include <stdint.h>

#include "drydock/arch/hosted_machine.h"
#include "sim/machine/machine.h"

/** An instruction that does not complete jumps here, ... */
extern jmp_buf escape;

/** ... with what the machine said. */
extern struct sim_result stopped;

/** Width, offset from port 500H and value of the last write to it, in bits 63:56, 55:48, 31:0. */
extern uint64_t last_port_write;

/** A test of one instruction. */
struct seam_test {
    enum dd_hosted_insn insn;
    void (*run)(void);
};

/** Lists that end with DD_HOSTED_INSN_COUNT. */
extern const struct seam_test seam_state_tests[];
extern const struct seam_test seam_system_tests[];
extern const struct seam_test seam_other_tests[];

/** The call ends with this exception. */
#define check_stops(call, vector)                               \
    do {                                                        \
        if (setjmp(escape) == 0) {                              \
            call;                                               \
        }                                                       \
        check_fault(&stopped, vector, (vector) == 13 ? 0 : -1); \
    } while (0)

#endif
