/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers and fields of the designated vendor-specific capabilities of Compute Express Link.
 * Offsets are from the capability's first byte, those of an entry from the entry's.
 * Spec: [CXL 3.0] 8.1 and 8.2.1.3.
 */
#ifndef DRYDOCK_PCI_CXL_REGS_H
#define DRYDOCK_PCI_CXL_REGS_H

#define DD_CAPABILITY "drydock/regs/pci_cxl_device.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cxl_port.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cxl_gpf_port.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cxl_gpf_device.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cxl_flex_bus.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cxl_block.def"
#include "drydock/pci_cap_fields.inc"

/** Vendor ID of the consortium in a DVSEC. Spec: [CXL 3.0] 8.1.1. */
#define DD_PCI_CXL_VENDOR 0x1E98u

/** DVSEC IDs of the consortium. Spec: [CXL 3.0] table 8-2. */
enum dd_pci_cxl_id {
    DD_PCI_CXL_ID_DEVICE = 0x0000,
    DD_PCI_CXL_ID_FUNCTION_MAP = 0x0002, /**< functions that are not of CXL */
    DD_PCI_CXL_ID_PORT = 0x0003,
    DD_PCI_CXL_ID_GPF_PORT = 0x0004,
    DD_PCI_CXL_ID_GPF_DEVICE = 0x0005,
    DD_PCI_CXL_ID_FLEX_BUS = 0x0007,
    DD_PCI_CXL_ID_LOCATOR = 0x0008,
    DD_PCI_CXL_ID_MULTIPLE_LOGICAL_DEVICE = 0x0009,
};

#endif
