/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Blanks and numbers in a text.
 */
#ifndef DRYDOCK_SIM_TEXT_NUMBER_H
#define DRYDOCK_SIM_TEXT_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/** Whether a character is white space; the bytes of a no-break space in UTF-8 are. */
static inline bool sim_text_is_blank(char character)
{
    return character == ' ' || (character >= '\t' && character <= '\r') || character == '\xC2' ||
           character == '\xA0';
}

/**
 * Read a number of 64 bits at most.
 *
 * @param at           moved past its digits, if there are any
 * @param end          of the text
 * @param radix        10 or 16
 * @param[out] number  untouched unless there is one
 * @return whether there is one that fits
 */
bool sim_text_number_read(const char **at, const char *end, unsigned int radix, uint64_t *number);

/**
 * Read a decimal number with or without a fraction, in thousandths: "26.5" is 26500.
 *
 * Parameters and result as sim_text_number_read; digits after the third are dropped.
 */
bool sim_text_number_read_milli(const char **at, const char *end, uint64_t *number);

#endif
