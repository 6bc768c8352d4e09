/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Stage 2a: the configuration space of one function, as the hardware behind a
 * dump would answer reads and writes.
 *
 * Writable bits are in the header and in the MSI and MSI-X capabilities
 * (pci_msi.h); other capabilities and everything after them are read-only.
 */
#ifndef DRYDOCK_SIM_PCI_CONFIG_H
#define DRYDOCK_SIM_PCI_CONFIG_H

#include <stdint.h>

#include "sim/pci/dump.h"

/** Bytes of the header. Spec: [PCI 3.0] 6.1. */
#define SIM_PCI_HEADER_SIZE 64u

/** Bytes in front that may have writable bits: the header and the first capability list. */
#define SIM_PCI_MODEL_SIZE 256u

/** Where the size of a base address register comes from. */
enum sim_pci_bar_source {
    SIM_PCI_BAR_ABSENT,  /**< not implemented, or the upper half of a 64-bit pair */
    SIM_PCI_BAR_KNOWN,   /**< the dump's text gives it */
    SIM_PCI_BAR_ASSUMED, /**< the text does not, or contradicts the register */
};

/** A base address register, or the expansion ROM's. */
struct sim_pci_bar {
    uint64_t size; /**< bytes, a power of two; 0 when absent */
    enum sim_pci_bar_source source;
};

/** One function's configuration space. */
struct sim_pci_config {
    const struct sim_dump_function *dump; /**< where the bytes came from */
    uint8_t value[SIM_PCI_MODEL_SIZE];    /**< its bytes as they are now */
    uint8_t rw[SIM_PCI_MODEL_SIZE];       /**< bits software writes */
    uint8_t rw1c[SIM_PCI_MODEL_SIZE];     /**< bits software clears by writing 1 */
    struct sim_pci_bar bars[SIM_DUMP_BARS];
};

/**
 * Fill in the configuration space of a function as it is in a dump.
 *
 * @param[out] config
 * @param function  must outlive the configuration space
 */
void sim_pci_config_init(struct sim_pci_config *config, const struct sim_dump_function *function);

/**
 * Read a register.
 *
 * @param offset  0..4095
 * @param width   1, 2 or 4 bytes
 * @return the bytes from offset on, little endian; zero for those the dump does not have, but all
 *         ones from 256 on if it has nothing there
 */
uint32_t sim_pci_config_read(const struct sim_pci_config *config, unsigned int offset,
                             unsigned int width);

/** Write a register, bit by bit as the masks allow. Parameters as for sim_pci_config_read(). */
void sim_pci_config_write(struct sim_pci_config *config, unsigned int offset, unsigned int width,
                          uint32_t value);

#endif
