/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The small capabilities of the extended list that need no header of their own.
 */
#ifndef DRYDOCK_PCI_EXTENDED_H
#define DRYDOCK_PCI_EXTENDED_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/**
 * Read the serial number of a device, an EUI-64.
 *
 * @param access       handle
 * @param address      function
 * @param offset       of the Device Serial Number capability
 * @param[out] serial  its 64 bits; the first byte of the EUI-64 is bits 63:56
 * @retval DD_OK          *serial is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *serial
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.9.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_dsn_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             uint64_t *serial);

/** Alternative Routing-ID Interpretation: its registers as read, and where they are. */
struct dd_pci_ari {
    uint16_t offset;     /**< of the capability */
    uint16_t capability; /**< fields DD_PCI_ARI_MFVC_GROUPS … DD_PCI_ARI_NEXT_FUNCTION */
    uint16_t control;    /**< fields DD_PCI_ARI_MFVC_GROUPS_ENABLE … DD_PCI_ARI_FUNCTION_GROUP */
};

/**
 * Read the registers of an ARI capability.
 *
 * The statuses are those of dd_pci_dsn_read(); *ari is untouched after failures.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] ari  its registers
 *
 * Spec: [PCIe 6] 7.8.8.
 */
DD_MUST_CHECK enum dd_status dd_pci_ari_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_ari *ari);

#endif
