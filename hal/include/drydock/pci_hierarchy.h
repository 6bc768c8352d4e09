/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Hierarchy ID: which of several PCI Express hierarchies of one system a function is in, as the port
 * above told it by a message.
 */
#ifndef DRYDOCK_PCI_HIERARCHY_H
#define DRYDOCK_PCI_HIERARCHY_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Dwords of a System GUID of 144 bits; the first has 16 bits. */
#define DD_PCI_HIERARCHY_GUID_DWORDS 5u

/** Hierarchy ID: the registers as read, and where they are. */
struct dd_pci_hierarchy {
    uint16_t offset; /**< of the capability */
    uint32_t status; /**< fields DD_PCI_HIERARCHY_REQUESTER … DD_PCI_HIERARCHY_VALID */
    uint32_t data;   /**< fields DD_PCI_HIERARCHY_AUTHORITY, DD_PCI_HIERARCHY_ID */
    uint32_t guid[DD_PCI_HIERARCHY_GUID_DWORDS]; /**< the highest bits first */
};

/**
 * Read the registers of a Hierarchy ID capability, each once.
 *
 * @param access          handle
 * @param address         function
 * @param offset          of the capability
 * @param[out] hierarchy  its registers; meaningful if DD_PCI_HIERARCHY_VALID is set
 * @retval DD_OK          *hierarchy is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *hierarchy
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 6.25, 7.9.17.
 */
DD_MUST_CHECK enum dd_status dd_pci_hierarchy_read(const struct dd_pci_access *access,
                                                   struct dd_pci_address address, uint16_t offset,
                                                   struct dd_pci_hierarchy *hierarchy);

#endif
