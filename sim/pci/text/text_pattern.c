/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matching a pattern: once to see whether it matches, and once more to set the
 * fields, so that what does not match leaves nothing behind.
 *
 * Of a field that is printed in words, or by a formula, several values may look the
 * same. The bits in which these agree are known, the others are not.
 */
#include "sim/pci/text/text_pattern.h"

#include <ctype.h>
#include <string.h>

#include "sim/pci/text/text_formulas.h"
#include "sim/pci/text/text_number.h"
#include "sim/pci/text/text_words.h"

static struct sim_text_bits place(const struct sim_text_match *match,
                                  const struct sim_text_field *field)
{
    struct sim_text_bits bits = field->bits;

    bits.offset += match->base + match->index * match->stride;
    return bits;
}

/* Set all bits of a field if it is time to; whether the value fits. */
static bool set(const struct sim_text_match *match, const struct sim_text_field *field,
                uint64_t value, bool setting)
{
    struct sim_text_bits bits = place(match, field);
    uint64_t ones = sim_text_ones(bits);

    if (value > ones) {
        return false;
    }
    return !setting || sim_text_set(match->function, bits, value, ones);
}

static bool match_sign(struct sim_text_match *match, const struct sim_text_field *field,
                       bool setting)
{
    if (match->at == match->end || (*match->at != '+' && *match->at != '-')) {
        return false;
    }
    return set(match, field, (*match->at++ == '+') == (field->kind == '+'), setting);
}

static bool match_hexadecimal(struct sim_text_match *match, const struct sim_text_field *field,
                              bool setting)
{
    uint64_t number = 0;

    if (!sim_text_number_read(&match->at, match->end, 16, &number)) {
        return false;
    }
    if (field->kind == 'a') {
        return set(match, field, number >> field->bits.lo & sim_text_ones(field->bits), setting);
    }
    if (field->operation == '+') {
        number = (number - field->number) & sim_text_ones(field->bits);
    }
    return set(match, field, number, setting);
}

static bool match_doubleword(struct sim_text_match *match, const struct sim_text_field *field,
                             bool setting)
{
    const char *end = match->end - match->at > 8 ? match->at + 8 : match->end;
    const char *at = match->at;
    uint64_t number = 0;

    if (!sim_text_number_read(&at, end, 16, &number) || at - match->at != 8) {
        return false;
    }
    match->at = at;
    return set(match, field, number, setting);
}

static bool match_decimal(struct sim_text_match *match, const struct sim_text_field *field,
                          bool setting)
{
    uint64_t number = 0;

    if (!sim_text_number_read(&match->at, match->end, 10, &number)) {
        return false;
    }
    if (field->operation == '+') {
        return number >= field->number && set(match, field, number - field->number, setting);
    }
    if (field->operation == '*') {
        return number % field->number == 0 && set(match, field, number / field->number, setting);
    }
    return set(match, field, number, setting);
}

static bool match_word(struct sim_text_match *match)
{
    const char *begin = match->at;

    while (match->at < match->end && !sim_text_is_blank(*match->at)) {
        match->at++;
    }
    return match->at > begin;
}

/* A likely value; numbers that cannot be one (the kernel's, say) are left out. */
static bool match_hint(struct sim_text_match *match, const struct sim_text_field *field,
                       bool setting)
{
    struct sim_text_bits bits = place(match, field);
    const char *at = match->at;
    uint64_t number = 0;

    if (sim_text_number_read(&at, match->end, 10, &number) && number <= sim_text_ones(bits)) {
        match->at = at;
        return !setting || sim_text_set(match->function, bits, number, 0);
    }
    return match_word(match);
}

/* N shifted left by the field. */
static bool match_power(struct sim_text_match *match, const struct sim_text_field *field,
                        bool setting)
{
    uint64_t number = 0;

    if (!sim_text_number_read(&match->at, match->end, 10, &number)) {
        return false;
    }
    for (unsigned int shift = 0; shift < 32; shift++) {
        if (number == field->number << shift) {
            return set(match, field, shift, setting);
        }
    }
    return false;
}

static bool match_bit_number(struct sim_text_match *match, const struct sim_text_field *field,
                             bool setting)
{
    struct sim_text_bits bits = place(match, field);
    uint64_t number = 0;

    if (!sim_text_number_read(&match->at, match->end, 10, &number) || number < field->number ||
        number - field->number > bits.hi - bits.lo) {
        return false;
    }
    bits.hi = bits.lo + (unsigned int)(number - field->number);
    bits.lo = field->kind == 'r' ? match->bit : bits.hi;
    match->bit = bits.hi;
    return bits.lo <= bits.hi &&
           (!setting || sim_text_set(match->function, bits, UINT64_MAX, UINT64_MAX));
}

