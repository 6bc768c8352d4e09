/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Base addresses. A register of size 2^n has its lowest n bits hard-wired, which
 * is how software learns the size ([PCI 3.0] 6.2.5.1). A dump shows the address
 * but not the size, unless it has the verbose text. Where the text is silent the
 * size is assumed: the largest power of two that the address is aligned to,
 * because no decoder could have that address with a larger size, but at most a
 * page of memory, the 256 ports [PCI 3.0] 6.2.5.1 allows, or the smallest ROM
 * (2 KiB, 6.2.5.2), because an address like E0000000 proves little; and not less
 * than what the function's MSI-X table and pending bits take. A register that is
 * all zero and has no text is taken as not implemented.
 *
 * Text that the register contradicts (not a power of two, smaller than the kind
 * allows, larger than the alignment of the address) describes something else,
 * such as a region the operating system made up, and is not used.
 */
#include "drydock/pci_regs.h"
#include "sim/pci/bus/pci_config_internal.h"

/* Where the registers of a header are. */
struct layout {
    unsigned int bar, bar_count; /* offset of the first base address register */
    unsigned int rom;            /* offset of the expansion ROM's, 0: none */
};

static const struct layout layouts[] = {
    [DD_PCI_LAYOUT_ENDPOINT] = {DD_PCI_BAR, 6, DD_PCI_ROM},
    [DD_PCI_LAYOUT_BRIDGE] = {DD_PCI_BRIDGE_BAR, 2, DD_PCI_BRIDGE_ROM},
    [DD_PCI_LAYOUT_CARDBUS] = {DD_PCI_CARDBUS_SOCKET, 1, 0},
};

enum {
    ROM = SIM_DUMP_BARS - 1
};

static struct pci_base describe_rom(const struct sim_pci_config *config, unsigned int offset)
{
    return (struct pci_base){
        .offset = offset,
        .halves = 1,
        .space = SIM_PCI_MEMORY,
        .reads = sim_pci_config_read(config, offset, 4),
        .address_bits = DD_BITS(DD_PCI_ROM_BASE),
        .other_bits = DD_BITS(DD_PCI_ROM_ENABLE),
        .assumed = 0x800,
    };
}

static struct pci_base describe_io(const struct sim_pci_config *config, unsigned int offset)
{
    return (struct pci_base){
        .offset = offset,
        .halves = 1,
        .space = SIM_PCI_IO,
        .reads = sim_pci_config_read(config, offset, 4),
        .address_bits = DD_BITS(DD_PCI_BAR_IO_BASE),
        .assumed = 0x100,
    };
}

/*
 * Reserved types, of which "below 1 MiB" is one since [PCI 3.0], and a 64-bit
 * one in the last register of the header have no address bits.
 */
struct pci_base pci_config_describe_memory(const struct sim_pci_config *config, unsigned int offset,
                                           unsigned int end)
{
    struct pci_base base = {
        .offset = offset,
        .halves = 1,
        .space = SIM_PCI_MEMORY,
        .reads = sim_pci_config_read(config, offset, 4),
        .address_bits = DD_BITS(DD_PCI_BAR_MEMORY_BASE),
        .assumed = 0x1000,
    };
    uint64_t type = DD_GET(base.reads, DD_PCI_BAR_MEMORY_TYPE);

    if (type == DD_PCI_BAR_TYPE_64 && offset + 4 < end) {
        base.halves = 2;
        base.reads |= (uint64_t)sim_pci_config_read(config, offset + 4, 4) << 32;
        base.address_bits |= DD_MASK(63, 32);
    } else if (type != DD_PCI_BAR_TYPE_32) {
        base.address_bits = 0;
    }
    return base;
}

static const struct layout *layout_of(const struct sim_pci_config *config)
{
    unsigned int layout = sim_pci_config_layout(config);

    return layout < sizeof layouts / sizeof *layouts ? &layouts[layout] : NULL;
}

/* @p index  of a register that the layout has, or ROM */
static struct pci_base describe(const struct sim_pci_config *config, const struct layout *layout,
                                unsigned int index)
{
    unsigned int offset = layout->bar + 4 * index;

    if (index == ROM) {
        return describe_rom(config, layout->rom);
    }
    return DD_GET(config->value[offset], DD_PCI_BAR_IO_SPACE) != 0
               ? describe_io(config, offset)
               : pci_config_describe_memory(config, offset, layout->bar + 4 * layout->bar_count);
}

static uint64_t round_up(uint64_t size)
{
    uint64_t power = 1;

    while (power < size) {
        power *= 2;
    }
    return power;
}

