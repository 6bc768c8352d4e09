/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A machine behind the hosted insn.h that executes nothing and remembers what
 * it was asked for.
 */
#ifndef DRYDOCK_TESTS_INSN_RECORDER_H
#define DRYDOCK_TESTS_INSN_RECORDER_H

#include "drydock/arch/hosted_machine.h"

struct recorded_insn {
    enum dd_hosted_insn insn;
    struct dd_hosted_operands operands;
};

/** Instructions so far, in order; more than the array holds end the test. */
extern struct recorded_insn recorded[8];
extern unsigned int recorded_count;

/** Forget them: the setup of a test case that looks at them. */
void insn_recorder_reset(void);

#endif
