/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Protocols beside PCI Express and below it: other protocols on the same link (PMUX), messages about
 * changed cache lines (LN), and links over an M-PHY. Of these only PMUX is in revision 6.0 of PCI
 * Express; devices of revision 3.1 on may have the others.
 */
#ifndef DRYDOCK_PCI_PROTOCOL_H
#define DRYDOCK_PCI_PROTOCOL_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Protocol Multiplexing: the registers as read, and where they are. */
struct dd_pci_pmux {
    uint16_t offset;     /**< of the capability */
    uint32_t capability; /**< fields DD_PCI_PMUX_PROTOCOLS … DD_PCI_PMUX_16GT */
    uint32_t control;    /**< fields DD_PCI_PMUX_CHANNEL_0 … 3: number of a protocol, 0 is none */
    uint32_t status;     /**< fields DD_PCI_PMUX_SPEED_0 …: why a channel is disabled */
};

/** LN Requester: the registers as read, and where they are. */
struct dd_pci_ln_requester {
    uint16_t offset;     /**< of the capability */
    uint16_t capability; /**< fields DD_PCI_LN_REQUESTER_64 …; lines as a power of two */
    uint16_t control;    /**< fields DD_PCI_LN_REQUESTER_ENABLE …; the same */
};

/** PCI Express over M-PHY: the registers as read, and where they are. */
struct dd_pci_mpcie {
    uint16_t offset;       /**< of the capability */
    uint32_t capabilities; /**< fields DD_PCI_MPCIE_SPEEDS … DD_PCI_MPCIE_MAX_RX_WIDTH */
    uint32_t control;      /**< field DD_PCI_MPCIE_TARGET_SPEED */
    uint32_t status;       /**< fields DD_PCI_MPCIE_SPEED … DD_PCI_MPCIE_RX_WIDTH */
    uint32_t lane_errors;  /**< bit n: of lane n */
    uint32_t phy_address;  /**< fields DD_PCI_MPCIE_PHY_LOWER … DD_PCI_MPCIE_PHY_CONFIGURATION */
    uint32_t phy_data;     /**< fields DD_PCI_MPCIE_PHY_DATA … DD_PCI_MPCIE_PHY_PENDING */
};

/**
 * Read the registers of a Protocol Multiplexing capability, without its protocols.
 *
 * @param access     handle
 * @param address    downstream port, or function 0 of an upstream port
 * @param offset     of the capability
 * @param[out] pmux  its registers
 * @retval DD_OK          *pmux is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *pmux
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 5] G.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_pmux_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_pmux *pmux);

/**
 * Read which protocol a number stands for.
 *
 * @param access         handle
 * @param address        function
 * @param pmux           as read
 * @param number         1 to DD_PCI_PMUX_PROTOCOLS
 * @param[out] protocol  fields DD_PCI_PMUX_PROTOCOL_ID, DD_PCI_PMUX_AUTHORITY_ID
 * @retval DD_OK    *protocol is valid
 * @retval DD_EARG  there is none with this number; *protocol untouched, as after all failures
 * @return else as dd_pci_pmux_read()
 *
 * Spec: [PCIe 5] G.5.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_pmux_read_protocol(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       const struct dd_pci_pmux *pmux,
                                                       unsigned int number, uint32_t *protocol);

/**
 * Read the registers of an LN Requester capability.
 *
 * @param access             handle
 * @param address            endpoint
 * @param offset             of the capability
 * @param[out] ln_requester  its registers
 * @return as dd_pci_pmux_read()
 *
 * Spec: [PCIe 5] 7.9.14. The statuses are those of dd_pci_pmux_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_ln_requester_read(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      uint16_t offset,
                                                      struct dd_pci_ln_requester *ln_requester);

/**
 * Read the registers of a PCI Express over M-PHY capability.
 *
 * @param access      handle
 * @param address     function
 * @param offset      of the capability
 * @param[out] mpcie  its registers
 * @return as dd_pci_pmux_read()
 *
 * Spec: [PCIe 3.1] M-PCIe Extended Capability. The statuses are those of dd_pci_pmux_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_mpcie_read(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint16_t offset,
                                               struct dd_pci_mpcie *mpcie);

#endif
