/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens to functions from outside: they ask for interrupts, are taken out and put
 * back. A message is a write to memory, which the bridges above have to pass on
 * ([PCI-PCI 1.2] 3.2.5.3).
 */
#include "drydock/pci_regs.h"
#include "sim/pci/bus/pci_host.h"
#include "sim/pci/bus/pci_slot.h"

/* Whether all bridges between a function and the processor pass on its writes to memory. */
static bool is_passed_on(const struct sim_pci_topology *topology,
                         const struct sim_pci_function *function)
{
    const struct sim_pci_function *bridge = sim_pci_topology_upstream(topology, function);

    for (unsigned int i = 0; i < SIM_PCI_BUSES && bridge != NULL; i++) {
        unsigned int command = sim_pci_config_read(&bridge->config, DD_PCI_COMMAND, 2);

        if (bridge->gone || DD_GET(command, DD_PCI_COMMAND_BUS_MASTER) == 0) {
            return false;
        }
        bridge = sim_pci_topology_upstream(topology, bridge);
    }
    return true;
}

void sim_pci_host_send_asked(const struct sim_pci_host *host)
{
    struct sim_pci_function *port = host->topology->asking;

    host->topology->asking = NULL;
    if (port != NULL && is_passed_on(host->topology, port)) {
        (void)sim_pci_raise_message(port, sim_pci_slot_message(&port->config), &host->messages);
    }
}

bool sim_pci_host_raise(struct sim_pci_host *host, struct sim_pci_address address,
                        unsigned int index)
{
    struct sim_pci_function *function = sim_pci_topology_function(host->topology, address);

    return function != NULL && is_passed_on(host->topology, function) &&
           sim_pci_raise_message(function, index, &host->messages);
}

bool sim_pci_host_take_out(struct sim_pci_host *host, struct sim_pci_address address)
{
    struct sim_pci_function *function = sim_pci_topology_function(host->topology, address);

    if (function == NULL || function->gone) {
        return false;
    }
    sim_pci_topology_remove(host->topology, function);
    sim_pci_host_send_asked(host);
    return true;
}

bool sim_pci_host_put_back(struct sim_pci_host *host, struct sim_pci_address address)
{
    struct sim_pci_function *function = sim_pci_topology_function(host->topology, address);

    if (function == NULL || !function->gone) {
        return false;
    }
    sim_pci_topology_put_back(host->topology, function);
    sim_pci_host_send_asked(host);
    return true;
}
