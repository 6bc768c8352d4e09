/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two lists of capabilities. A register of the header, or offset 100h,
 * leads to the first, and each leads to the next. What a list looks like is in
 * a dump's hands: each entry is visited once, and the pointer's low bits are
 * ignored ([PCI 3.0] 6.7, [PCIe 6] 7.6.3).
 *
 * No capability says how long it is. It cannot be longer than up to the next
 * one in configuration space, wherever that is in the list.
 */
#include "drydock/pci_regs.h"
#include "sim/pci/bus/pci_config_internal.h"

enum {
    FIRST = SIM_PCI_HEADER_SIZE,
    FIRST_EXTENDED = DD_PCI_CONFIG_SIZE
};

/* The offset of the first entry, 0: there is no list. */
static unsigned int find_first(const struct sim_pci_config *config, enum sim_pci_chain which)
{
    uint32_t status = sim_pci_config_read(config, DD_PCI_STATUS, 2);
    unsigned int pointer = sim_pci_config_layout(config) == DD_PCI_LAYOUT_CARDBUS
                               ? DD_PCI_CARDBUS_CAPABILITIES_POINTER
                               : DD_PCI_CAPABILITIES_POINTER;

    if (which == SIM_PCI_CHAIN_EXTENDED) {
        return config->size > FIRST_EXTENDED ? FIRST_EXTENDED : 0;
    }
    return DD_GET(status, DD_PCI_STATUS_CAPABILITIES_LIST) != 0
               ? sim_pci_config_read(config, pointer, 1) & 0xFC
               : 0;
}

/* Read an entry and where it leads. Returns whether there is one. */
static bool read_entry(const struct sim_pci_config *config, enum sim_pci_chain which,
                       unsigned int offset, struct sim_pci_extent *entry, unsigned int *next)
{
    uint32_t header = sim_pci_config_read(config, offset, 4);
    bool extended = which == SIM_PCI_CHAIN_EXTENDED;

    if (offset < (extended ? FIRST_EXTENDED : FIRST) || (extended && header == 0) ||
        header == UINT32_MAX) {
        return false;
    }
    entry->offset = offset;
    entry->id = extended ? header & 0xFFFF : header & 0xFF;
    *next = extended ? header >> 20 & 0xFFC : header >> 8 & 0xFC;
    return true;
}

/* @p starts  by offset / 4: an entry begins there. The list's part ends at @p limit. */
static void find_ends(struct sim_pci_extent *list, size_t count, const bool *starts,
                      unsigned int limit)
{
    for (size_t i = 0; i < count; i++) {
        list[i].end = list[i].offset + 4;
        while (list[i].end < limit && !starts[list[i].end / 4]) {
            list[i].end += 4;
        }
    }
}

size_t sim_pci_config_list(const struct sim_pci_config *config, enum sim_pci_chain which,
                           struct sim_pci_extent *list)
{
    unsigned int at = find_first(config, which);
    bool starts[SIM_CONFIG_SIZE / 4] = {false};
    size_t count = 0;

    while (count < SIM_PCI_MAX_CAPABILITIES && !starts[at / 4] &&
           read_entry(config, which, at, &list[count], &at)) {
        starts[list[count].offset / 4] = true;
        count++;
    }
    find_ends(list, count, starts,
              which == SIM_PCI_CHAIN_EXTENDED ? DD_PCI_EXTENDED_CONFIG_SIZE : DD_PCI_CONFIG_SIZE);
    return count;
}

bool sim_pci_config_find(const struct sim_pci_config *config, enum sim_pci_chain which,
                         unsigned int id, struct sim_pci_extent *capability)
{
    struct sim_pci_extent list[SIM_PCI_MAX_CAPABILITIES];
    size_t count = sim_pci_config_list(config, which, list);

    for (size_t i = 0; i < count; i++) {
        if (list[i].id == id) {
            *capability = list[i];
            return true;
        }
    }
    return false;
}
