/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Which functions of a dump enumeration finds, and why it does not find the others.
 */
#ifndef DRYDOCK_SIM_PCI_REACH_H
#define DRYDOCK_SIM_PCI_REACH_H

#include <stddef.h>
#include <stdio.h>

#include "sim/pci/bus/pci_topology.h"

/** Find out what keeps enumeration from each function, and store it there. Spec: [PCI 3.0] 3.2.2.3.4. */
void sim_pci_reach_judge(struct sim_pci_topology *topology);

/**
 * Print a line for each function that enumeration does not find, with the reason.
 *
 * @return how many lines
 */
size_t sim_pci_reach_print(const struct sim_pci_topology *topology, FILE *file);

#endif
