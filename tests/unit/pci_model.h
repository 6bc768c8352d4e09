/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the library should find and do on a machine of pci_tree.h, worked out once more in
 * the plainest way: recursion, no tricks, nothing shared with the library.
 */
#ifndef DRYDOCK_TESTS_PCI_MODEL_H
#define DRYDOCK_TESTS_PCI_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/unit/pci_tree.h"

#define PCI_MODEL_FUNCTIONS 8192

/** Functions in the order of a scan: bus << 8 | device << 3 | function. */
struct pci_model_scan {
    uint16_t found[PCI_MODEL_FUNCTIONS];
    unsigned int count;
    bool entered[256];
    uint8_t last[256]; /* bus number that the bridges on the way to a bus pass on */
};

/** What a scan of the roots finds. */
void pci_model_scan(struct pci_tree *tree, struct pci_model_scan *scan);

/** Addresses that arrive at each root bus, first and last. */
struct pci_model_roots {
    uint64_t io[PCI_TREE_ROOTS][2];
    uint64_t memory[PCI_TREE_ROOTS][2];
    uint64_t prefetchable[PCI_TREE_ROOTS][2];
};

/**
 * Whether every range of every function whose decoding is on can be reached from its root
 * and collides with nothing, as the registers have it.
 *
 * @return the first thing that is wrong, as a sentence; NULL: all is well
 */
const char *pci_model_check(const struct pci_tree *tree, const struct pci_model_roots *roots);

#endif
