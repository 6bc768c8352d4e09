/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Message-signalled interrupts of PCI functions: what their MSI and MSI-X
 * capabilities make of an interrupt request. The guest programs the capabilities
 * by configuration writes; an MSI-X table is used where it is in RAM, since the
 * functions of a dump have no memory behind their base addresses.
 */
#ifndef DRYDOCK_SIM_PCI_MSI_H
#define DRYDOCK_SIM_PCI_MSI_H

#include <stdbool.h>

#include "sim/cpu/cpu.h"
#include "sim/devices/apic_message.h"
#include "sim/pci/pci_topology.h"

/** Where messages go, and the RAM that MSI-X tables may be in. All zero: nowhere. */
struct sim_pci_messages {
    const struct sim_memory *memory; /**< NULL: no table can be used */
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
 * The same by MSI-X if that is enabled, else by MSI. An entry of a table that is not in RAM sends
 * nothing. Spec: [PCI 3.0] 6.8.2.
 */
bool sim_pci_raise_message(struct sim_pci_function *function, unsigned int index,
                           const struct sim_pci_messages *messages);

/** Send what is pending and not masked any more; for after a configuration write. */
void sim_pci_send_pending(struct sim_pci_function *function,
                          const struct sim_pci_messages *messages);

#endif
