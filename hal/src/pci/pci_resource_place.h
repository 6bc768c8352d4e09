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

/** Windows begin and end at multiples of this. */
static inline uint64_t dd_pci_place_step(enum dd_pci_window window)
{
    return window == DD_PCI_WINDOW_IO ? 0x1000 : 0x100000;
}

/** How many elements there are: the windows of all bridges, and all ranges. */
size_t dd_pci_place_count(const struct pci_place_bus *bus);

/** The element of that number if it is on the bus and wants something; else NULL. */
struct dd_pci_span *dd_pci_place_find(const struct pci_place_bus *bus, size_t number);

/** Whether [base, base + size - 1] is in the range and overlaps nothing placed on the bus. */
bool dd_pci_place_is_free(const struct pci_place_bus *bus, const struct dd_pci_range *range,
                          uint64_t base, uint64_t size);

/** Give each span of the bus without a place the lowest free one. DD_EFULL: there is none. */
DD_MUST_CHECK enum dd_status dd_pci_place_all(const struct pci_place_bus *bus,
                                              const struct dd_pci_range *range);

/** Let a window stay where it was found, if it can; those above it and before it were asked first. */
void dd_pci_place_keep_window(struct dd_pci_resources *resources, size_t index,
                              enum dd_pci_window window);

/** Let a range stay where it was found, if it can; all windows and those before it were asked first. */
void dd_pci_place_keep_range(struct dd_pci_resources *resources, struct dd_pci_resource *range);

#endif
