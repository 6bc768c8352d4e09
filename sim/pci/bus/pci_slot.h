/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Slots: what the registers of a port say when a function comes or goes behind it, and when the slot is
 * told something.
 */
#ifndef DRYDOCK_SIM_PCI_SLOT_H
#define DRYDOCK_SIM_PCI_SLOT_H

#include <stdbool.h>

#include "sim/pci/bus/pci_config.h"

/**
 * Say whether something is in the slot of a port: Presence Detect State, and the state of the link
 * if the port reports that; what changed is noted in Slot Status. A port without a slot says
 * nothing. Spec: [PCIe 6] 6.7.3.3, 7.5.3.8, 7.5.3.11.
 */
void sim_pci_slot_fill(struct sim_pci_config *port, bool present);

/**
 * A write to a port has been done: if it told the slot something, note that the command is completed.
 * A port that is not for hot-plug, or that says it notes no completion, does not.
 * Spec: [PCIe 6] 6.7.3.2, 7.5.3.9 to 7.5.3.11.
 */
void sim_pci_slot_obey(struct sim_pci_config *port, unsigned int offset, unsigned int width);

/**
 * Whether a port asks for a hot-plug interrupt: an event has happened that is enabled, and so are
 * hot-plug interrupts. A message is sent when this begins. Spec: [PCIe 6] 6.7.3.4.
 */
bool sim_pci_slot_asks(const struct sim_pci_config *port);

/** Which of the port's messages that is. Spec: [PCIe 6] 7.5.3.2. */
unsigned int sim_pci_slot_message(const struct sim_pci_config *port);

#endif
