/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which functions enumeration finds: those of devices with a function 0 that
 * answers, the others only if it says that the device has several ([PCI 3.0]
 * 3.2.2.3.4), on buses that configuration cycles get to and that a bridge which
 * is itself found leads to. A dump shows more than that: the operating system
 * knows virtual functions and hidden devices otherwise, and people cut dumps.
 */
#include "sim/pci/bus/pci_reach.h"

#include <string.h>

#include "drydock/pci_regs.h"

static uint8_t header_byte(const struct sim_pci_function *function, unsigned int offset)
{
    return (uint8_t)sim_pci_config_read(&function->config, offset, 1);
}

static bool is_absent(const struct sim_pci_function *function)
{
    return sim_pci_config_read(&function->config, DD_PCI_ID, 2) == DD_PCI_VENDOR_NONE;
}

/* What keeps a scan of the function's own bus from it. */
static enum sim_pci_reach reach_on_bus(const struct sim_pci_topology *topology,
                                       const struct sim_pci_function *function)
{
    struct sim_pci_address address = function->address;
    const struct sim_pci_function *function0;

    address.function = 0;
    function0 = sim_pci_topology_function(topology, address);
    if (is_absent(function)) {
        return SIM_PCI_ALL_ONES;
    }
    if (function0 == NULL || is_absent(function0)) {
        return SIM_PCI_FUNCTION_0_MISSING;
    }
    if (function != function0 && DD_GET(header_byte(function0, DD_PCI_HEADER_TYPE),
                                        DD_PCI_HEADER_TYPE_MULTI_FUNCTION) == 0) {
        return SIM_PCI_NOT_MULTI_FUNCTION;
    }
    return SIM_PCI_REACHED;
}

/* Whether buses are numbered downwards: software does not follow a bridge that leads back up. */
static bool has_possible_numbers(const struct sim_pci_function *bridge)
{
    uint8_t secondary = header_byte(bridge, DD_PCI_BRIDGE_SECONDARY_BUS);

    return secondary > bridge->address.bus &&
           secondary <= header_byte(bridge, DD_PCI_BRIDGE_SUBORDINATE_BUS);
}

/* Whether a scan of its bus finds a function and follows it to the bus behind it. */
static bool is_followed(struct sim_pci_topology *topology, const struct sim_pci_function *function)
{
    return sim_pci_function_is_bridge(function) && has_possible_numbers(function) &&
           reach_on_bus(topology, function) == SIM_PCI_REACHED &&
           sim_pci_topology_route(topology, function->address) == function;
}

/*
 * Which buses of a segment a scan gets to. Bridges lead to higher numbers only,
 * so one round in their order is enough.
 */
static void find_scanned(struct sim_pci_topology *topology, const struct sim_pci_segment *segment,
                         bool *scanned)
{
    memcpy(scanned, segment->is_root, sizeof segment->is_root);
    for (size_t i = segment->bus_start[0]; i < segment->bus_start[SIM_PCI_BUSES]; i++) {
        const struct sim_pci_function *function = &topology->functions[i];

        if (scanned[function->address.bus] && is_followed(topology, function)) {
            scanned[header_byte(function, DD_PCI_BRIDGE_SECONDARY_BUS)] = true;
        }
    }
}

static enum sim_pci_reach judge(struct sim_pci_topology *topology,
                                const struct sim_pci_function *function, const bool *scanned)
{
    enum sim_pci_reach reach = reach_on_bus(topology, function);
    const struct sim_pci_function *bridge = sim_pci_topology_upstream(topology, function);
    bool routed = sim_pci_topology_route(topology, function->address) == function;

    if (reach != SIM_PCI_REACHED || (routed && scanned[function->address.bus])) {
        return reach;
    }
    if (bridge == NULL) {
        return SIM_PCI_NO_BRIDGE;
    }
    if (!has_possible_numbers(bridge)) {
        return SIM_PCI_NUMBERS_IMPOSSIBLE;
    }
    return routed ? SIM_PCI_BRIDGE_NOT_FOUND : SIM_PCI_NOT_FORWARDED;
}

void sim_pci_reach_judge(struct sim_pci_topology *topology)
{
    for (size_t s = 0; s < topology->segment_count; s++) {
        const struct sim_pci_segment *segment = &topology->segments[s];
        bool scanned[SIM_PCI_BUSES];

        find_scanned(topology, segment, scanned);
        for (size_t i = segment->bus_start[0]; i < segment->bus_start[SIM_PCI_BUSES]; i++) {
            topology->functions[i].reach = judge(topology, &topology->functions[i], scanned);
        }
    }
}

static void print_reason(const struct sim_pci_topology *topology,
                         const struct sim_pci_function *function, FILE *file)
{
    const struct sim_pci_function *bridge = sim_pci_topology_upstream(topology, function);
    unsigned int bus = function->address.bus;
    struct sim_pci_address_text name = {""};

    if (bridge != NULL) {
        name = sim_pci_address_text(bridge->address, sim_pci_topology_segments(topology));
    }
    switch (function->reach) {
    case SIM_PCI_REACHED:
        break;
    case SIM_PCI_ALL_ONES:
        (void)fprintf(file, "it reads all ones");
        break;
    case SIM_PCI_FUNCTION_0_MISSING:
        (void)fprintf(file, "function 0 of its device is missing");
        break;
    case SIM_PCI_NOT_MULTI_FUNCTION:
        (void)fprintf(file, "function 0 of its device is not multi-function");
        break;
    case SIM_PCI_NO_BRIDGE:
        (void)fprintf(file, "no bridge leads to bus %02x, though one has it in its range", bus);
        break;
    case SIM_PCI_NOT_FORWARDED:
        (void)fprintf(file, "bus %02x is not passed on to %s, which leads there", bus, name.text);
        break;
    case SIM_PCI_NUMBERS_IMPOSSIBLE:
        (void)fprintf(file, "%s, which leads to bus %02x, has impossible bus numbers", name.text,
                      bus);
        break;
    case SIM_PCI_BRIDGE_NOT_FOUND:
        (void)fprintf(file, "%s, on the way to bus %02x, cannot be found itself", name.text, bus);
        break;
    }
}

size_t sim_pci_reach_print(const struct sim_pci_topology *topology, FILE *file)
{
    enum sim_pci_segments segments = sim_pci_topology_segments(topology);
    size_t count = 0;

    for (size_t i = 0; i < topology->count; i++) {
        const struct sim_pci_function *function = &topology->functions[i];

        if (function->reach != SIM_PCI_REACHED) {
            (void)fprintf(file, "%s cannot be reached: ",
                          sim_pci_address_text(function->address, segments).text);
            print_reason(topology, function, file);
            (void)fprintf(file, "\n");
            count++;
        }
    }
    return count;
}
