/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields of patterns: from their notation to a struct. Patterns are written by us,
 * so a malformed one is a mistake that a test finds; at run time it never matches.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/text/text_formulas.h"
#include "sim/pci/text/text_pattern.h"
#include "sim/pci/text/text_words.h"

/* Kinds that have no place of their own, kinds that have one, and those of them with a name. */
#define KINDS_WITHOUT_BITS "iIn#$w*"
#define KINDS_WITH_BITS    "+%x8adhpbref=zu?!"
#define KINDS_WITH_NAME    "ef"

/* Read "R.H:L" or "R.L". */
static const char *read_bits(const char *text, struct sim_text_bits *bits)
{
    char *end = NULL;

    bits->offset = (unsigned int)strtoul(text, &end, 16);
    if (end == text || *end != '.') {
        return NULL;
    }
    text = end + 1;
    bits->hi = (unsigned int)strtoul(text, &end, 10);
    bits->lo = bits->hi;
    if (end == text) {
        return NULL;
    }
    if (*end == ':') {
        text = end + 1;
        bits->lo = (unsigned int)strtoul(text, &end, 10);
    }
    return end == text || bits->lo > bits->hi || bits->hi - bits->lo > 63 ? NULL : end;
}

/* Read what stands between the kind and the `@`. */
static const char *read_argument(const char *text, struct sim_text_field *field)
{
    bool hexadecimal = strchr("x=", field->kind) != NULL;
    char *end = NULL;
    size_t length = 0;

    if (*text == ':') {
        length = strcspn(++text, "@}");
        if (length >= sizeof field->name) {
            return NULL;
        }
        memcpy(field->name, text, length);
        field->name[length] = '\0';
        return text + length;
    }
    if (*text == '+' || *text == '*') {
        field->operation = *text++;
    }
    field->number = strtoull(text, &end, hexadecimal ? 16 : 10);
    return end;
}

const char *sim_text_pattern_field(const char *pattern, struct sim_text_field *field)
{
    struct sim_text_field read = {.kind = *pattern};
    const char *at = NULL;

    if (read.kind == '\0' || strchr(KINDS_WITHOUT_BITS KINDS_WITH_BITS, read.kind) == NULL) {
        return NULL;
    }
    at = read_argument(pattern + 1, &read);
    read.has_bits = strchr(KINDS_WITH_BITS, read.kind) != NULL;
    if (at == NULL || (*at == '@') != read.has_bits ||
        (read.name[0] != '\0') != (strchr(KINDS_WITH_NAME, read.kind) != NULL)) {
        return NULL;
    }
    at = read.has_bits ? read_bits(at + 1, &read.bits) : at;
    if (at == NULL || *at != '}') {
        return NULL;
    }
    *field = read;
    return at + 1;
}

static bool is_known_name(const struct sim_text_field *field)
{
    return (field->kind != 'e' || sim_text_words_find(field->name) != NULL) &&
           (field->kind != 'f' || sim_text_formula_find(field->name) != NULL);
}

bool sim_text_pattern_is_valid(const char *pattern)
{
    struct sim_text_field field;

    while ((pattern = strchr(pattern, '{')) != NULL) {
        pattern = sim_text_pattern_field(pattern + 1, &field);
        if (pattern == NULL || !is_known_name(&field)) {
            return false;
        }
    }
    return true;
}
