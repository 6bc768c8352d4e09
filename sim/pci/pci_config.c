/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function's configuration space.
 *
 * Which bits of the header software can write, and which it clears by writing
 * 1, comes from the register tables of hal/. Base addresses are special: a
 * register of size 2^n has its lowest n bits hard-wired, which is how software
 * learns the size ([PCI 3.0] 6.2.5.1). A dump shows the address but not the
 * size, unless it has the verbose text. Where the text is silent the size is
 * assumed: the largest power of two that the address is aligned to, because no
 * decoder could have that address with a larger size, but at most a page of
 * memory, the 256 ports [PCI 3.0] 6.2.5.1 allows, or the smallest ROM (2 KiB,
 * 6.2.5.2), because an address like E0000000 proves little. A register that is
 * all zero and has no text is taken as not implemented.
 *
 * Text that the register contradicts (not a power of two, smaller than the kind
 * allows, larger than the alignment of the address) describes something else,
 * such as a region the operating system made up, and is not used.
 *
 * Bytes the dump does not have read as zero up to offset FFh: a capability
 * pointer into them ends at a null capability. A dump of at most 256 bytes may
 * be of a conventional function, which nobody can read beyond them: all ones.
 */
#include "sim/pci/pci_config.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "drydock/pci_regs.h"
#include "sim/pci/pci_msi.h"

/* What ACCESS of a table's line means for a write. */
enum access {
    ACCESS_RO,
    ACCESS_RSVDP,
    ACCESS_RSVDZ,
    ACCESS_RW,
    ACCESS_RW1C,
};

/* A line of a table: a register (bytes above 0), or a field of the register before it. */
struct row {
    uint8_t offset, bytes, count;
    enum access access;
    uint64_t mask;
};

#define R(name, position, width, number) \
    {.offset = (position), .bytes = (width), .count = (number)},
#define F(name, hi, lo, kind) {.access = ACCESS_##kind, .mask = DD_MASK(hi, lo)},
static const struct row common_rows[] = {
#include "drydock/regs/pci_header_common.def"
};
static const struct row type0_rows[] = {
#include "drydock/regs/pci_header_type0.def"
};
static const struct row type1_rows[] = {
#include "drydock/regs/pci_header_type1.def"
};
static const struct row type2_rows[] = {
#include "drydock/regs/pci_header_type2.def"
};
#undef F
#undef R

/* What differs between the header types. */
struct layout {
    const struct row *rows;
    size_t row_count;
    unsigned int bar, bar_count; /* offset of the first base address register */
    unsigned int rom;            /* offset of the expansion ROM's, 0: none */
};

static const struct layout layouts[] = {
    [DD_PCI_LAYOUT_ENDPOINT] = {type0_rows, sizeof type0_rows / sizeof *type0_rows, DD_PCI_BAR, 6,
                                DD_PCI_ROM},
    [DD_PCI_LAYOUT_BRIDGE] = {type1_rows, sizeof type1_rows / sizeof *type1_rows, DD_PCI_BRIDGE_BAR,
                              2, DD_PCI_BRIDGE_ROM},
    [DD_PCI_LAYOUT_CARDBUS] = {type2_rows, sizeof type2_rows / sizeof *type2_rows,
                               DD_PCI_CARDBUS_SOCKET, 1, 0},
};

static uint32_t load32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void store32(uint8_t *bytes, uint32_t value)
{
    for (unsigned int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> 8 * i);
    }
}

/* Add a field's bits to the masks of every register in a row of equal ones. */
static void apply_field(struct sim_pci_config *config, const struct row *reg,
                        const struct row *field)
{
    uint8_t *masks = field->access == ACCESS_RW ? config->rw : config->rw1c;

    if (field->access != ACCESS_RW && field->access != ACCESS_RW1C) {
        return;
    }
    for (unsigned int i = 0; i < (unsigned int)reg->bytes * reg->count; i++) {
        masks[reg->offset + i] |= (uint8_t)(field->mask >> 8 * (i % reg->bytes));
    }
}

static void apply_rows(struct sim_pci_config *config, const struct row *rows, size_t count)
{
    const struct row *reg = rows;

    for (size_t i = 0; i < count; i++) {
        if (rows[i].bytes > 0) {
            reg = &rows[i];
        } else {
            apply_field(config, reg, &rows[i]);
        }
    }
}

/* A base address register as its bits describe it. */
struct base {
    unsigned int offset, halves; /* halves: 2 for a 64-bit pair */
    uint64_t reads;              /* what it reads, both halves */
    uint64_t address_bits;       /* those of its kind, before the size takes some away */
    uint64_t other_bits;         /* writable bits that are no address */
    uint64_t assumed;            /* largest size to assume */
};

static struct base describe_rom(const struct sim_pci_config *config, unsigned int offset)
{
    return (struct base){
        .offset = offset,
        .halves = 1,
        .reads = load32(&config->value[offset]),
        .address_bits = DD_BITS(DD_PCI_ROM_BASE),
        .other_bits = DD_BITS(DD_PCI_ROM_ENABLE),
        .assumed = 0x800,
    };
}

static struct base describe_io(const struct sim_pci_config *config, unsigned int offset)
{
    return (struct base){
        .offset = offset,
        .halves = 1,
        .reads = load32(&config->value[offset]),
        .address_bits = DD_BITS(DD_PCI_BAR_IO_BASE),
        .assumed = 0x100,
    };
}

