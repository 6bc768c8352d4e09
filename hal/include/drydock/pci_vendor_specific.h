/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Capabilities whose meaning a vendor defines: its own, or one that other vendors use too.
 */
#ifndef DRYDOCK_PCI_VENDOR_SPECIFIC_H
#define DRYDOCK_PCI_VENDOR_SPECIFIC_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Vendor-Specific Extended Capability: its header as read. */
struct dd_pci_vsec {
    uint16_t offset; /**< of the capability */
    uint32_t header; /**< fields DD_PCI_VSEC_ID, DD_PCI_VSEC_REVISION, DD_PCI_VSEC_LENGTH */
};

/** Designated Vendor-Specific Extended Capability: its header as read. */
struct dd_pci_dvsec {
    uint16_t offset;   /**< of the capability */
    uint32_t header_1; /**< fields DD_PCI_DVSEC_VENDOR, …_REVISION, …_LENGTH */
    uint16_t header_2; /**< field DD_PCI_DVSEC_ID */
};

/**
 * Read the header of a Vendor-Specific Extended Capability.
 *
 * @param access     handle
 * @param address    function
 * @param offset     of the capability
 * @param[out] vsec  its header; the length it gives is not checked
 * @retval DD_OK          *vsec is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *vsec
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the header would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.9.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_vsec_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_vsec *vsec);

/**
 * Read the header of a Designated Vendor-Specific Extended Capability.
 *
 * The statuses are those of dd_pci_vsec_read(); *dvsec is untouched after failures.
 *
 * @param access      handle
 * @param address     function
 * @param offset      of the capability
 * @param[out] dvsec  its header; the length it gives is not checked
 *
 * Spec: [PCIe 6] 7.9.6.
 */
DD_MUST_CHECK enum dd_status dd_pci_dvsec_read(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint16_t offset,
                                               struct dd_pci_dvsec *dvsec);

/**
 * Find the first designated vendor-specific capability of a vendor that has this ID.
 *
 * @param access       handle
 * @param address      function
 * @param vendor       Vendor ID: 0x1E98 for Compute Express Link
 * @param id           its DVSEC ID
 * @param[out] offset  where the capability begins
 * @retval DD_OK      *offset is valid
 * @retval DD_ENOENT  the list ended without it, or there is none; *offset untouched
 * @return else as dd_pci_walk_extended_capabilities() or dd_pci_vsec_read(); *offset untouched
 *
 * Spec: [PCIe 6] 7.9.6.
 */
DD_MUST_CHECK enum dd_status dd_pci_find_dvsec(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint16_t vendor,
                                               uint16_t id, uint16_t *offset);

#endif
