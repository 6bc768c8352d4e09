/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Patterns: what lspci prints of a field, and where the field is.
 *
 * A pattern is text with fields in braces. A blank stands for any white space, line ends
 * included, because mailers break lines; `~` stands for white space or none. Everything else is
 * itself. Fields:
 *
 *     {K@R.H:L}  bits H..L (decimal), counted from bit 0 of the byte at R (hexadecimal) after the
 *                beginning of the register block; `.L` alone is one bit. K says how it is printed:
 *       +        `+` is 1, `-` is 0;  `%` the reverse
 *       x        a hexadecimal number;  `x+N` it is N (hexadecimal) more than the field
 *       8        a hexadecimal number of 8 digits, whatever follows them
 *       a        a hexadecimal number of which bits H..L are the field, the others not printed
 *       d        a decimal number; `d*N` it is N times the field, `d+N` it is N more
 *       pN       a decimal number: N shifted left by the field
 *       h        a decimal number that the field is likely to be, or anything else
 *       bN       a decimal number: N less is the bit of the field that is 1 (others stay)
 *       rN       the same after a `-`: all bits from that of the `b` before it are 1
 *       e:NAME   a word of a list, see text_words.h
 *       f:NAME   a number that is computed, see text_formulas.h
 *       =N       nothing is printed: the field is N (hexadecimal)
 *       z        nothing is printed: the field is 0 unless it is known to be something else
 *       u        nothing is printed: the field is only likely
 *       ?        nothing is printed: the field is known and not 0;  `!` known and 0
 *     {i} {I}    a number, decimal or hexadecimal: which of several equal blocks this is
 *     {n}        nothing: this block is the one after the last of its kind
 *     {#} {$}    a number without meaning, decimal or hexadecimal;  {w} a word;  {*} the rest
 *
 * A match ends where a word ends.
 */
#ifndef DRYDOCK_SIM_TEXT_PATTERN_H
#define DRYDOCK_SIM_TEXT_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/pci/dump/dump.h"
#include "sim/pci/text/text_bits.h"

/** What a pattern is matched with, and where its fields are. */
struct sim_text_match {
    struct sim_dump_function *function;
    const char *at;       /**< moved past what matched */
    const char *end;      /**< of the text */
    unsigned int base;    /**< where the register block begins: the first of several */
    unsigned int stride;  /**< bytes from one of several to the next */
    unsigned int ordinal; /**< what {n} stands for */
    unsigned int index;   /**< which of several: what {i}, {I} or {n} said, at first 0 */
    bool counted;         /**< there was an {n} */
    unsigned int bit;     /**< the last that a `b` has set */
};

/** A field of a pattern, read from it. */
struct sim_text_field {
    char kind;
    char operation;  /**< '+' or '*', 0: none */
    uint64_t number; /**< of the kind or of the operation */
    char name[24];   /**< of e and f */
    bool has_bits;
    struct sim_text_bits bits; /**< the offset counts from the block's beginning */
};

/** Whether a character of a pattern stands for itself. */
static inline bool sim_text_pattern_is_literal(char character)
{
    return character != ' ' && character != '{' && character != '~';
}

/** Whether a pattern may match: most that are tried begin with a character that is not there. */
static inline bool sim_text_pattern_may_match(const char *pattern, const char *at, const char *end)
{
    return !sim_text_pattern_is_literal(*pattern) || (at < end && *at == *pattern);
}

/**
 * Match a pattern and set the fields it has.
 *
 * @param match  @p at, @p index and @p counted change, and bits of the function, if it matches
 * @return whether it does
 */
bool sim_text_pattern_match(struct sim_text_match *match, const char *pattern);

/** Take a hexadecimal number after white space; whether there is one. */
bool sim_text_pattern_address(struct sim_text_match *match, uint64_t *address);

/** Whether a pattern would match; nothing changes. */
bool sim_text_pattern_test(const struct sim_text_match *match, const char *pattern);

/**
 * Read a field of a pattern.
 *
 * @param pattern    after the opening brace
 * @param[out] field untouched unless it is well-formed
 * @return after the closing brace, or NULL if the field is malformed
 */
const char *sim_text_pattern_field(const char *pattern, struct sim_text_field *field);

/** Whether all fields of a pattern are well-formed and their words and formulas exist. */
bool sim_text_pattern_is_valid(const char *pattern);

#endif
