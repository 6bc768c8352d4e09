/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The buses of a dump, which does not say which of them the host bridges own.
 * Bus 0 is one if anything is on it, and so is every bus that no bridge covers:
 * an uncore bus ff, a second host bridge, or an excerpt that starts on bus c0.
 * Everything else hangs from the first bridge, in the order the cycles meet
 * them, that has its number as secondary. Each bus is hung up once, so a loop in
 * the numbers of a dump is only a bus that nothing reaches.
 */
#include <stdlib.h>

#include "sim/pci/report/pci_topology_internal.h"
#include "sim/pci/report/pci_virtual.h"

/* Bus 0 and the buses no bridge covers, among those with functions. */
static void find_roots(const struct sim_pci_topology *topology, struct sim_pci_segment *segment)
{
    bool covered[SIM_PCI_BUSES] = {false};

    for (size_t i = segment->bus_start[0]; i < segment->bus_start[SIM_PCI_BUSES]; i++) {
        for (unsigned int bus = 1; bus < SIM_PCI_BUSES; bus++) {
            covered[bus] = covered[bus] || pci_claims_bus(&topology->functions[i], (uint8_t)bus);
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
        uint8_t secondary = pci_secondary_bus(&topology->functions[i]);

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
        uint8_t secondary = pci_secondary_bus(&topology->functions[i]);

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

        sim_pci_config_init(&function->config, &topology->masks[i], source);
        function->address = (struct sim_pci_address){source->segment, source->bus, source->device,
                                                     source->function};
        function->behind = PCI_NO_BUS;
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
    pci_forget_routes(segment);
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
    built.masks = calloc(dump->count, sizeof *built.masks);
    built.segments = calloc(segment_count, sizeof *built.segments);
    built.memory = sim_pci_memory_new();
    if (built.functions == NULL || built.masks == NULL || built.segments == NULL ||
        built.memory == NULL) {
        sim_pci_topology_free(&built);
        return sim_error_set(error, "%s: no memory for %zu functions", dump->path, dump->count);
    }
    init_functions(&built, dump);
    for (size_t position = 0; position < built.count;) {
        position = init_segment(&built, position);
    }
    sim_pci_virtual_find(&built);
    if (sim_pci_virtual_make(&built) != 0) {
        sim_pci_topology_free(&built);
        return sim_error_set(error, "%s: no memory for virtual functions", dump->path);
    }
    *topology = built;
    return 0;
}

void sim_pci_topology_free(struct sim_pci_topology *topology)
{
    free(topology->functions);
    free(topology->masks);
    free(topology->made);
    free(topology->moulds);
    sim_pci_memory_free(topology->memory);
    free(topology->segments);
    *topology = (struct sim_pci_topology){0};
}
