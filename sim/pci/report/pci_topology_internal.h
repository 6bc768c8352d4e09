/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What routing and building of the topology share.
 */
#ifndef DRYDOCK_SIM_PCI_TOPOLOGY_INTERNAL_H
#define DRYDOCK_SIM_PCI_TOPOLOGY_INTERNAL_H

#include "sim/pci/bus/pci_topology.h"

/** Values of sim_pci_segment.route and sim_pci_function.behind that are no bus. */
#define PCI_NO_BUS    (-1)
#define PCI_NOT_KNOWN (-2)

/** The bus number a bridge converts cycles for; 0 if it converts none, or is no bridge. */
uint8_t pci_secondary_bus(const struct sim_pci_function *function);

/** Whether a function is a bridge that does anything with a cycle for a bus. */
bool pci_claims_bus(const struct sim_pci_function *function, uint8_t bus);

/** Functions there can be on a bus: with ARI, or virtual ones, any routing ID. */
#define PCI_PLACES 256u

/**
 * The place of a virtual function.
 *
 * @param physical      has an SR-IOV capability
 * @param number        from 0
 * @param[out] address  with the bus number of the dump, or a greater one if it is on a later bus
 * @return whether that is another place
 */
bool pci_virtual_address(const struct sim_pci_function *physical, unsigned int number,
                         struct sim_pci_address *address);

/**
 * The virtual function that answers cycles for a bus that no bridge converts: one on a later bus
 * than its physical function, which takes what gets to its own bus. NULL: none does.
 */
struct sim_pci_function *pci_virtual_route(const struct sim_pci_topology *topology,
                                           const struct sim_pci_segment *segment,
                                           struct sim_pci_address address);

/** The virtual function at an address as pci_virtual_address() gives it, of a physical one on this
 *  bus of the dump; NULL: none. */
struct sim_pci_function *pci_topology_virtual(const struct sim_pci_topology *topology,
                                              struct sim_pci_address address, unsigned int bus);

/** Note a port that asks for a hot-plug interrupt now; @p asked  whether it did before. */
void pci_note_asking(struct sim_pci_topology *topology, struct sim_pci_function *port, bool asked);

/** Bus numbers, or what answers, have changed. */
void pci_forget_routes(struct sim_pci_segment *segment);

#endif
