/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The base address registers of a header: what sizing and moving them share.
 */
#ifndef DRYDOCK_PCI_BAR_BLOCK_H
#define DRYDOCK_PCI_BAR_BLOCK_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci_bar.h"

/** Bits of Command that let a function answer to its ranges. */
#define BAR_DECODING (DD_BITS(DD_PCI_COMMAND_IO_SPACE) | DD_BITS(DD_PCI_COMMAND_MEMORY_SPACE))

/** Where registers are. Addresses were checked: they are accessed through the handle's ops. */
struct bar_block {
    const struct dd_pci_access *access;
    struct dd_pci_address address;
    uint16_t first; /**< offset of the first register */
    uint16_t rom;   /**< offset of the expansion ROM's; 0: none */
    unsigned int count;
};

/** The registers of a function's header, and its Command register. As dd_pci_size_bars(). */
DD_MUST_CHECK enum dd_status dd_pci_bar_open(const struct dd_pci_access *access,
                                             struct dd_pci_address address, struct bar_block *block,
                                             uint16_t *command);

#endif
