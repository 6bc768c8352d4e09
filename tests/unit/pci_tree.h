/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A PCI machine in memory that behaves: bridges pass accesses on by the bus numbers in
 * their registers, registers keep what they may. It may be as odd as a test wants:
 * a bridge may lead back to a bus above it, and anything may vanish.
 */
#ifndef DRYDOCK_TESTS_PCI_TREE_H
#define DRYDOCK_TESTS_PCI_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/pci.h"

#define PCI_TREE_FUNCTIONS 128
#define PCI_TREE_BUSES     64
#define PCI_TREE_ROOTS     4
#define PCI_TREE_SPACE     0x180 /* bytes of a function that are there; zeros above, up to 4096 */
#define PCI_TREE_NONE      0xFF

struct pci_tree_function {
    uint8_t bytes[PCI_TREE_SPACE];
    uint8_t writable[PCI_TREE_SPACE]; /* bits that take what is written */
    uint8_t bus;                      /* index of the bus it is on */
    uint8_t device;
    uint8_t function;
    uint8_t behind; /* index of the bus behind it, or PCI_TREE_NONE */
    bool is_gone;
};

/* A bus as a piece of wire: it has no number, the bridge above it does. */
struct pci_tree_bus {
    uint8_t slots[256]; /* index of the function at device * 8 + function, or PCI_TREE_NONE */
};

struct pci_tree {
    struct dd_pci_access access; /* segment 0, all buses, 4096 bytes */
    struct pci_tree_function functions[PCI_TREE_FUNCTIONS];
    struct pci_tree_bus buses[PCI_TREE_BUSES];
    uint8_t root_numbers[PCI_TREE_ROOTS]; /* of buses 0..root_count-1 */
    uint8_t route[256];                   /* which bus answers to a number; PCI_TREE_NONE: none */
    bool is_routed;                       /* what is in route[] is what the registers say */
    unsigned int function_count;
    unsigned int bus_count;
    unsigned int root_count;
    unsigned int reads;
    unsigned int writes;
    unsigned int vanish_at; /* number, from 0, of the first access nobody answers */
};

/** Nothing; @p tree must not be moved afterwards. */
void pci_tree_init(struct pci_tree *tree);

/** Add a bus that no bridge leads to. All roots come before other buses. Its index is the result. */
unsigned int pci_tree_add_root(struct pci_tree *tree, uint8_t number);

/** Add a function with this header layout: Command and, of a bridge, its numbers can be written. */
struct pci_tree_function *pci_tree_add(struct pci_tree *tree, unsigned int bus, unsigned int device,
                                       unsigned int function, uint8_t layout);

/** Add an empty bus behind a bridge. Its index is the result. */
unsigned int pci_tree_add_bus(struct pci_tree *tree, struct pci_tree_function *bridge);

/** Give a function a PCI Express capability of this Device/Port type at 0x40. */
void pci_tree_make_express(struct pci_tree_function *function, unsigned int type);

/** Registers as they are. */
uint32_t pci_tree_get32(const struct pci_tree_function *function, unsigned int offset);
void pci_tree_put32(struct pci_tree_function *function, unsigned int offset, uint32_t value);
void pci_tree_allow32(struct pci_tree_function *function, unsigned int offset, uint32_t bits);

#endif
