/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Message-signalled interrupts of PCI functions: what their MSI and MSI-X
 * capabilities make of an interrupt request. The guest programs the capabilities
 * by configuration writes, and the table of MSI-X through the base address it is
 * behind (pci_host.h).
 */
#ifndef DRYDOCK_SIM_PCI_MSI_H
#define DRYDOCK_SIM_PCI_MSI_H

#include <stdbool.h>

#include "sim/cpu/cpu.h"
#include "sim/devices/apic_message.h"
#include "sim/pci/bus/pci_topology.h"

/** Where messages go, and where the tables of MSI-X are. */
struct sim_pci_messages {
    struct sim_pci_memory *memory;
    struct sim_apic_port port;
};

/**
 * Make the bits of the MSI and MSI-X capabilities writable that software writes: enable, multiple
 * message enable, address, data and mask; MSI-X enable and function mask. Pending is read-only.
 *
 * Capabilities of which a part would be beyond offset 255 stay read-only and send nothing.
 * Spec: [PCI 3.0] 6.8.1, 6.8.2.3.
 */
void sim_pci_msi_add_masks(struct sim_pci_config *config);

/**
 * Let a function ask for an interrupt by MSI.
 *
 * @param vector_index  which of its messages; with several it replaces the low bits of the data
 * @return whether a message was sent that is an interrupt. Not: without an MSI capability, MSI or
 *         Bus Master not enabled, more than the messages enabled, an address that is none of
 *         interrupts, a function that is gone; and a masked message, which becomes pending
 *
 * Spec: [PCI 3.0] 6.8.1, 6.2.2.
 */
bool sim_pci_raise_msi(struct sim_pci_function *function, unsigned int vector_index,
                       const struct sim_apic_port *port);

/**
 * The same by MSI-X if that is enabled, else by MSI. A table that is not behind a base address of
 * memory sends nothing. Spec: [PCI 3.0] 6.8.2.
 */
bool sim_pci_raise_message(struct sim_pci_function *function, unsigned int index,
                           const struct sim_pci_messages *messages);

/** Send what is pending and not masked any more; for after a write. */
void sim_pci_send_pending(struct sim_pci_function *function,
                          const struct sim_pci_messages *messages);

/** What MSI-X has behind a base address. */
enum sim_pci_msix_part {
    SIM_PCI_MSIX_NONE,
    SIM_PCI_MSIX_TABLE,
    SIM_PCI_MSIX_PENDING,
};

/** A part of MSI-X behind a base address. */
struct sim_pci_msix_range {
    enum sim_pci_msix_part part;
    uint64_t offset, size; /**< from the base address, in bytes */
};

/** What MSI-X has at an offset from a base address of a function. */
struct sim_pci_msix_range sim_pci_msix_find(const struct sim_pci_config *config, unsigned int bar,
                                            uint64_t offset);

/**
 * Read 4 bytes of a table. An entry is masked until it is unmasked; reserved bits of its Vector
 * Control read as zero.
 *
 * @param place   where they are
 * @param offset  the same from the start of the table, a multiple of 4
 *
 * Spec: [PCI 3.0] 6.8.2.6 to 6.8.2.9.
 */
uint32_t sim_pci_msix_read(const struct sim_pci_memory *memory, struct sim_pci_place place,
                           uint64_t offset);

/** Write them. Returns as sim_pci_memory_write() does. */
SIM_MUST_CHECK bool sim_pci_msix_write(struct sim_pci_memory *memory, struct sim_pci_place place,
                                       uint64_t offset, uint32_t value);

#endif