/*
 * Reserved types, of which "below 1 MiB" is one since [PCI 3.0], and a 64-bit
 * one in the last register of the header have no address bits.
 */
static struct base describe_memory(const struct sim_pci_config *config, unsigned int offset,
                                   unsigned int end)
{
    struct base base = {
        .offset = offset,
        .halves = 1,
        .reads = load32(&config->value[offset]),
        .address_bits = DD_BITS(DD_PCI_BAR_MEMORY_BASE),
        .assumed = 0x1000,
    };
    uint64_t type = DD_GET(base.reads, DD_PCI_BAR_MEMORY_TYPE);

    if (type == DD_PCI_BAR_TYPE_64 && offset + 4 < end) {
        base.halves = 2;
        base.reads |= (uint64_t)load32(&config->value[offset + 4]) << 32;
        base.address_bits |= DD_MASK(63, 32);
    } else if (type != DD_PCI_BAR_TYPE_32) {
        base.address_bits = 0;
    }
    return base;
}

static struct sim_pci_bar size_of(const struct base *base, uint64_t text)
{
    uint64_t address = base->reads & base->address_bits;
    uint64_t alignment = address & (~address + 1);
    bool power_of_two = text != 0 && (text & (text - 1)) == 0;
    struct sim_pci_bar bar = {0, SIM_PCI_BAR_ABSENT};

    if (power_of_two && (text & base->address_bits) != 0 && (address == 0 || text <= alignment)) {
        bar = (struct sim_pci_bar){text, SIM_PCI_BAR_KNOWN};
    } else if (base->reads != 0 && base->address_bits != 0) {
        bar.size = address != 0 && alignment < base->assumed ? alignment : base->assumed;
        bar.source = SIM_PCI_BAR_ASSUMED;
    }
    return bar;
}

/* Decide a register's size and leave only the bits above it writable. */
static void init_base(struct sim_pci_config *config, const struct base *base, unsigned int index)
{
    struct sim_pci_bar bar = size_of(base, config->dump->bars[index].size);
    uint64_t writable = 0;

    if (bar.source != SIM_PCI_BAR_ABSENT) {
        writable = (base->address_bits & ~(bar.size - 1)) | base->other_bits;
    }
    for (unsigned int half = 0; half < base->halves; half++) {
        store32(&config->rw[base->offset + 4 * half], (uint32_t)(writable >> 32 * half));
    }
    config->bars[index] = bar;
}

static void init_bars(struct sim_pci_config *config, const struct layout *layout)
{
    unsigned int end = layout->bar + 4 * layout->bar_count;

    for (unsigned int offset = layout->bar; offset < end;) {
        bool io = DD_GET(config->value[offset], DD_PCI_BAR_IO_SPACE) != 0;
        struct base base = io ? describe_io(config, offset) : describe_memory(config, offset, end);

        init_base(config, &base, (offset - layout->bar) / 4);
        offset += 4 * base.halves;
    }
    if (layout->rom != 0) {
        struct base base = describe_rom(config, layout->rom);

        init_base(config, &base, SIM_DUMP_BARS - 1);
    }
}

void sim_pci_config_init(struct sim_pci_config *config, const struct sim_dump_function *function)
{
    unsigned int type = function->bytes[DD_PCI_HEADER_TYPE] & 0x7f;

    memset(config, 0, sizeof *config);
    config->dump = function;
    memcpy(config->value, function->bytes, sizeof config->value);
    apply_rows(config, common_rows, sizeof common_rows / sizeof *common_rows);
    if (type < sizeof layouts / sizeof *layouts) {
        apply_rows(config, layouts[type].rows, layouts[type].row_count);
        init_bars(config, &layouts[type]);
    }
    sim_pci_msi_add_masks(config);
}

/* Bytes that answer. The rest reads as all ones. */
static unsigned int answering_size(const struct sim_pci_config *config)
{
    return config->dump->known_size > DD_PCI_CONFIG_SIZE ? SIM_CONFIG_SIZE : DD_PCI_CONFIG_SIZE;
}

static uint8_t read_byte(const struct sim_pci_config *config, unsigned int offset)
{
    if (offset < SIM_PCI_MODEL_SIZE) {
        return config->value[offset];
    }
    return offset < answering_size(config) ? config->dump->bytes[offset] : 0xff;
}

uint32_t sim_pci_config_read(const struct sim_pci_config *config, unsigned int offset,
                             unsigned int width)
{
    uint32_t value = 0;

    for (unsigned int i = 0; i < width; i++) {
        value |= (uint32_t)read_byte(config, offset + i) << 8 * i;
    }
    return value;
}

void sim_pci_config_write(struct sim_pci_config *config, unsigned int offset, unsigned int width,
                          uint32_t value)
{
    for (unsigned int at = offset; at < offset + width && at < SIM_PCI_MODEL_SIZE; at++) {
        uint8_t written = (uint8_t)(value >> 8 * (at - offset));

        config->value[at] =
            (uint8_t)((config->value[at] & ~config->rw[at]) | (written & config->rw[at]));
        config->value[at] &= (uint8_t) ~(written & config->rw1c[at]);
    }
}