static bool match_candidates(struct sim_text_match *match, const struct sim_text_field *field,
                             bool setting)
{
    struct sim_text_candidates candidates = {.count = 0};
    struct sim_text_bits bits = place(match, field);
    bool found = field->kind == 'e' ? sim_text_words_match(sim_text_words_find(field->name),
                                                           &match->at, match->end, &candidates)
                                    : sim_text_formula_match(sim_text_formula_find(field->name),
                                                             &match->at, match->end, &candidates);

    if (found && setting) {
        return sim_text_set(match->function, bits, candidates.value,
                            sim_text_ones(bits) & ~candidates.doubt);
    }
    return found;
}

static bool test_condition(const struct sim_text_match *match, const struct sim_text_field *field)
{
    uint64_t value = 0;

    return sim_text_get(match->function, place(match, field), &value) &&
           (value != 0) == (field->kind == '?');
}

static bool match_index(struct sim_text_match *match, unsigned int radix)
{
    uint64_t number = 0;

    if (!sim_text_number_read(&match->at, match->end, radix, &number) ||
        number >= SIM_CONFIG_SIZE) {
        return false;
    }
    match->index = (unsigned int)number;
    return true;
}

static bool match_rest(struct sim_text_match *match)
{
    while (match->at < match->end && *match->at != '\n') {
        match->at++;
    }
    return true;
}

static bool match_ignored(struct sim_text_match *match, unsigned int radix)
{
    uint64_t number = 0;

    return sim_text_number_read(&match->at, match->end, radix, &number);
}

static bool match_field(struct sim_text_match *match, const struct sim_text_field *field,
                        bool setting)
{
    uint64_t value = 0;

    switch (field->kind) {
    case '+':
    case '%':
        return match_sign(match, field, setting);
    case 'x':
    case 'a':
        return match_hexadecimal(match, field, setting);
    case '8':
        return match_doubleword(match, field, setting);
    case 'd':
        return match_decimal(match, field, setting);
    case 'h':
        return match_hint(match, field, setting);
    case 'p':
        return match_power(match, field, setting);
    case 'b':
    case 'r':
        return match_bit_number(match, field, setting);
    case 'e':
    case 'f':
        return match_candidates(match, field, setting);
    case 'u':
        return !setting || sim_text_doubt(match->function, place(match, field));
    case 'z':
        return sim_text_get(match->function, place(match, field), &value) ||
               set(match, field, 0, setting);
    case '=':
        return set(match, field, field->number, setting);
    case '?':
    case '!':
        return test_condition(match, field);
    case 'i':
    case 'I':
        return match_index(match, field->kind == 'i' ? 10 : 16);
    case 'n':
        match->index = match->ordinal;
        match->counted = true;
        return true;
    case '#':
    case '$':
        return match_ignored(match, field->kind == '#' ? 10 : 16);
    case 'w':
        return match_word(match);
    default:
        return match_rest(match);
    }
}

static void skip_blanks(struct sim_text_match *match)
{
    while (match->at < match->end && sim_text_is_blank(*match->at)) {
        match->at++;
    }
}

bool sim_text_pattern_address(struct sim_text_match *match, uint64_t *address)
{
    skip_blanks(match);
    return sim_text_number_read(&match->at, match->end, 16, address);
}

/* Inside a word: skip the end of a line that was cut off without regard to words. */
static void skip_cut(struct sim_text_match *match)
{
    if (match->end - match->at >= 2 && match->at[0] == '\n' && !sim_text_is_blank(match->at[1])) {
        match->at++;
    }
}

/* One character of a pattern that is no field. */
static bool match_character(struct sim_text_match *match, char character)
{
    const char *before = match->at;

    if (character == ' ' || character == '~') {
        skip_blanks(match);
        return character == '~' || match->at > before;
    }
    return match->at < match->end && *match->at++ == character;
}

/* Match a field of a pattern; returns what is after it in the pattern, or NULL. */
static const char *run_field(struct sim_text_match *match, const char *pattern, bool setting)
{
    struct sim_text_field field;

    pattern = sim_text_pattern_field(pattern, &field);
    return pattern != NULL && match_field(match, &field, setting) ? pattern : NULL;
}

static bool run(struct sim_text_match *match, const char *pattern, bool setting)
{
    bool inside = false; /* after a character of a word */

    while (pattern != NULL && *pattern != '\0') {
        if (inside && *pattern != ' ') {
            skip_cut(match);
        }
        inside = sim_text_pattern_is_literal(*pattern);
        if (*pattern == '{') {
            pattern = run_field(match, pattern + 1, setting);
        } else if (match_character(match, *pattern)) {
            pattern++;
        } else {
            pattern = NULL;
        }
    }
    return pattern != NULL;
}

/* Whether no word goes on where a match ended. */
static bool is_word_end(const struct sim_text_match *match, const char *begin)
{
    return match->at == match->end || match->at == begin ||
           !isalnum((unsigned char)match->at[-1]) || !isalnum((unsigned char)*match->at);
}

bool sim_text_pattern_test(const struct sim_text_match *match, const char *pattern)
{
    struct sim_text_match trial = *match;

    return run(&trial, pattern, false) && is_word_end(&trial, match->at);
}

bool sim_text_pattern_match(struct sim_text_match *match, const char *pattern)
{
    return sim_text_pattern_test(match, pattern) && run(match, pattern, true);
}
