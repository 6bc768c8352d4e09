/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What becomes of the low four bits of the general registers in a basic block.
 * It is enough to say on entry whether a stack or a buffer is aligned when a
 * later instruction uses it.
 */
#ifndef DRYDOCK_SIM_LOW_BITS_H
#define DRYDOCK_SIM_LOW_BITS_H

#include "sim/cpu/instruction_internal.h"

/** The low four bits of a register: those another had on entry, plus a number. */
struct low_bits {
    bool known;
    uint8_t entry;  /**< 0..15, or SIM_NO_REGISTER: only the number */
    uint8_t offset; /**< modulo 16 */
};

/** All general registers. */
struct low_bits_state {
    struct low_bits registers[16];
};

/** Each register is as on entry. */
void low_bits_enter(struct low_bits_state *state);

/**
 * What an instruction does to the state. What is not known well is forgotten.
 *
 * @param bytes  of the instruction
 */
void low_bits_execute(struct low_bits_state *state, const struct instruction *instruction,
                      const uint8_t *bytes);

#endif
