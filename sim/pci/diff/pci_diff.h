/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What differs between two dumps, by meaning: functions that came, went or moved,
 * and of the others base addresses, windows, bus numbers, links, capabilities and
 * the fields of their registers.
 *
 * Only what both dumps know is compared. What tells of the past and not of how the
 * machine is set up, bits that software clears by writing 1, is not; nor are
 * reserved bits.
 */
#ifndef DRYDOCK_SIM_PCI_DIFF_H
#define DRYDOCK_SIM_PCI_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/pci/dump/dump.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

/** Something that differs. An empty text: it is not there. */
struct sim_pci_change {
    char what[96];
    char before[96], after[96];
};

/** A function in one dump and what it is in the other. */
struct sim_pci_pair {
    const struct sim_dump_function *before; /**< NULL: added */
    const struct sim_dump_function *after;  /**< NULL: removed */
    struct sim_pci_change *changes;
    size_t count;
    bool no_memory; /**< for a change more */
};

struct sim_pci_diff {
    const struct sim_dump *before, *after;
    struct sim_pci_pair *pairs; /**< in the order of addresses, those after where there are */
    size_t count;
};

/**
 * Compare two dumps.
 *
 * A function is the same in both if its IDs, class, header type and subsystem are, and its serial
 * number if both tell it: at the same address, or else at another one, the same device and function
 * number first.
 *
 * @param before,after  must outlive the result
 * @param[out] diff     to be freed with sim_pci_diff_free(); untouched on failure
 * @param[out] error    no memory
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_diff(const struct sim_dump *before, const struct sim_dump *after,
                                struct sim_pci_diff *diff, struct sim_error *error);

/** Free a comparison; the struct is zeroed. */
void sim_pci_diff_free(struct sim_pci_diff *diff);

/** How many functions were added, removed, moved or have changes. */
size_t sim_pci_diff_count(const struct sim_pci_diff *diff);

/** Print what differs for people. @return 0, or -1 with *error set: no memory */
SIM_MUST_CHECK int sim_pci_diff_print(const struct sim_pci_diff *diff, FILE *file,
                                      struct sim_error *error);

/**
 * Print what differs as JSON: an object with "before" and "after", the paths, and "functions", an
 * array of objects with "address", "was" (an address or null), "change" ("added", "removed", "moved"
 * or "changed") and "changes", an array of objects with "what", "before" and "after" (text or null).
 *
 * @return 0, or -1 with *error set: no memory
 */
SIM_MUST_CHECK int sim_pci_diff_json(const struct sim_pci_diff *diff, FILE *file,
                                     struct sim_error *error);

#endif
