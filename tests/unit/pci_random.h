/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * PCI machines nobody drew: built from choices, which come from a seed or from a fuzzer.
 */
#ifndef DRYDOCK_TESTS_PCI_RANDOM_H
#define DRYDOCK_TESTS_PCI_RANDOM_H

#include <stdint.h>

#include "tests/unit/pci_tree.h"

/** Where choices come from. */
struct pci_choices {
    uint32_t (*next)(void *context); /**< any number */
    void *context;
};

/** Choices from a seed, which is changed by each. */
struct pci_choices pci_choices_from_seed(uint64_t *seed);

/** A number below @p limit, which is at least 1. */
uint32_t pci_choose(const struct pci_choices *choices, uint32_t limit);

/** What the machine may be like. */
enum pci_manners {
    PCI_MANNERS_GOOD,    /**< a tree with right bus numbers, or none yet; registers that behave */
    PCI_MANNERS_HOSTILE, /**< any numbers, bridges that lead anywhere, any capabilities and masks */
};

/** Build a machine of up to 3 roots, 10 buses and 24 functions. */
void pci_random_build(struct pci_tree *tree, const struct pci_choices *choices,
                      enum pci_manners manners);

#endif
