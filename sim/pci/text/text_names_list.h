/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The list of names in memory. Only text_names*.c include this.
 */
#ifndef DRYDOCK_SIM_TEXT_NAMES_LIST_H
#define DRYDOCK_SIM_TEXT_NAMES_LIST_H

#include <stddef.h>
#include <stdint.h>

#define TEXT_NAMES_CHAINS 256u

/** What a line of the list is about. */
enum text_names_kind {
    TEXT_NAMES_END, /**< there are no more lines */
    TEXT_NAMES_VENDOR,
    TEXT_NAMES_DEVICE,    /**< of the vendor before it */
    TEXT_NAMES_SUBSYSTEM, /**< of the device before it */
    TEXT_NAMES_CLASS,
    TEXT_NAMES_SUBCLASS, /**< of the class before it */
};

/** A line. */
struct text_names_entry {
    enum text_names_kind kind;
    uint32_t id; /**< of a subsystem: device << 16 | vendor */
    const char *name;
    const struct text_names_entry *next_by_name; /**< of a vendor: the next in its chain, or NULL */
    const struct text_names_entry *next_by_id;
};

/** The list. Searching it for every function of a dump is only bearable with an index. */
struct sim_text_names {
    char *text;                             /**< lines end in NUL */
    struct text_names_entry *entries;       /**< in the order of the file; the last is the end */
    const struct text_names_entry *classes; /**< where they begin, or the end */
    const struct text_names_entry
        *by_name[TEXT_NAMES_CHAINS]; /**< vendors, by first character, a small letter */
    const struct text_names_entry *by_id[TEXT_NAMES_CHAINS]; /**< vendors, by low byte of the ID */
};

#endif
