/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which function answers a configuration cycle.
 *
 * What is fixed: a physical bus, named by the bus number the dump gives the
 * functions on it, and the bridge it hangs from. What the guest can change:
 * the bus numbers in the bridges. A cycle for bus number B starts on the root
 * buses. A bridge whose secondary bus number is B converts it to type 0 for
 * the bus behind it; one with secondary < B <= subordinate forwards it to its
 * bridges ([PCI-PCI 1.2] 3.1.2.1.1). A secondary bus number of 0, the reset
 * value, or one above the subordinate passes nothing on.
 */
#include "sim/pci/bus/pci_topology.h"

#include <stdlib.h>

#include "drydock/pci_regs.h"
#include "sim/pci/bus/pci_reset.h"
#include "sim/pci/bus/pci_slot.h"
#include "sim/pci/report/pci_topology_internal.h"
#include "sim/pci/report/pci_virtual.h"

static uint8_t header_byte(const struct sim_pci_function *function, unsigned int offset)
{
    return (uint8_t)sim_pci_config_read(&function->config, offset, 1);
}

/* Headers of type 1 and of type 2 have their bus numbers in the same places. */
bool sim_pci_function_is_bridge(const struct sim_pci_function *function)
{
    uint64_t layout = DD_GET(header_byte(function, DD_PCI_HEADER_TYPE), DD_PCI_HEADER_TYPE_LAYOUT);

    return !function->gone && !function->dropped &&
           (layout == DD_PCI_LAYOUT_BRIDGE || layout == DD_PCI_LAYOUT_CARDBUS) &&
           sim_pci_config_read(&function->config, DD_PCI_ID, 2) != DD_PCI_VENDOR_NONE;
}

/* Bridge Control is at the same place in both layouts, and so is this bit. */
bool sim_pci_function_resets_bus(const struct sim_pci_function *function)
{
    uint32_t control = sim_pci_config_read(&function->config, DD_PCI_BRIDGE_CONTROL, 2);

    return sim_pci_function_is_bridge(function) &&
           DD_GET(control, DD_PCI_BRIDGE_CONTROL_SECONDARY_BUS_RESET) != 0;
}

uint8_t pci_secondary_bus(const struct sim_pci_function *function)
{
    return sim_pci_function_is_bridge(function) ? header_byte(function, DD_PCI_BRIDGE_SECONDARY_BUS)
                                                : 0;
}

bool pci_claims_bus(const struct sim_pci_function *function, uint8_t bus)
{
    uint8_t secondary = pci_secondary_bus(function);

    return secondary != 0 && bus >= secondary &&
           bus <= header_byte(function, DD_PCI_BRIDGE_SUBORDINATE_BUS);
}

static int compare_functions(const void *left, const void *right)
{
    return sim_pci_address_compare(((const struct sim_pci_function *)left)->address,
                                   ((const struct sim_pci_function *)right)->address);
}

static int compare_segments(const void *left, const void *right)
{
    uint32_t left_number = ((const struct sim_pci_segment *)left)->number;
    uint32_t right_number = ((const struct sim_pci_segment *)right)->number;

    return (left_number > right_number) - (left_number < right_number);
}

static struct sim_pci_function *find_listed(const struct sim_pci_topology *topology,
                                            struct sim_pci_address address)
{
    const struct sim_pci_function wanted = {.address = address};

    if (topology->count == 0) {
        return NULL;
    }
    return bsearch(&wanted, topology->functions, topology->count, sizeof *topology->functions,
                   compare_functions);
}

/* One that was made up; its physical one is on this bus. */
static struct sim_pci_function *find_made(const struct sim_pci_topology *topology,
                                          struct sim_pci_address address, unsigned int bus)
{
    for (size_t i = 0; i < topology->made_count; i++) {
        if (sim_pci_address_compare(topology->made[i].address, address) == 0 &&
            topology->made[i].physical->address.bus == bus) {
            return &topology->made[i];
        }
    }
    return NULL;
}

struct sim_pci_function *sim_pci_topology_function(const struct sim_pci_topology *topology,
                                                   struct sim_pci_address address)
{
    struct sim_pci_function *listed = find_listed(topology, address);

    return listed != NULL ? listed : find_made(topology, address, address.bus);
}

struct sim_pci_function *pci_topology_virtual(const struct sim_pci_topology *topology,
                                              struct sim_pci_address address, unsigned int bus)
{
    struct sim_pci_function *listed = find_listed(topology, address);

    return listed != NULL && listed->physical != NULL && listed->physical->address.bus == bus
               ? listed
               : find_made(topology, address, bus);
}

/*
 * Where the bridges on a bus send a cycle: the physical bus it is for, or
 * PCI_NO_BUS. Buses hang from each other as a tree, so this ends.
 */
static int pass_on(const struct sim_pci_topology *topology, const struct sim_pci_segment *segment,
                   unsigned int bus, uint8_t wanted)
{
    int found = PCI_NO_BUS;

    for (size_t i = segment->bus_start[bus]; i < segment->bus_start[bus + 1] && found == PCI_NO_BUS;
         i++) {
        const struct sim_pci_function *function = &topology->functions[i];

        if (function->behind != PCI_NO_BUS && pci_claims_bus(function, wanted) &&
            !sim_pci_function_resets_bus(function)) {
            found = pci_secondary_bus(function) == wanted
                        ? function->behind
                        : pass_on(topology, segment, (unsigned int)function->behind, wanted);
        }
    }
    return found;
}

