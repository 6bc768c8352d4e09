/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Virtual functions: those that a physical function's SR-IOV capability makes, which
 * answer only while it makes them. The dump has some of them, if they were there when it
 * was made; the others are made up from the physical function.
 *
 * Those of the dump on a later bus than their physical function are found if no bridge leads to it.
 */
#ifndef DRYDOCK_SIM_PCI_VIRTUAL_H
#define DRYDOCK_SIM_PCI_VIRTUAL_H

#include <stdbool.h>

#include "sim/pci/bus/pci_topology.h"

/** Most virtual functions that are made up for a topology. */
#define SIM_PCI_VIRTUAL_MAX 256u

/**
 * Find which functions of a dump are virtual: those at the places that the SR-IOV capabilities of the
 * dump, with VF Enable, First VF Offset, VF Stride and NumVFs as they are there, give to virtual
 * functions.
 */
void sim_pci_virtual_find(struct sim_pci_topology *topology);

/**
 * Make those up that software can enable and the dump does not have: up to TotalVFs of each
 * physical function, and SIM_PCI_VIRTUAL_MAX in all. Their IDs read all ones; the class is that
 * of the physical function, and so is the PCI Express capability, the only one they have.
 *
 * @return 0, or -1 without memory
 *
 * Spec: [PCIe 6] 9.3.4, 9.3.5.
 */
SIM_MUST_CHECK int sim_pci_virtual_make(struct sim_pci_topology *topology);

/**
 * Whether a function is not virtual, or its physical function makes it now: VF Enable is 1, and
 * NumVFs large enough. Spec: [PCIe 6] 9.2.1.2, 9.3.3.3.1, 9.3.3.7.
 */
bool sim_pci_virtual_answers(const struct sim_pci_function *function);

/** Whether a function has VF Enable set. */
bool sim_pci_virtual_is_enabled(const struct sim_pci_function *function);

/** Virtual functions come anew: reset those of a physical function. Spec: [PCIe 6] 9.3.3.3.1. */
void sim_pci_virtual_reset(struct sim_pci_topology *topology,
                           const struct sim_pci_function *physical);

/**
 * What a base address makes a function answer to: sim_pci_config_range(), but the base addresses
 * of a virtual function are in its physical one. Spec: [PCIe 6] 9.3.3.14.
 */
bool sim_pci_virtual_range(const struct sim_pci_function *function, unsigned int bar,
                           struct sim_pci_range *range);

/**
 * The virtual function of a physical one that a base address of memory is for.
 *
 * @param[out] bar  which of its base addresses; untouched if there is none
 * @return the function; NULL: none answers there
 */
struct sim_pci_function *sim_pci_virtual_decode(const struct sim_pci_topology *topology,
                                                const struct sim_pci_function *physical,
                                                uint64_t address, unsigned int *bar);

#endif
