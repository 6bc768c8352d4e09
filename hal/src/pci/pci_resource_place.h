/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Placing spans on one bus: the ranges of its functions and the windows of its bridges.
 */
#ifndef DRYDOCK_PCI_RESOURCE_PLACE_H
#define DRYDOCK_PCI_RESOURCE_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci_resource.h"

/** A bus and one of its kinds of addresses. */
struct pci_place_bus {
    struct dd_pci_resources *resources;
    uint16_t root;
    uint16_t parent;           /**< index of the bridge above, or DD_PCI_NO_PARENT */
    enum dd_pci_window window; /**< the one above the bus, or the root's range */
};

/** A bus that has no room for one of its spans. */
struct pci_place_stuck {
    struct pci_place_bus bus;
    const struct dd_pci_span *span; /**< NULL: for all of them together */
};

/** Windows begin and end at multiples of this. */
static inline uint64_t dd_pci_place_step(enum dd_pci_window window)
{
    return window == DD_PCI_WINDOW_IO ? 0x1000 : 0x100000;
}

/** Whether every element is behind a root that there is, and a bridge that comes before it, or none. */
bool dd_pci_place_is_tree(const struct dd_pci_resources *resources);

/** Ports in a block: ISA Enable and VGA Enable count in such. */
#define PCI_PLACE_BLOCK 0x400u

/** How many ports of each block below 64 KiB can be used on the bus, the first; UINT64_MAX: all. */
uint64_t dd_pci_place_ports(const struct pci_place_bus *bus);

/** How many elements there are: the windows of all bridges, and all ranges. */
size_t dd_pci_place_count(const struct pci_place_bus *bus);

/** The element of that number if it is on the bus and wants something; else NULL. */
struct dd_pci_span *dd_pci_place_find(const struct pci_place_bus *bus, size_t number);

/** Whether [base, base + size - 1] is in the range and overlaps nothing placed on the bus. */
bool dd_pci_place_is_free(const struct pci_place_bus *bus, const struct dd_pci_range *range,
                          uint64_t base, uint64_t size);

/** Give each span of the bus without a place the lowest free one. DD_EFULL: there is none, see *stuck. */
DD_MUST_CHECK enum dd_status dd_pci_place_all(const struct pci_place_bus *bus,
                                              const struct dd_pci_range *range,
                                              struct pci_place_stuck *stuck);

/** Whether a function works without the range: an expansion ROM, or of virtual functions. */
bool dd_pci_place_is_extra(const struct dd_pci_resource *range);

/**
 * Leave out a range that is optional and takes room on the bus, or in a window of it that is not
 * kept. False: there is none.
 */
bool dd_pci_place_leave_out(const struct pci_place_stuck *stuck);

/** Place ranges that were left out where there is room now that all others have a place. */
void dd_pci_place_try_again(struct dd_pci_resources *resources, enum dd_pci_window window);

/**
 * Let windows stay where they were found, if they can: all, or those that something is behind that
 * cannot be moved, or that nobody knows.
 */
void dd_pci_place_keep_windows(struct dd_pci_resources *resources, enum dd_pci_policy policy);

/**
 * Let fixed ranges stay where they are; windows were asked first. DD_ENOTSUP: one is in the way of
 * what its root's ranges are given to.
 */
DD_MUST_CHECK enum dd_status dd_pci_place_keep_fixed(struct dd_pci_resources *resources);

/** Let a range stay where it was found, if it can; all windows and those before it were asked first. */
void dd_pci_place_keep_range(struct dd_pci_resources *resources, struct dd_pci_resource *range);

#endif
