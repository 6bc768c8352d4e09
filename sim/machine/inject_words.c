/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a line of a script, one after the other, each with the sentence
 * for what may be wrong with it. The text of the line is a copy, so that words
 * can be ended by NULs in place.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/inject_internal.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Ends the word at @p at and returns where the next may begin; NULL: a quotation has no end. */
static char *split_word(struct inject_line *line, char *at)
{
    bool quoted = *at == '"';
    char *end = at += quoted;

    while (*end != '\0' && (quoted ? *end != '"' : !is_blank(*end) && *end != '#')) {
        end++;
    }
    if (quoted && *end == '\0') {
        return NULL;
    }
    line->words[line->count++] = at;
    if (!quoted && *end == '#') {
        *end = '\0';
        return end;
    }
    if (*end == '\0') {
        return end;
    }
    *end = '\0';
    return end + 1;
}

int inject_split(struct inject_line *line)
{
    char *at = line->text;

    for (;;) {
        while (is_blank(*at)) {
            at++;
        }
        if (*at == '\0' || *at == '#') {
            return 0;
        }
        if (line->count == INJECT_MAX_WORDS) {
            return sim_error_set(line->error, "too many words");
        }
        at = split_word(line, at);
        if (at == NULL) {
            return sim_error_set(line->error, "a \" has no partner");
        }
    }
}

/* The next word, or a sentence that @p what is missing and NULL. */
const char *inject_take(struct inject_line *line, const char *what)
{
    if (line->next == line->count) {
        (void)sim_error_set(line->error, "%s is missing at the end", what);
        return NULL;
    }
    return line->words[line->next++];
}

int inject_take_keyword(struct inject_line *line, const char *keyword)
{
    const char *word = inject_take(line, keyword);

    if (word == NULL) {
        return -1;
    }
    return strcmp(word, keyword) == 0
               ? 0
               : sim_error_set(line->error, "\"%s\" is expected, not \"%s\"", keyword, word);
}

/* A whole word as a number: decimal or 0x hexadecimal, never octal. */
bool inject_read_number(const char *word, uint64_t *number)
{
    bool hexadecimal = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
    const char *digits = hexadecimal ? word + 2 : word;
    char *end = NULL;
    unsigned long long value = 0;

    if (strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789") == 0) {
        return false;
    }
    errno = 0;
    value = strtoull(digits, &end, hexadecimal ? 16 : 10);
    if (errno != 0 || *end != '\0') {
        return false;
    }
    *number = value;
    return true;
}

int inject_take_number(struct inject_line *line, const char *what, uint64_t *number)
{
    const char *word = inject_take(line, what);

    if (word == NULL) {
        return -1;
    }
    return inject_read_number(word, number)
               ? 0
               : sim_error_set(line->error, "%s: \"%s\" is not a number", what, word);
}

/* The same for a number that shall fit an unsigned int. What is too large stays so. */
int inject_take_small_number(struct inject_line *line, const char *what, unsigned int *number)
{
    uint64_t wide = 0;

    if (inject_take_number(line, what, &wide) != 0) {
        return -1;
    }
    if (wide > UINT32_MAX) {
        return sim_error_set(line->error, "%s: the number is too large", what);
    }
    *number = (unsigned int)wide;
    return 0;
}

int inject_take_name(struct inject_line *line, const char *what, char name[SIM_INJECT_NAME])
{
    const char *word = inject_take(line, what);

    if (word == NULL) {
        return -1;
    }
    if (strlen(word) >= SIM_INJECT_NAME) {
        return sim_error_set(line->error, "%s: the name is too long", what);
    }
    (void)snprintf(name, SIM_INJECT_NAME, "%s", word);
    return 0;
}

int inject_take_value(struct inject_line *line, uint64_t *value)
{
    const char *word = inject_take(line, "the value to return");
    bool negative = false;

    if (word == NULL) {
        return -1;
    }
    negative = word[0] == '-';
    if (!inject_read_number(word + negative, value)) {
        return sim_error_set(line->error, "the value to return: \"%s\" is not a number", word);
    }
    *value = negative ? 0 - *value : *value;
    return 0;
}

/* Hexadecimal digits up to a separator; -1 if there are none or too many. */
static long take_digits(const char **at, char separator, size_t most)
{
    size_t length = strspn(*at, "0123456789abcdefABCDEF");
    const char *digits = *at;

    if (length == 0 || length > most || digits[length] != separator) {
        return -1;
    }
    *at += separator == '\0' ? length : length + 1;
    return strtol(digits, NULL, 16);
}

/* As lspci writes it: the segment may be left out. */
int inject_take_function(struct inject_line *line, struct sim_pci_address *address)
{
    const char *word = inject_take(line, "a PCI address");
    const char *at = word;
    long parts[4] = {0};

    if (word == NULL) {
        return -1;
    }
    if (strchr(word, ':') != strrchr(word, ':')) {
        parts[0] = take_digits(&at, ':', 8);
    }
    parts[1] = take_digits(&at, ':', 2);
    parts[2] = take_digits(&at, '.', 2);
    parts[3] = take_digits(&at, '\0', 1);
    if (parts[0] < 0 || parts[1] < 0 || parts[2] < 0 || parts[3] < 0) {
        return sim_error_set(line->error, "\"%s\" is no PCI address like 0000:00:1f.2", word);
    }
    *address = (struct sim_pci_address){(uint32_t)parts[0], (uint8_t)parts[1], (uint8_t)parts[2],
                                        (uint8_t)parts[3]};
    return 0;
}

int inject_take_when(struct inject_line *line, struct sim_inject *fault)
{
    const char *word = inject_take(line, "when (at, call or event)");

    if (word == NULL) {
        return -1;
    }
    if (strcmp(word, "at") == 0) {
        fault->when = SIM_INJECT_AT_TIME;
        return inject_take_number(line, "the time", &fault->moment);
    }
    if (strcmp(word, "event") == 0) {
        fault->when = SIM_INJECT_AT_EVENT;
        return inject_take_number(line, "which event", &fault->moment);
    }
    if (strcmp(word, "call") == 0) {
        fault->when = SIM_INJECT_AT_CALL;
        return inject_take_name(line, "the function called", fault->caller) != 0
                   ? -1
                   : inject_take_number(line, "which call", &fault->moment);
    }
    return sim_error_set(line->error, "\"at\", \"call\" or \"event\" is expected, not \"%s\"",
                         word);
}

/* 0xPHYSICAL, SYMBOL or SYMBOL+OFFSET. */
int inject_take_place(struct inject_line *line, struct sim_inject *fault)
{
    char *plus = NULL;

    if (inject_take_name(line, "the place", fault->name) != 0) {
        return -1;
    }
    if (fault->name[0] >= '0' && fault->name[0] <= '9') {
        if (!inject_read_number(fault->name, &fault->place)) {
            return sim_error_set(line->error, "the place: \"%s\" is not a number", fault->name);
        }
        fault->name[0] = '\0';
        return 0;
    }
    plus = strrchr(fault->name, '+');
    if (plus == NULL) {
        return 0;
    }
    *plus = '\0';
    return inject_read_number(plus + 1, &fault->place)
               ? 0
               : sim_error_set(line->error, "the offset: \"%s\" is not a number", plus + 1);
}
