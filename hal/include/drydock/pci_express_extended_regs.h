/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers and fields of the extended capabilities about a link and its lanes.
 * Spec: [PCIe 6] 7.7.3 to 7.7.10, 7.9.20.
 */
#ifndef DRYDOCK_PCI_EXPRESS_EXTENDED_REGS_H
#define DRYDOCK_PCI_EXPRESS_EXTENDED_REGS_H

#define DD_CAPABILITY "drydock/regs/pci_ecap_secondary_express.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_data_link_feature.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_physical_16gt.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_lane_margining.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_lane_margining_lane.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_physical_32gt.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_alternate_protocol.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_device3.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_physical_64gt.def"
#include "drydock/pci_cap_fields.inc"

/** Most lanes a link can have. */
#define DD_PCI_LANES 32u

/** Where the records of the lanes begin in Lane Margining, and bytes of one. */
#define DD_PCI_LANE_MARGINING_LANES     0x08u
#define DD_PCI_LANE_MARGINING_LANE_SIZE 0x04u

#endif
