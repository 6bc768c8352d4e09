/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtual function's address is the physical one's plus First VF Offset plus
 * its number times VF Stride, as routing IDs: bus, device and function in 16 bits
 * ([PCIe 6] 9.2.1.2). The number counts from 0. It may be on a later bus than the physical one's,
 * to which the bridges above pass its cycles on; how much later stays when buses get new numbers.
 */
#include "sim/pci/report/pci_virtual.h"

#include "sim/pci/bus/pci_reset.h"
#include "sim/pci/report/pci_topology_internal.h"

enum {
    CONTROL = 0x08,
    CONTROL_VF_ENABLE = 1 << 0,
    NUM_VFS = 0x10,
    FIRST_VF_OFFSET = 0x14,
    VF_STRIDE = 0x16,
};

/* A register of 16 bits of the SR-IOV capability that a function has. */
static unsigned int get(const struct sim_pci_function *function, unsigned int offset)
{
    const struct sim_pci_config *config = &function->config;

    return sim_pci_config_read(config, config->masks->sriov + offset, 2);
}

bool sim_pci_virtual_is_enabled(const struct sim_pci_function *function)
{
    return function->config.masks->sriov != 0 && (get(function, CONTROL) & CONTROL_VF_ENABLE) != 0;
}

static unsigned int count_enabled(const struct sim_pci_function *physical)
{
    return sim_pci_virtual_is_enabled(physical) ? get(physical, NUM_VFS) : 0;
}

bool pci_virtual_address(const struct sim_pci_function *physical, unsigned int number,
                         struct sim_pci_address *address)
{
    unsigned int routing_id =
        ((unsigned int)physical->address.bus << 8 | (unsigned int)physical->address.device << 3 |
         physical->address.function) +
        get(physical, FIRST_VF_OFFSET) + number * get(physical, VF_STRIDE);

    *address = physical->address;
    address->bus = (uint8_t)(routing_id >> 8);
    address->device = (uint8_t)(routing_id >> 3 & 0x1F);
    address->function = (uint8_t)(routing_id & 7);
    return routing_id <= UINT16_MAX && sim_pci_address_compare(*address, physical->address) != 0;
}

/* ---- Later buses ---- */

/* Whether the bridges above a physical function pass cycles for a bus number on to it. */
static bool gets_to(const struct sim_pci_topology *topology,
                    const struct sim_pci_function *physical, uint8_t number)
{
    unsigned int bus = physical->address.bus;
    const struct sim_pci_function *bridge = sim_pci_topology_upstream(topology, physical);

    while (bridge != NULL && bridge->behind == (int)bus && pci_claims_bus(bridge, number) &&
           !sim_pci_function_resets_bus(bridge)) {
        bus = bridge->address.bus;
        bridge = sim_pci_topology_upstream(topology, bridge);
    }
    return bridge == NULL;
}

/* Whether a function is virtual, and at an address by the bus numbers of now. */
static bool is_at(const struct sim_pci_topology *topology, const struct sim_pci_function *function,
                  struct sim_pci_address address)
{
    const struct sim_pci_function *physical = function->physical;
    const struct sim_pci_function *bridge = NULL;
    unsigned int bus = 0;

    if (physical == NULL || function->address.segment != address.segment ||
        function->address.device != address.device ||
        function->address.function != address.function) {
        return false;
    }
    bridge = sim_pci_topology_upstream(topology, physical);
    bus = bridge == NULL ? physical->address.bus : pci_secondary_bus(bridge);
    return bus + function->address.bus - physical->address.bus == address.bus &&
           gets_to(topology, physical, address.bus);
}

struct sim_pci_function *pci_virtual_route(const struct sim_pci_topology *topology,
                                           const struct sim_pci_segment *segment,
                                           struct sim_pci_address address)
{
    for (size_t i = 0; i < topology->made_count; i++) {
        if (is_at(topology, &topology->made[i], address)) {
            return &topology->made[i];
        }
    }
    for (size_t i = segment->bus_start[0]; i < segment->bus_start[SIM_PCI_BUSES]; i++) {
        if (is_at(topology, &topology->functions[i], address)) {
            return &topology->functions[i];
        }
    }
    return NULL;
}

