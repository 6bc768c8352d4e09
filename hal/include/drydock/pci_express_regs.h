/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers and fields of the PCI Express capability. Spec: [PCIe 6] 7.5.3.
 */
#ifndef DRYDOCK_PCI_EXPRESS_REGS_H
#define DRYDOCK_PCI_EXPRESS_REGS_H

#define DD_CAPABILITY "drydock/regs/pci_cap_express.def"
#include "drydock/pci_cap_fields.inc"

/** Bytes of the capability in its largest form. */
#define DD_PCI_EXPRESS_SIZE 0x3Cu

#endif
