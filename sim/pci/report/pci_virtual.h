/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Virtual functions: those of a dump that a physical function's SR-IOV capability
 * has made, which answer only while it makes them.
 */
#ifndef DRYDOCK_SIM_PCI_VIRTUAL_H
#define DRYDOCK_SIM_PCI_VIRTUAL_H

#include <stdbool.h>

#include "sim/pci/bus/pci_topology.h"

/**
 * Find which functions are virtual: those at the places that the SR-IOV capabilities of the dump,
 * with VF Enable, First VF Offset, VF Stride and NumVFs as they are there, give to virtual functions.
 * Only those on the bus of their physical function are found.
 */
void sim_pci_virtual_find(struct sim_pci_topology *topology);

/**
 * Whether a function is not virtual, or its physical function makes it now: VF Enable is 1, and
 * NumVFs large enough. Spec: [PCIe 6] 9.2.1.2, 9.3.3.3.1, 9.3.3.7.
 */
bool sim_pci_virtual_answers(const struct sim_pci_function *function);

#endif
