/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Ranges that cannot be moved.
 */
#ifndef DRYDOCK_PCI_RESOURCE_FIXED_H
#define DRYDOCK_PCI_RESOURCE_FIXED_H

#include "drydock/attributes.h"
#include "drydock/pci_resource.h"

/** Add a range to the list. DD_EFULL: there is no room. */
DD_MUST_CHECK enum dd_status dd_pci_resource_add(struct dd_pci_resources *resources,
                                                 const struct dd_pci_resource *range);

/**
 * Add the ranges of a function that its Enhanced Allocation capability lists as enabled.
 *
 * @param access     handle
 * @param resources  list
 * @param like       address, root and parent of the ranges to add
 * @return DD_OK, also if there is no capability or it is malformed from some entry on; DD_EFULL
 */
DD_MUST_CHECK enum dd_status dd_pci_resource_add_fixed(const struct dd_pci_access *access,
                                                       struct dd_pci_resources *resources,
                                                       const struct dd_pci_resource *like);

/** Add the open windows of a CardBus bridge likewise. DD_ENODEV: it vanished. */
DD_MUST_CHECK enum dd_status dd_pci_resource_add_cardbus(const struct dd_pci_access *access,
                                                         struct dd_pci_resources *resources,
                                                         const struct dd_pci_resource *like);

#endif
