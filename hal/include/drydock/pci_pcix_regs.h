/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers and fields of the PCI-X capability, of ordinary functions and of bridges.
 * Spec: [PCI-X 2.0] 7.2, 8.6.2.
 */
#ifndef DRYDOCK_PCI_PCIX_REGS_H
#define DRYDOCK_PCI_PCIX_REGS_H

#define DD_CAPABILITY "drydock/regs/pci_cap_pcix.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_pcix_bridge.def"
#include "drydock/pci_cap_fields.inc"

/** Bytes of the capability without the registers of ECC, and how many those are. */
#define DD_PCI_PCIX_SIZE        0x08u
#define DD_PCI_PCIX_BRIDGE_SIZE 0x10u
#define DD_PCI_PCIX_ECC_SIZE    0x10u

#endif
