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
 *
 * A dump does not say which buses the host bridges own. Bus 0 is one if
 * anything is on it, and so is every bus that no bridge covers: an uncore bus
 * ff, a second host bridge, or an excerpt that starts on bus c0. Everything
 * else hangs from the first bridge, in the order the cycles meet them, that
 * has its number as secondary. Each bus is hung up once, so a loop in the
 * numbers of a dump is only a bus that nothing reaches.
 */
#include "sim/pci/pci_topology.h"

#include <stdlib.h>

#include "drydock/pci_regs.h"

/* Values of sim_pci_segment.route and sim_pci_function.behind that are no bus. */
#define NO_BUS    (-1)
#define NOT_KNOWN (-2)

static uint8_t header_byte(const struct sim_pci_function *function, unsigned int offset)
{
    return (uint8_t)sim_pci_config_read(&function->config, offset, 1);
}

/* Headers of type 1 and of type 2 have their bus numbers in the same places. */
bool sim_pci_function_is_bridge(const struct sim_pci_function *function)
{
    uint64_t layout = DD_GET(header_byte(function, DD_PCI_HEADER_TYPE), DD_PCI_HEADER_TYPE_LAYOUT);

    return !function->gone && (layout == DD_PCI_LAYOUT_BRIDGE || layout == DD_PCI_LAYOUT_CARDBUS) &&
           sim_pci_config_read(&function->config, DD_PCI_ID, 2) != DD_PCI_VENDOR_NONE;
}

/* The bus number a bridge converts cycles for; 0 if it converts none, or is no bridge. */
static uint8_t secondary_of(const struct sim_pci_function *function)
{
    return sim_pci_function_is_bridge(function) ? header_byte(function, DD_PCI_BRIDGE_SECONDARY_BUS)
                                                : 0;
}

/* Whether a function is a bridge that does anything with a cycle for a bus. */
static bool claims(const struct sim_pci_function *function, uint8_t bus)
{
    uint8_t secondary = secondary_of(function);

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

struct sim_pci_function *sim_pci_topology_function(const struct sim_pci_topology *topology,
                                                   struct sim_pci_address address)
{
    const struct sim_pci_function wanted = {.address = address};

    if (topology->count == 0) {
        return NULL;
    }
    return bsearch(&wanted, topology->functions, topology->count, sizeof *topology->functions,
                   compare_functions);
}

/*
 * Where the bridges on a bus send a cycle: the physical bus it is for, or
 * NO_BUS. Buses hang from each other as a tree, so this ends.
 */
static int pass_on(const struct sim_pci_topology *topology, const struct sim_pci_segment *segment,
                   unsigned int bus, uint8_t wanted)
{
    int found = NO_BUS;

    for (size_t i = segment->bus_start[bus]; i < segment->bus_start[bus + 1] && found == NO_BUS;
         i++) {
        const struct sim_pci_function *function = &topology->functions[i];

        if (function->behind != NO_BUS && claims(function, wanted)) {
            found = secondary_of(function) == wanted
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
    int found = segment->is_root[wanted] ? wanted : NO_BUS;

    for (unsigned int bus = 0; bus < SIM_PCI_BUSES && found == NO_BUS; bus++) {
        if (segment->is_root[bus]) {
            found = pass_on(topology, segment, bus, wanted);
        }
    }
    return found;
}

static struct sim_pci_segment *find_segment(const struct sim_pci_topology *topology,
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
    struct sim_pci_segment *segment = find_segment(topology, address.segment);
    int *route;

    if (segment == NULL) {
        return NULL;
    }
    route = &segment->route[address.bus];
    if (*route == NOT_KNOWN) {
        *route = find_route(topology, segment, address.bus);
    }
    if (*route == NO_BUS) {
        return NULL;
    }
    address.bus = (uint8_t)*route;
    return sim_pci_topology_function(topology, address);
}

uint32_t sim_pci_topology_read(struct sim_pci_topology *topology, struct sim_pci_address address,
                               unsigned int offset, unsigned int width)
{
    const struct sim_pci_function *function = sim_pci_topology_route(topology, address);

    return function == NULL || function->gone
               ? (uint32_t)DD_MASK(8 * width - 1, 0)
               : sim_pci_config_read(&function->config, offset, width);
}

const struct sim_pci_function *sim_pci_topology_upstream(const struct sim_pci_topology *topology,
                                                         const struct sim_pci_function *function)
{
    const struct sim_pci_segment *segment = find_segment(topology, function->address.segment);
    size_t position = segment->upstream[function->address.bus];

    return position == SIZE_MAX ? NULL : &topology->functions[position];
}

static void forget_routes(struct sim_pci_segment *segment)
{
    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        segment->route[bus] = NOT_KNOWN;
    }
}

void sim_pci_topology_write(struct sim_pci_topology *topology, struct sim_pci_address address,
                            unsigned int offset, unsigned int width, uint32_t value)
{
    struct sim_pci_function *function = sim_pci_topology_route(topology, address);

    if (function == NULL || function->gone) {
        return;
    }
    sim_pci_config_write(&function->config, offset, width, value);
    if (offset <= DD_PCI_BRIDGE_SUBORDINATE_BUS && offset + width > DD_PCI_BRIDGE_SECONDARY_BUS) {
        forget_routes(find_segment(topology, address.segment));
    }
}

void sim_pci_topology_remove(struct sim_pci_topology *topology, struct sim_pci_function *function)
{
    function->gone = true;
    forget_routes(find_segment(topology, function->address.segment));
}

/* Bus 0 and the buses no bridge covers, among those with functions. */
static void find_roots(const struct sim_pci_topology *topology, struct sim_pci_segment *segment)
{
    bool covered[SIM_PCI_BUSES] = {false};

    for (size_t i = segment->bus_start[0]; i < segment->bus_start[SIM_PCI_BUSES]; i++) {
        for (unsigned int bus = 1; bus < SIM_PCI_BUSES; bus++) {
            covered[bus] = covered[bus] || claims(&topology->functions[i], (uint8_t)bus);
        }
    }
    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        segment->is_root[bus] =
            !covered[bus] && segment->bus_start[bus] < segment->bus_start[bus + 1];
    }
}

/* Hang buses from the bridges on one bus, and from those on the buses behind them. */
static void hang_from(struct sim_pci_topology *topology, struct sim_pci_segment *segment,
                      unsigned int bus)
{
    for (size_t i = segment->bus_start[bus]; i < segment->bus_start[bus + 1]; i++) {
        uint8_t secondary = secondary_of(&topology->functions[i]);

        if (secondary != 0 && !segment->is_root[secondary] &&
            segment->upstream[secondary] == SIZE_MAX) {
            segment->upstream[secondary] = i;
            topology->functions[i].behind = secondary;
            hang_from(topology, segment, secondary);
        }
    }
}

/* Hang every bus from the first bridge that leads to it. */
static void hang_buses(struct sim_pci_topology *topology, struct sim_pci_segment *segment)
{
    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        segment->upstream[bus] = SIZE_MAX;
    }
    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        if (segment->is_root[bus]) {
            hang_from(topology, segment, bus);
        }
    }
}

