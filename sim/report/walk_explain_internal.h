/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the two files that put walks into words share.
 */
#ifndef DRYDOCK_SIM_WALK_EXPLAIN_INTERNAL_H
#define DRYDOCK_SIM_WALK_EXPLAIN_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/report/walk_explain.h"

/** Bits of paging-structure entries. Spec: [SDM 3A] figure 4-11. */
enum walk_entry_bit {
    BIT_P = 0,
    BIT_PS = 7,
    BIT_PAT_OF_PTE = 7,
    BIT_PAT_OF_LARGE = 12,
    BIT_KEY_LOW = 59,
    BIT_XD = 63,
};

static inline bool walk_has_bit(uint64_t value, unsigned int bit)
{
    return ((value >> bit) & 1) != 0;
}

/** Write the sentence about the outcome. */
void walk_explain_verdict(const struct sim_cpu *cpu, struct sim_access access,
                          const struct sim_walk *walk, struct sim_walk_explanation *explanation);

#endif