struct sim_pci_bar pci_config_size(const struct pci_base *base, uint64_t text, uint64_t used)
{
    uint64_t address = base->reads & base->address_bits;
    uint64_t alignment = address & (~address + 1);
    uint64_t needed = round_up(used);
    uint64_t assumed =
        needed > base->assumed && (needed & base->address_bits) != 0 ? needed : base->assumed;
    bool power_of_two = text != 0 && (text & (text - 1)) == 0;
    struct sim_pci_bar bar = {0, SIM_PCI_BAR_ABSENT};

    if (power_of_two && (text & base->address_bits) != 0 && (address == 0 || text <= alignment)) {
        bar = (struct sim_pci_bar){text, SIM_PCI_BAR_KNOWN};
    } else if (base->reads != 0 && base->address_bits != 0) {
        bar.size = address != 0 && alignment < assumed ? alignment : assumed;
        bar.source = SIM_PCI_BAR_ASSUMED;
    }
    return bar;
}

void pci_config_let_move(struct sim_pci_config *config, const struct pci_base *base,
                         const struct sim_pci_bar *bar)
{
    uint64_t writable = 0;

    if (bar->source != SIM_PCI_BAR_ABSENT) {
        writable = (base->address_bits & ~(bar->size - 1)) | base->other_bits;
    }
    for (unsigned int half = 0; half < base->halves; half++) {
        pci_config_set_writable(config, base->offset + 4 * half, (uint32_t)(writable >> 32 * half));
    }
}

static void init_base(struct sim_pci_config *config, const struct pci_base *base,
                      unsigned int index)
{
    bool may_have_table = base->space == SIM_PCI_MEMORY && index != ROM;
    uint64_t used = may_have_table ? pci_config_msix_end(config, index) : 0;

    config->bars[index] = pci_config_size(base, config->dump->bars[index].size, used);
    pci_config_let_move(config, base, &config->bars[index]);
}

void pci_config_init_bars(struct sim_pci_config *config)
{
    const struct layout *layout = layout_of(config);

    for (unsigned int index = 0; index < layout->bar_count;) {
        struct pci_base base = describe(config, layout, index);

        init_base(config, &base, index);
        index += base.halves;
    }
    if (layout->rom != 0) {
        struct pci_base base = describe_rom(config, layout->rom);

        init_base(config, &base, ROM);
    }
}

static bool is_enabled(const struct sim_pci_config *config, const struct pci_base *base,
                       unsigned int index)
{
    uint32_t command = sim_pci_config_read(config, DD_PCI_COMMAND, 2);

    if (base->space == SIM_PCI_IO) {
        return DD_GET(command, DD_PCI_COMMAND_IO_SPACE) != 0;
    }
    return DD_GET(command, DD_PCI_COMMAND_MEMORY_SPACE) != 0 &&
           (index != ROM || DD_GET(base->reads, DD_PCI_ROM_ENABLE) != 0);
}

bool sim_pci_config_range(const struct sim_pci_config *config, unsigned int index,
                          struct sim_pci_range *range)
{
    const struct layout *layout = layout_of(config);
    struct pci_base base;

    if (layout == NULL || index >= SIM_DUMP_BARS ||
        config->bars[index].source == SIM_PCI_BAR_ABSENT) {
        return false;
    }
    base = describe(config, layout, index);
    *range = (struct sim_pci_range){
        .space = base.space,
        .base = base.reads & base.address_bits & ~(config->bars[index].size - 1),
        .size = config->bars[index].size,
        .enabled = is_enabled(config, &base, index),
    };
    return true;
}

struct pci_base pci_config_describe_bar(const struct sim_pci_config *config, unsigned int index)
{
    return describe(config, layout_of(config), index);
}

void pci_config_align(struct sim_pci_config *config, const struct pci_base *base, uint64_t size)
{
    uint64_t low_bits = base->address_bits & (size - 1);

    for (unsigned int i = 0; i < 4 * base->halves; i++) {
        config->value[base->offset + i] &= (uint8_t) ~(low_bits >> 8 * i);
    }
}

void sim_pci_config_pretend(struct sim_pci_config *config, unsigned int index, uint64_t size)
{
    struct pci_base base = pci_config_describe_bar(config, index);
    struct sim_pci_bar bar = {size, config->bars[index].source};

    pci_config_let_move(config, &base, &bar);
    pci_config_align(config, &base, size);
}

unsigned int sim_pci_config_bar_offset(const struct sim_pci_config *config, unsigned int index)
{
    return pci_config_describe_bar(config, index).offset;
}
