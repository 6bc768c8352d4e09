/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The address of a PCI function and how lspci writes it.
 */
#ifndef DRYDOCK_SIM_PCI_ADDRESS_H
#define DRYDOCK_SIM_PCI_ADDRESS_H

#include <stdint.h>

struct sim_pci_address {
    uint32_t segment; /**< PCI domain */
    uint8_t bus;
    uint8_t device;   /**< 0..31 */
    uint8_t function; /**< 0..7 */
};

/** Whether addresses are written with the segment: as in lspci, if any of a listing needs it. */
enum sim_pci_segments {
    SIM_PCI_SEGMENTS_HIDDEN,
    SIM_PCI_SEGMENTS_SHOWN,
};

/** An address in words: "1f:00.0" or "0001:1f:00.0". */
struct sim_pci_address_text {
    char text[24];
};

/** Write an address as lspci does. */
struct sim_pci_address_text sim_pci_address_text(struct sim_pci_address address,
                                                 enum sim_pci_segments segments);

/** Order by segment, bus, device, function: below, at or above 0 as strcmp() does. */
int sim_pci_address_compare(struct sim_pci_address left, struct sim_pci_address right);

#endif
