/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions come and go, and so does what bridges pass on. The port whose slot a function
 * is in notices.
 */
#include "sim/pci/bus/pci_reset.h"
#include "sim/pci/bus/pci_slot.h"
#include "sim/pci/report/pci_topology_internal.h"

void pci_note_asking(struct sim_pci_topology *topology, struct sim_pci_function *port, bool asked)
{
    if (!asked && sim_pci_slot_asks(&port->config)) {
        topology->asking = port;
    }
}

/* Let the port whose slot a function is in say whether any function is in it. */
static void fill_slot(struct sim_pci_topology *topology, const struct sim_pci_function *function)
{
    const struct sim_pci_segment *segment =
        sim_pci_topology_segment(topology, function->address.segment);
    unsigned int bus = function->address.bus;
    struct sim_pci_function *port = NULL;
    bool asked = false;
    bool present = false;

    if (segment->upstream[bus] == SIZE_MAX) {
        return;
    }
    port = &topology->functions[segment->upstream[bus]];
    for (size_t i = segment->bus_start[bus]; i < segment->bus_start[bus + 1]; i++) {
        present = present || !topology->functions[i].gone;
    }
    asked = sim_pci_slot_asks(&port->config);
    sim_pci_slot_fill(&port->config, present);
    pci_note_asking(topology, port, asked);
}

void sim_pci_topology_remove(struct sim_pci_topology *topology, struct sim_pci_function *function)
{
    function->gone = true;
    pci_forget_routes(sim_pci_topology_segment(topology, function->address.segment));
    fill_slot(topology, function);
}

void sim_pci_topology_put_back(struct sim_pci_topology *topology, struct sim_pci_function *function)
{
    function->gone = false;
    sim_pci_reset_function(topology, function, SIM_PCI_RESET_CONVENTIONAL);
    pci_forget_routes(sim_pci_topology_segment(topology, function->address.segment));
    fill_slot(topology, function);
}

void sim_pci_topology_drop(struct sim_pci_topology *topology, struct sim_pci_function *bridge)
{
    bridge->dropped = true;
    pci_forget_routes(sim_pci_topology_segment(topology, bridge->address.segment));
}
