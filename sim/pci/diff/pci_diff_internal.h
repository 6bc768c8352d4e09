/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The parts of the comparison of two dumps; only pci_diff*.c include this.
 */
#ifndef DRYDOCK_SIM_PCI_DIFF_INTERNAL_H
#define DRYDOCK_SIM_PCI_DIFF_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/pci/diff/pci_diff.h"
#include "sim/util/attributes.h"

/** Capabilities a function can have: each takes at least 4 bytes. */
#define DIFF_MAX_ENTRIES (SIM_CONFIG_SIZE / 4)

/** A capability of a list. */
struct diff_entry {
    bool extended;
    uint16_t id;
    uint8_t version; /**< of an extended one */
    unsigned int offset;
    unsigned int end;     /**< where the next thing begins: at most so far does it reach */
    unsigned int ordinal; /**< how many with its ID are before it in its list */
};

/** The capabilities of a function, both lists. */
struct diff_list {
    struct diff_entry entries[DIFF_MAX_ENTRIES];
    size_t count;
    bool first_known, extended_known; /**< the dump shows the list up to its end */
};

/** Two functions while they are compared. */
struct diff_comparison {
    struct sim_pci_pair *pair;
    struct diff_list before, after;
    bool done[SIM_CONFIG_SIZE]; /**< bytes of the function before that have been compared */
};

/** Pair the functions of two dumps. @return 0 or -1 with *error set */
SIM_MUST_CHECK int diff_match(struct sim_pci_diff *diff, struct sim_error *error);

/** Add a change, unless both texts are the same. */
SIM_PRINTF(4, 5)
void diff_add(struct sim_pci_pair *pair, const char *before, const char *after, const char *format,
              ...);

/** Read the capabilities of a function. */
void diff_read_list(const struct sim_dump_function *function, struct diff_list *list);

/** The serial number of a function; false if the dump does not tell one. */
bool diff_serial(const struct sim_dump_function *function, uint64_t *serial);

/** Compare base addresses, bridges' windows and bus numbers; their bytes are done afterwards. */
void diff_addresses(struct diff_comparison *comparison);

/** Compare the other registers of the header, by the tables. */
void diff_header(struct diff_comparison *comparison);

/** Compare which capabilities there are, and the registers of those in both. */
void diff_capabilities(struct diff_comparison *comparison);

/** Compare the fields of a capability that are not done yet; they are afterwards. */
void diff_fields(struct diff_comparison *comparison, const struct diff_entry *before,
                 const struct diff_entry *after);

/** The name of a capability: "MSI-X [70]". */
struct diff_entry_name {
    char text[48];
};

struct diff_entry_name diff_name_entry(const struct diff_entry *entry);

/** A register, little endian; bytes 1, 2 or 4. */
uint32_t diff_load(const struct sim_dump_function *function, unsigned int offset,
                   unsigned int bytes);

/** Whether both dumps know some bits of the registers at two offsets. */
bool diff_both_know(const struct sim_pci_pair *pair, unsigned int before, unsigned int after,
                    uint32_t bits);

#endif
