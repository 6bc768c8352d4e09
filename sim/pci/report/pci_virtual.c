/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtual function's address is the physical one's plus First VF Offset plus
 * its number times VF Stride, as routing IDs: bus, device and function in 16 bits
 * ([PCIe 6] 9.2.1.2). The number counts from 0.
 */
#include "sim/pci/report/pci_virtual.h"

enum {
    ID_SRIOV = 0x0010,
    SIZE = 0x40,
    CONTROL = 0x08,
    CONTROL_VF_ENABLE = 1 << 0,
    NUM_VFS = 0x10,
    FIRST_VF_OFFSET = 0x14,
    VF_STRIDE = 0x16,
};

static unsigned int count_enabled(const struct sim_pci_config *config, unsigned int capability)
{
    return (sim_pci_config_read(config, capability + CONTROL, 2) & CONTROL_VF_ENABLE) != 0
               ? sim_pci_config_read(config, capability + NUM_VFS, 2)
               : 0;
}

/* The function at a place of the same bus, or NULL. */
static struct sim_pci_function *find_at(const struct sim_pci_topology *topology,
                                        struct sim_pci_address physical, unsigned int routing_id)
{
    const struct sim_pci_address address = {
        .segment = physical.segment,
        .bus = physical.bus,
        .device = (uint8_t)(routing_id >> 3 & 0x1F),
        .function = (uint8_t)(routing_id & 7),
    };

    return routing_id >> 8 == physical.bus ? sim_pci_topology_function(topology, address) : NULL;
}

static void find_of(const struct sim_pci_topology *topology,
                    const struct sim_pci_function *function)
{
    const struct sim_pci_config *config = &function->config;
    unsigned int routing_id = (unsigned int)function->address.bus << 8 |
                              (unsigned int)function->address.device << 3 |
                              function->address.function;
    struct sim_pci_extent found;
    unsigned int count = 0;

    if (!sim_pci_config_find(config, SIM_PCI_CHAIN_EXTENDED, ID_SRIOV, &found) ||
        found.end - found.offset < SIZE) {
        return;
    }
    count = count_enabled(config, found.offset);
    routing_id += sim_pci_config_read(config, found.offset + FIRST_VF_OFFSET, 2);
    for (unsigned int number = 0; number < count; number++) {
        struct sim_pci_function *made = find_at(topology, function->address, routing_id);

        if (made != NULL && made != function) {
            made->physical = function;
            made->number = number;
        }
        routing_id += sim_pci_config_read(config, found.offset + VF_STRIDE, 2);
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
    struct sim_pci_extent found;

    return physical == NULL ||
           (!physical->gone &&
            sim_pci_config_find(&physical->config, SIM_PCI_CHAIN_EXTENDED, ID_SRIOV, &found) &&
            function->number < count_enabled(&physical->config, found.offset));
}