/* ---- Those of a dump ---- */

/* Whether a virtual function may be on a bus: the physical one's, or one that nothing else is on. */
static bool may_be_on(const struct sim_pci_topology *topology,
                      const struct sim_pci_function *physical, unsigned int bus)
{
    const struct sim_pci_segment *segment =
        sim_pci_topology_segment(topology, physical->address.segment);

    return bus == physical->address.bus ||
           (segment->upstream[bus] == SIZE_MAX && !segment->is_root[bus]);
}

/* A virtual function's text tells the sizes of what the physical one's registers are for. */
static void adopt(struct sim_pci_function *physical, struct sim_pci_function *made,
                  unsigned int number)
{
    made->physical = physical;
    made->number = number;
    for (unsigned int bar = 0; bar < SIM_PCI_VIRTUAL_BARS; bar++) {
        sim_pci_config_learn_virtual(&physical->config, bar, made->config.dump->bars[bar].size);
    }
    sim_pci_config_make_virtual(&made->config);
}

static void find_of(const struct sim_pci_topology *topology, struct sim_pci_function *physical)
{
    unsigned int count = count_enabled(physical);

    for (unsigned int number = 0; number < count && number < PCI_PLACES; number++) {
        struct sim_pci_address address;
        struct sim_pci_function *made = pci_virtual_address(physical, number, &address) &&
                                                may_be_on(topology, physical, address.bus)
                                            ? sim_pci_topology_function(topology, address)
                                            : NULL;

        if (made != NULL) {
            adopt(physical, made, number);
        }
    }
}

void sim_pci_virtual_find(struct sim_pci_topology *topology)
{
    for (size_t i = 0; i < topology->count; i++) {
        find_of(topology, &topology->functions[i]);
    }
}

bool sim_pci_virtual_answers(const struct sim_pci_function *function)
{
    const struct sim_pci_function *physical = function->physical;

    return physical == NULL || (!physical->gone && function->number < count_enabled(physical));
}

static void reset_all(struct sim_pci_topology *topology, struct sim_pci_function *functions,
                      size_t count, const struct sim_pci_function *physical)
{
    for (size_t i = 0; i < count; i++) {
        if (functions[i].physical == physical) {
            sim_pci_reset_function(topology, &functions[i], SIM_PCI_RESET_CONVENTIONAL);
        }
    }
}

void sim_pci_virtual_reset(struct sim_pci_topology *topology,
                           const struct sim_pci_function *physical)
{
    reset_all(topology, topology->functions, topology->count, physical);
    reset_all(topology, topology->made, topology->made_count, physical);
}

bool sim_pci_virtual_range(const struct sim_pci_function *function, unsigned int bar,
                           struct sim_pci_range *range)
{
    if (function->physical == NULL) {
        return sim_pci_config_range(&function->config, bar, range);
    }
    if (!sim_pci_config_virtual_range(&function->physical->config, bar, range)) {
        return false;
    }
    range->base += function->number * range->size;
    return true;
}

struct sim_pci_function *sim_pci_virtual_decode(const struct sim_pci_topology *topology,
                                                const struct sim_pci_function *physical,
                                                uint64_t address, unsigned int *bar)
{
    unsigned int count = count_enabled(physical);

    for (unsigned int index = 0; count > 0 && index < SIM_PCI_VIRTUAL_BARS; index++) {
        struct sim_pci_function *function = NULL;
        struct sim_pci_address place;
        struct sim_pci_range range;

        if (!sim_pci_config_virtual_range(&physical->config, index, &range) || !range.enabled ||
            (address - range.base) / range.size >= count ||
            !pci_virtual_address(physical, (unsigned int)((address - range.base) / range.size),
                                 &place)) {
            continue;
        }
        function = pci_topology_virtual(topology, place, physical->address.bus);
        if (function != NULL && function->physical == physical && !function->gone) {
            *bar = index;
            return function;
        }
    }
    return NULL;
}
