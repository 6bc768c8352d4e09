/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers and fields of the HyperTransport capabilities. Spec: [HT 3.10] 7.
 */
#ifndef DRYDOCK_PCI_HT_REGS_H
#define DRYDOCK_PCI_HT_REGS_H

#define DD_CAPABILITY "drydock/regs/pci_cap_ht.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_slave.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_host.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_switch.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_interrupt.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_revision.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_clumping.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_configuration.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_address_map.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_msi_mapping.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_direct_route.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_vcset.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ht_retry.def"
#include "drydock/pci_cap_fields.inc"

/** Bytes of the capabilities that are read whole. */
#define DD_PCI_HT_SLAVE_SIZE       0x1Cu
#define DD_PCI_HT_HOST_SIZE        0x18u
#define DD_PCI_HT_MSI_MAPPING_SIZE 0x0Cu

#endif
