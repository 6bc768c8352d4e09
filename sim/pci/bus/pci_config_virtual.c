/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Base addresses of virtual functions. They are in the SR-IOV capability of the
 * physical function, one register for all of them: what it holds is where the first
 * one's memory begins, and the others' follow without a gap ([PCIe 6] 9.3.3.14). Each
 * begins on a page of System Page Size, so a smaller size counts as a page.
 *
 * Sizes are assumed as those of other base addresses, unless VF Resizable BAR or the
 * text of a virtual function tells them. The virtual functions' own registers read 0.
 */
#include <string.h>

#include "drydock/pci_regs.h"
#include "sim/pci/bus/pci_config_internal.h"

enum {
    CONTROL = 0x08,
    CONTROL_ENABLE = 1 << 0,
    CONTROL_MEMORY = 1 << 3,
    PAGE_SIZE = 0x20,
    BAR = 0x24,
    BARS_END = BAR + 4 * SIM_PCI_VIRTUAL_BARS,
    SMALLEST_PAGE = 4096
};

struct pci_base pci_config_describe_virtual(const struct sim_pci_config *config, unsigned int index)
{
    unsigned int sriov = config->masks->sriov;

    return pci_config_describe_memory(config, sriov + BAR + 4 * index, sriov + BARS_END);
}

void pci_config_init_virtual_bars(struct sim_pci_config *config, unsigned int sriov)
{
    config->masks->sriov = sriov;
    for (unsigned int index = 0; index < SIM_PCI_VIRTUAL_BARS;) {
        struct pci_base base = pci_config_describe_virtual(config, index);

        config->virtual_bars[index] = pci_config_size(&base, 0, 0);
        pci_config_let_move(config, &base, &config->virtual_bars[index]);
        index += base.halves;
    }
}

void sim_pci_config_learn_virtual(struct sim_pci_config *config, unsigned int index, uint64_t size)
{
    struct sim_pci_bar *bar = &config->virtual_bars[index];
    struct pci_base base;
    struct sim_pci_bar told;

    if (bar->source != SIM_PCI_BAR_ASSUMED) {
        return;
    }
    base = pci_config_describe_virtual(config, index);
    told = pci_config_size(&base, size, 0);
    if (told.source == SIM_PCI_BAR_KNOWN) {
        *bar = told;
        pci_config_let_move(config, &base, bar);
    }
}

/* The one bit of System Page Size that is 1, in bytes; the smallest page if there is none. */
static uint64_t page_size(const struct sim_pci_config *config)
{
    uint64_t bits = sim_pci_config_read(config, config->masks->sriov + PAGE_SIZE, 4);

    return bits == 0 ? SMALLEST_PAGE : (bits & (~bits + 1)) * SMALLEST_PAGE;
}

bool sim_pci_config_virtual_range(const struct sim_pci_config *config, unsigned int index,
                                  struct sim_pci_range *range)
{
    uint64_t size = 0;
    uint32_t control = 0;
    struct pci_base base;

    if (index >= SIM_PCI_VIRTUAL_BARS || config->virtual_bars[index].source == SIM_PCI_BAR_ABSENT) {
        return false;
    }
    size = config->virtual_bars[index].size;
    size = size < page_size(config) ? page_size(config) : size;
    base = pci_config_describe_virtual(config, index);
    control = sim_pci_config_read(config, config->masks->sriov + CONTROL, 2);
    *range = (struct sim_pci_range){
        .space = SIM_PCI_MEMORY,
        .base = base.reads & base.address_bits & ~(size - 1),
        .size = size,
        .enabled = (control & CONTROL_ENABLE) != 0 && (control & CONTROL_MEMORY) != 0,
    };
    return true;
}

/* Registers that nobody writes keep what the dump says, however strange. */
static bool touches_bars(const struct sim_pci_config *config, unsigned int offset,
                         unsigned int width)
{
    unsigned int sriov = config->masks->sriov;

    return sriov != 0 && offset < sriov + BARS_END && offset + width > sriov + PAGE_SIZE;
}

void pci_config_settle_virtual(struct sim_pci_config *config, unsigned int offset,
                               unsigned int width)
{
    for (unsigned int index = 0;
         touches_bars(config, offset, width) && index < SIM_PCI_VIRTUAL_BARS; index++) {
        struct sim_pci_range range;

        if (sim_pci_config_virtual_range(config, index, &range)) {
            struct pci_base base = pci_config_describe_virtual(config, index);

            pci_config_align(config, &base, range.size);
        }
    }
}

/* Let bytes stay as they are, whatever is written or reset. */
static void fix(struct sim_pci_config *config, unsigned int offset, unsigned int size)
{
    pci_config_protect(config->masks, offset, size);
    memcpy(&config->masks->initial[offset], &config->value[offset], size);
}

void sim_pci_config_make_virtual(struct sim_pci_config *config)
{
    const uint8_t master = (uint8_t)DD_BITS(DD_PCI_COMMAND_BUS_MASTER);

    fix(config, DD_PCI_COMMAND, 2);
    config->masks->rw[DD_PCI_COMMAND] = master;
    config->masks->initial[DD_PCI_COMMAND] &= (uint8_t)~master;
    for (unsigned int index = 0; index < SIM_PCI_VIRTUAL_BARS; index++) {
        config->bars[index] = (struct sim_pci_bar){0, SIM_PCI_BAR_ABSENT};
        fix(config, DD_PCI_BAR + 4 * index, 4);
    }
}