/* Follow a bus number from the root buses through the bridges. */
static int find_route(const struct sim_pci_topology *topology,
                      const struct sim_pci_segment *segment, uint8_t wanted)
{
    int found = segment->is_root[wanted] ? wanted : PCI_NO_BUS;

    for (unsigned int bus = 0; bus < SIM_PCI_BUSES && found == PCI_NO_BUS; bus++) {
        if (segment->is_root[bus]) {
            found = pass_on(topology, segment, bus, wanted);
        }
    }
    return found;
}

struct sim_pci_segment *sim_pci_topology_segment(const struct sim_pci_topology *topology,
                                                 uint32_t number)
{
    const struct sim_pci_segment wanted = {.number = number};

    if (topology->segment_count == 0) {
        return NULL;
    }
    return bsearch(&wanted, topology->segments, topology->segment_count, sizeof wanted,
                   compare_segments);
}

struct sim_pci_function *sim_pci_topology_route(struct sim_pci_topology *topology,
                                                struct sim_pci_address address)
{
    struct sim_pci_segment *segment = sim_pci_topology_segment(topology, address.segment);
    int *route;

    if (segment == NULL) {
        return NULL;
    }
    route = &segment->route[address.bus];
    if (*route == PCI_NOT_KNOWN) {
        *route = find_route(topology, segment, address.bus);
    }
    if (*route == PCI_NO_BUS) {
        return pci_virtual_route(topology, segment, address);
    }
    address.bus = (uint8_t)*route;
    return sim_pci_topology_function(topology, address);
}

/* The function that answers this access, which faults may be counting. */
static struct sim_pci_function *find_answering(struct sim_pci_topology *topology,
                                               struct sim_pci_address address)
{
    struct sim_pci_function *function = sim_pci_topology_route(topology, address);

    if (function != NULL && function->gone && topology->faults != NULL) {
        sim_pci_faults_miss(topology, function);
    }
    if (function == NULL || function->gone || !sim_pci_virtual_answers(function) ||
        (topology->faults != NULL && !sim_pci_faults_admit(topology, function))) {
        return NULL;
    }
    return function;
}

uint32_t sim_pci_topology_read(struct sim_pci_topology *topology, struct sim_pci_address address,
                               unsigned int offset, unsigned int width)
{
    const struct sim_pci_function *function = find_answering(topology, address);
    uint32_t value = (uint32_t)DD_MASK(8 * width - 1, 0);

    if (function != NULL) {
        value = sim_pci_config_read(&function->config, offset, width);
    }
    return function == NULL || topology->faults == NULL
               ? value
               : sim_pci_faults_change_read(topology, function, offset, width, value);
}

const struct sim_pci_function *sim_pci_topology_upstream(const struct sim_pci_topology *topology,
                                                         const struct sim_pci_function *function)
{
    const struct sim_pci_address place =
        function->physical == NULL ? function->address : function->physical->address;
    const struct sim_pci_segment *segment = sim_pci_topology_segment(topology, place.segment);
    size_t position = segment->upstream[place.bus];

    return position == SIZE_MAX ? NULL : &topology->functions[position];
}

void pci_forget_routes(struct sim_pci_segment *segment)
{
    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        segment->route[bus] = PCI_NOT_KNOWN;
    }
}

/* Write, and do what else comes of it: nothing asks for anything before Bridge Control. */
static void write_function(struct sim_pci_topology *topology, struct sim_pci_function *function,
                           unsigned int offset, unsigned int width, uint32_t value)
{
    struct sim_pci_write write = {.offset = offset, .width = width, .value = value};
    bool asked = false;

    if (offset + width <= DD_PCI_BRIDGE_CONTROL) {
        sim_pci_config_write(&function->config, offset, width, value);
        return;
    }
    asked = sim_pci_slot_asks(&function->config);
    sim_pci_reset_before(function, &write);
    sim_pci_config_write(&function->config, offset, width, value);
    sim_pci_reset_after(topology, function, &write);
    sim_pci_slot_obey(&function->config, offset, width);
    pci_note_asking(topology, function, asked);
}

void sim_pci_topology_write(struct sim_pci_topology *topology, struct sim_pci_address address,
                            unsigned int offset, unsigned int width, uint32_t value)
{
    struct sim_pci_function *function = find_answering(topology, address);

    if (function == NULL) {
        return;
    }
    if (topology->faults == NULL) {
        write_function(topology, function, offset, width, value);
    }
    for (unsigned int i = 0; i < width && topology->faults != NULL; i++) {
        if (!sim_pci_faults_lose(topology, function, offset + i)) {
            write_function(topology, function, offset + i, 1, value >> 8 * i & 0xFF);
        }
    }
    if (function->behind != PCI_NO_BUS && offset + width > DD_PCI_BRIDGE_SECONDARY_BUS) {
        pci_forget_routes(sim_pci_topology_segment(topology, address.segment));
    }
}

enum sim_pci_segments sim_pci_topology_segments(const struct sim_pci_topology *topology)
{
    bool shown = topology->segment_count > 1 || topology->segments[0].number != 0;

    return shown ? SIM_PCI_SEGMENTS_SHOWN : SIM_PCI_SEGMENTS_HIDDEN;
}
