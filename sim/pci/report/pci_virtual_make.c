/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual functions that the dump does not have. All of a physical function are alike,
 * so they share a mould: a dump of one, as its physical function describes it. Which
 * capabilities it has besides PCI Express nobody knows but the device.
 */
#include <stdlib.h>
#include <string.h>

#include "drydock/pci_regs.h"
#include "sim/pci/report/pci_topology_internal.h"
#include "sim/pci/report/pci_virtual.h"

enum {
    ID_EXPRESS = 0x10,
    EXPRESS_SIZE = 0x3C,
    TOTAL_VFS = 0x0E,
};

struct sim_pci_mould {
    struct sim_dump_function dump;
    struct sim_pci_masks masks;
};

/* The PCI Express capability; what software has set in that of the physical function is not in it. */
static void copy_express(struct sim_dump_function *dump, const struct sim_pci_config *physical)
{
    struct sim_pci_extent express;

    if (!sim_pci_config_find(physical, SIM_PCI_CHAIN, ID_EXPRESS, &express) ||
        express.end - express.offset < EXPRESS_SIZE) {
        return;
    }
    dump->bytes[DD_PCI_STATUS] = (uint8_t)DD_BITS(DD_PCI_STATUS_CAPABILITIES_LIST);
    dump->bytes[DD_PCI_CAPABILITIES_POINTER] = (uint8_t)express.offset;
    for (unsigned int at = express.offset; at < express.offset + EXPRESS_SIZE; at++) {
        dump->bytes[at] = physical->masks->initial[at];
    }
    dump->bytes[express.offset + 1] = 0;
}

static void make_mould(struct sim_pci_mould *mould, const struct sim_pci_function *physical)
{
    struct sim_dump_function *dump = &mould->dump;
    const struct sim_dump_function *source = physical->config.dump;

    *dump = (struct sim_dump_function){.segment = source->segment,
                                       .bus = source->bus,
                                       .line = source->line,
                                       .known_size = SIM_CONFIG_SIZE};
    memset(dump->known, 0xFF, sizeof dump->known);
    memset(&dump->bytes[DD_PCI_ID], 0xFF, 4);
    memcpy(&dump->bytes[DD_PCI_CLASS], &source->bytes[DD_PCI_CLASS], 4);
    memcpy(&dump->bytes[DD_PCI_SUBSYSTEM_VENDOR], &source->bytes[DD_PCI_SUBSYSTEM_VENDOR], 4);
    copy_express(dump, &physical->config);
}

static unsigned int count_most(const struct sim_pci_function *physical)
{
    const struct sim_pci_config *config = &physical->config;
    unsigned int total = config->masks->sriov == 0
                             ? 0
                             : sim_pci_config_read(config, config->masks->sriov + TOTAL_VFS, 2);

    return total < PCI_PLACES ? total : PCI_PLACES;
}

/* Whether the dump has no function there; what is on another bus is elsewhere by other numbers. */
static bool is_free(const struct sim_pci_topology *topology,
                    const struct sim_pci_function *physical, struct sim_pci_address address)
{
    return address.bus == physical->address.bus
               ? sim_pci_topology_function(topology, address) == NULL
               : pci_topology_virtual(topology, address, physical->address.bus) == NULL;
}

/* Make those of one function, all like the first. */
static void make_of(struct sim_pci_topology *topology, const struct sim_pci_function *physical,
                    struct sim_pci_mould *mould)
{
    unsigned int count = count_most(physical);
    struct sim_pci_function made = {.behind = PCI_NO_BUS, .physical = physical};

    make_mould(mould, physical);
    sim_pci_config_init(&made.config, &mould->masks, &mould->dump);
    sim_pci_config_make_virtual(&made.config);
    for (unsigned int number = 0; number < count && topology->made_count < SIM_PCI_VIRTUAL_MAX;
         number++) {
        made.number = number;
        if (pci_virtual_address(physical, number, &made.address) &&
            is_free(topology, physical, made.address)) {
            topology->made[topology->made_count++] = made;
        }
    }
}

int sim_pci_virtual_make(struct sim_pci_topology *topology)
{
    struct sim_pci_mould *mould = NULL;
    size_t physical = 0;
    size_t all = 0;

    for (size_t i = 0; i < topology->count; i++) {
        unsigned int most = count_most(&topology->functions[i]);

        physical += most > 0;
        all += most;
    }
    if (all == 0) {
        return 0;
    }
    topology->made =
        calloc(all < SIM_PCI_VIRTUAL_MAX ? all : SIM_PCI_VIRTUAL_MAX, sizeof *topology->made);
    topology->moulds = calloc(physical, sizeof *topology->moulds);
    if (topology->made == NULL || topology->moulds == NULL) {
        return -1;
    }
    mould = topology->moulds;
    for (size_t i = 0; i < topology->count; i++) {
        if (count_most(&topology->functions[i]) > 0) {
            make_of(topology, &topology->functions[i], mould++);
        }
    }
    return 0;
}