/*
 * Note the bridges that lead to the buses nothing was hung from: their numbers
 * are a loop, or the bridges above do not pass on the bus.
 */
static void note_bridges(const struct sim_pci_topology *topology, struct sim_pci_segment *segment)
{
    for (size_t i = segment->bus_start[0]; i < segment->bus_start[SIM_PCI_BUSES]; i++) {
        uint8_t secondary = secondary_of(&topology->functions[i]);

        if (secondary != 0 && !segment->is_root[secondary] &&
            segment->upstream[secondary] == SIZE_MAX) {
            segment->upstream[secondary] = i;
        }
    }
}

static void init_functions(struct sim_pci_topology *topology, const struct sim_dump *dump)
{
    for (size_t i = 0; i < dump->count; i++) {
        const struct sim_dump_function *source = &dump->functions[i];
        struct sim_pci_function *function = &topology->functions[i];

        sim_pci_config_init(&function->config, source);
        function->address = (struct sim_pci_address){source->segment, source->bus, source->device,
                                                     source->function};
        function->behind = NO_BUS;
    }
}

/* Append a segment that begins at a function; returns the position after its last one. */
static size_t init_segment(struct sim_pci_topology *topology, size_t position)
{
    struct sim_pci_segment *segment = &topology->segments[topology->segment_count++];

    segment->number = topology->functions[position].address.segment;
    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        segment->bus_start[bus] = position;
        while (position < topology->count &&
               topology->functions[position].address.segment == segment->number &&
               topology->functions[position].address.bus == bus) {
            position++;
        }
    }
    segment->bus_start[SIM_PCI_BUSES] = position;
    find_roots(topology, segment);
    hang_buses(topology, segment);
    note_bridges(topology, segment);
    forget_routes(segment);
    return position;
}

static size_t count_segments(const struct sim_dump *dump)
{
    size_t count = 0;

    for (size_t i = 0; i < dump->count; i++) {
        if (i == 0 || dump->functions[i].segment != dump->functions[i - 1].segment) {
            count++;
        }
    }
    return count;
}

int sim_pci_topology_init(struct sim_pci_topology *topology, const struct sim_dump *dump,
                          struct sim_error *error)
{
    size_t segment_count = count_segments(dump);
    struct sim_pci_topology built = {.count = dump->count};

    if (segment_count > SIM_PCI_MAX_SEGMENTS) {
        return sim_error_set(error, "%s: %zu PCI domains are more than the %u a machine can have",
                             dump->path, segment_count, SIM_PCI_MAX_SEGMENTS);
    }
    built.functions = calloc(dump->count, sizeof *built.functions);
    built.segments = calloc(segment_count, sizeof *built.segments);
    if (built.functions == NULL || built.segments == NULL) {
        sim_pci_topology_free(&built);
        return sim_error_set(error, "%s: no memory for %zu functions", dump->path, dump->count);
    }
    init_functions(&built, dump);
    for (size_t position = 0; position < built.count;) {
        position = init_segment(&built, position);
    }
    *topology = built;
    return 0;
}

void sim_pci_topology_free(struct sim_pci_topology *topology)
{
    free(topology->functions);
    free(topology->segments);
    *topology = (struct sim_pci_topology){0};
}

enum sim_pci_segments sim_pci_topology_segments(const struct sim_pci_topology *topology)
{
    bool shown = topology->segment_count > 1 || topology->segments[0].number != 0;

    return shown ? SIM_PCI_SEGMENTS_SHOWN : SIM_PCI_SEGMENTS_HIDDEN;
}
