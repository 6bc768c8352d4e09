/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files that read scripts of faults share: the words of a line. Functions
 * with a line return 0, or -1 (NULL) with a sentence in the line's error.
 */
#ifndef DRYDOCK_SIM_INJECT_INTERNAL_H
#define DRYDOCK_SIM_INJECT_INTERNAL_H

#include "sim/machine/inject.h"

enum inject_limits {
    INJECT_MAX_WORDS = 10,
    INJECT_MAX_LINE = 512,
};

/** One line and how far it has been read. */
struct inject_line {
    char text[INJECT_MAX_LINE];
    char *words[INJECT_MAX_WORDS];
    size_t count, next;
    struct sim_error *error;
};

/** Find the words of the text. */
SIM_MUST_CHECK int inject_split(struct inject_line *line);

/** The next word; @p what is missing if there is none. */
const char *inject_take(struct inject_line *line, const char *what);

/** The next word, which must be this one. */
SIM_MUST_CHECK int inject_take_keyword(struct inject_line *line, const char *keyword);

/** A whole word as a number: decimal or 0x hexadecimal, never octal. Whether it is one. */
bool inject_read_number(const char *word, uint64_t *number);

/** The next word as a number. */
SIM_MUST_CHECK int inject_take_number(struct inject_line *line, const char *what, uint64_t *number);
SIM_MUST_CHECK int inject_take_small_number(struct inject_line *line, const char *what,
                                            unsigned int *number);

/** The next word as a number that may be negative. */
SIM_MUST_CHECK int inject_take_value(struct inject_line *line, uint64_t *value);

SIM_MUST_CHECK int inject_take_name(struct inject_line *line, const char *what,
                                    char name[SIM_INJECT_NAME]);

/** The next word as the address of a PCI function; lspci's spelling, with or without segment. */
SIM_MUST_CHECK int inject_take_function(struct inject_line *line, struct sim_pci_address *address);

/** `at T`, `call FUNCTION N` or `event N`. */
SIM_MUST_CHECK int inject_take_when(struct inject_line *line, struct sim_inject *fault);

/** 0xPHYSICAL, SYMBOL or SYMBOL+OFFSET. */
SIM_MUST_CHECK int inject_take_place(struct inject_line *line, struct sim_inject *fault);

#endif
