/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers and fields of the capabilities that conventional PCI has, and their sizes; those of
 * PCI Express, HyperTransport and PCI-X are in headers of their own. The form of the tables is
 * described in pci_cap_fields.inc, the list of all is pci_cap_list.def.
 */
#ifndef DRYDOCK_PCI_CAP_REGS_H
#define DRYDOCK_PCI_CAP_REGS_H

#define DD_CAPABILITY "drydock/regs/pci_cap_pm.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_agp.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_vpd.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_slot.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_msi.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_compact_hot_swap.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_vendor.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_debug_port.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_hot_plug.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_subsystem.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_msix.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_sata.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_af.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_ea.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_cap_fpb.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_virtio.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_msix_entry.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ea_entry.def"
#include "drydock/pci_cap_fields.inc"

/** Bytes of capabilities, the dword of the ID included; of records: of one. */
enum dd_pci_cap_size {
    DD_PCI_PM_SIZE = 8,
    DD_PCI_AGP_SIZE = 12,
    DD_PCI_VPD_SIZE = 8,
    DD_PCI_SLOT_SIZE = 4,
    DD_PCI_COMPACT_HOT_SWAP_SIZE = 4,
    DD_PCI_VENDOR_SIZE = 3,
    DD_PCI_DEBUG_PORT_SIZE = 4,
    DD_PCI_HOT_PLUG_SIZE = 8,
    DD_PCI_SUBSYSTEM_SIZE = 8,
    DD_PCI_MSIX_SIZE = 12,
    DD_PCI_SATA_SIZE = 8,
    DD_PCI_AF_SIZE = 6,
    DD_PCI_EA_SIZE = 4,        /**< without entries */
    DD_PCI_EA_BRIDGE_SIZE = 8, /**< likewise */
    DD_PCI_FPB_SIZE = 36,
    DD_PCI_VIRTIO_STRUCTURE_SIZE = 16, /**< 20 with the multiplier */
    DD_PCI_MSIX_ENTRY_SIZE = 16,
};

#endif
