/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Sizes in words.
 */
#ifndef DRYDOCK_SIM_PCI_SIZE_TEXT_H
#define DRYDOCK_SIM_PCI_SIZE_TEXT_H

#include <stdint.h>

/** A size as lspci writes it, such as 4K or 256M. */
struct sim_pci_size_text {
    char text[24];
};

/** Write a size in the largest unit of which it is a multiple. */
struct sim_pci_size_text sim_pci_size_text(uint64_t size);

#endif
