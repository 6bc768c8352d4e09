/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A machine behind the hosted insn.h that is nothing but registers: what an
 * instruction writes, the one that reads it gives back.
 */
#ifndef DRYDOCK_TESTS_FAKE_REGISTERS_H
#define DRYDOCK_TESTS_FAKE_REGISTERS_H

#include <stdint.h>

#include "drydock/arch/hosted_machine.h"

/** Values. Model-specific registers are those a test puts here. */
struct fake_registers {
    uint64_t cr0, cr2, cr3, cr4, cr8, xcr0, rflags, dr[8];
    uint32_t mxcsr, pkru;
    uint32_t msr_index[4]; /**< 0: none */
    uint64_t msr[4];
    unsigned int random_failures; /**< so many RDRAND and RDSEED give nothing first */
    unsigned int writes;          /**< instructions that wrote one of these */
    char log[1024];               /**< names of all instructions, each followed by a space */
};

extern struct fake_registers fake;

/** A processor in 64-bit mode with paging. */
void fake_registers_reset(void);

#endif
