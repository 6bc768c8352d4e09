/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Bits of configuration space that a text determines.
 */
#ifndef DRYDOCK_SIM_TEXT_BITS_H
#define DRYDOCK_SIM_TEXT_BITS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/pci/dump/dump.h"

/** Bits hi..lo, counted from bit 0 of the byte at an offset; at most 64 of them. */
struct sim_text_bits {
    unsigned int offset, hi, lo;
};

/**
 * Set bits, and say which of them the text determines.
 *
 * @param value  of the bits, from its bit 0; those that do not fit are left out
 * @param known  which bits of @p value are certain; the others are only likely
 * @return whether the bits are inside configuration space; if not, nothing is set
 */
bool sim_text_set(struct sim_dump_function *function, struct sim_text_bits bits, uint64_t value,
                  uint64_t known);

/** Make bits unknown and keep their value as the likely one; whether they are there. */
bool sim_text_doubt(struct sim_dump_function *function, struct sim_text_bits bits);

/**
 * The value of bits of which all are known.
 *
 * @param[out] value  untouched if one is not known
 * @return whether all are
 */
bool sim_text_get(const struct sim_dump_function *function, struct sim_text_bits bits,
                  uint64_t *value);

/** As many ones as the bits are. */
uint64_t sim_text_ones(struct sim_text_bits bits);

#endif
