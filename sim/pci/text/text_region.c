/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regions of the verbose text as base address registers.
 *
 *     Region 4: Memory at fd800000 (64-bit, prefetchable) [disabled] [size=16K]     -vv
 *     Memory at fd800000 (64-bit, prefetchable) [disabled] [size=16K]               -v
 *     Expansion ROM at 000c0000 [virtual] [disabled] [size=128K]                    both
 *
 * The address is the operating system's, which on most machines is the register's.
 * It is not where the region is [virtual] (the register holds no address) or <ignored>
 * (it holds one that is not used), and an expansion ROM is often not where the system
 * would put it until somebody reads it: its address is only likely. Without a number
 * in front, a region can be any register after that of the region before: the first
 * that is free is likely.
 *
 * Sizes are read in dump_region.c. Spec: [PCI 3.0] 6.2.5.
 */
#include "sim/pci/text/text_parser.h"

#define COMMAND   0x04u
#define BAR       0x10u
#define ROM       0x30u
#define ROM_TYPE1 0x38u
#define BARS      6u

/* Base address register of the bus master ports of an IDE controller. Spec: [IDE BM 1.0] 2.0. */
#define IDE_BUS_MASTER 4u

/* What a line says about a region. */
struct region {
    unsigned int offset;
    bool numbered; /* the register is certain */
    bool dropped;  /* there is no such register: what is printed is the half of another */
    bool io;
    bool has_address, has_size, is_empty, is_virtual, is_disabled;
    uint64_t address;
    unsigned int type; /* bits 2:1 of a memory register */
    bool has_type, prefetchable;
};

/* The address, or why there is none. */
static void read_address(struct sim_text_parser *parser, struct region *region)
{
    struct sim_text_match match = {.at = parser->at, .end = parser->end};

    if (sim_text_take(parser, " <unassigned>", 0, NULL)) {
        region->is_empty = true;
    } else if (!sim_text_take(parser, " <{w}", 0, NULL) &&
               sim_text_pattern_address(&match, &region->address)) {
        region->has_address = true;
        parser->at = match.at;
    }
}

static void read_type(struct sim_text_parser *parser, struct region *region)
{
    static const char *const types[] = {" (32-bit, ", " (low-1M, ", " (64-bit, ", " (type 3, "};

    for (unsigned int i = 0; i < sizeof types / sizeof *types; i++) {
        if (sim_text_take(parser, types[i], 0, NULL)) {
            region->has_type = true;
            region->type = i;
            region->prefetchable = sim_text_take(parser, "prefetchable)", 0, NULL);
            (void)sim_text_take(parser, "non-prefetchable)", 0, NULL);
        }
    }
}

/* Whether "[virtual]" comes next and is not the beginning of the next region. */
static bool take_virtual(struct sim_text_parser *parser)
{
    static const char *const next[] = {" [virtual] Expansion ROM at", " [virtual] Memory at",
                                       " [virtual] I/O ports at"};
    const struct sim_text_match match = {.at = parser->at, .end = parser->end};

    for (unsigned int i = 0; i < sizeof next / sizeof *next; i++) {
        if (sim_text_pattern_test(&match, next[i])) {
            return false;
        }
    }
    return sim_text_take(parser, " [virtual]", 0, NULL);
}

static bool take_size(struct sim_text_parser *parser)
{
    return sim_text_take(parser, " [size={#}]", 0, NULL) ||
           sim_text_take(parser, " [size={#}K]", 0, NULL) ||
           sim_text_take(parser, " [size={#}M]", 0, NULL) ||
           sim_text_take(parser, " [size={#}G]", 0, NULL) ||
           sim_text_take(parser, " [size={#}T]", 0, NULL);
}

static void read_remarks(struct sim_text_parser *parser, struct region *region)
{
    bool more = true;

    while (more) {
        more = sim_text_take(parser, " [enhanced]", 0, NULL) ||
               sim_text_take(parser, " [disabled by cmd]", 0, NULL);
        if (take_size(parser)) {
            region->has_size = true;
            more = true;
        }
        if (take_virtual(parser)) {
            region->is_virtual = true;
            more = true;
        }
        if (sim_text_take(parser, " [disabled]", 0, NULL)) {
            region->is_disabled = true;
            more = true;
        }
    }
}

/*
 * Set a register's bits. They are only likely without a number, and those of an address that does
 * not fit: it is the processor's, and where the bus has it is not printed.
 */
static void set(struct sim_text_parser *parser, const struct region *region,
                struct sim_text_bits bits, uint64_t value)
{
    bool fits = value <= sim_text_ones(bits);

    bits.offset += region->offset;
    (void)sim_text_set(parser->function, bits, value,
                       region->numbered && fits ? sim_text_ones(bits) : 0);
}

/*
 * Whether a region is one of the fixed ones of an IDE controller in compatibility mode, which the
 * operating system shows whatever the registers hold. Spec: [PCI IDE 1.0] 2.1.
 */
static bool is_fixed(const struct sim_text_parser *parser, const struct region *region)
{
    const uint8_t *bytes = parser->function->bytes;
    unsigned int index = (region->offset - BAR) / 4;
    bool native = (bytes[0x09] & (index < 2 ? 1u : 4u)) != 0;

    return bytes[0x0a] == 0x01 && bytes[0x0b] == 0x01 && index < 4 && !native;
}

static void store_io(struct sim_text_parser *parser, const struct region *region)
{
    if (is_fixed(parser, region)) {
        return;
    }
    set(parser, region, (struct sim_text_bits){0, 0, 0}, 1);
    if (region->has_address || region->is_empty) {
        set(parser, region, (struct sim_text_bits){0, 31, 2}, region->address >> 2);
    }
}

static void store_memory(struct sim_text_parser *parser, const struct region *region)
{
    bool is_64 = region->has_type && region->type == 2;

    if (region->has_type && !region->is_virtual) {
        set(parser, region, (struct sim_text_bits){0, 3, 0},
            region->type << 1 | (region->prefetchable ? 8u : 0));
    }
    if (is_64 && region->is_empty) {
        return; /* also printed for one without an upper half, whatever its address */
    }
    if (region->has_address || region->is_empty) {
        uint64_t low = is_64 ? (uint32_t)region->address : region->address;

        set(parser, region, (struct sim_text_bits){0, 31, 4}, low >> 4);
    }
    if (is_64 && !region->is_virtual && region->has_address) {
        set(parser, region, (struct sim_text_bits){4, 31, 0}, region->address >> 32);
    }
}

/* A region that is on says that its kind of decoding is on, and the other way round. */
static void store_decoding(struct sim_text_parser *parser, const struct region *region)
{
    struct sim_text_bits bit = {COMMAND, region->io ? 0 : 1, region->io ? 0 : 1};

    if (!region->is_virtual) {
        (void)sim_text_set(parser->function, bit, !region->is_disabled, 1);
    }
}

/*
 * Whether a region without a number is what lspci -F prints of the upper half of the 64-bit register
 * before it: a region of the kind that the low bits of the half stand for, at no address.
 */
static bool is_upper_half(const struct sim_text_parser *parser, const struct region *region)
{
    unsigned int half = parser->function->bytes[BAR + 4 * parser->upper_half];

    return !region->numbered && parser->upper_half != 0 && region->address == 0 &&
           !region->has_size && region->io == ((half & 1) != 0) &&
           (region->io || (half & 0xE) == (region->type << 1 | (region->prefetchable ? 8u : 0)));
}

static void read_region(struct sim_text_parser *parser, struct region *region)
{
    read_address(parser, region);
    if (!region->io) {
        read_type(parser, region);
    }
    read_remarks(parser, region);
    region->dropped = region->dropped || is_upper_half(parser, region);
    if (region->dropped) {
        return;
    }
    if (region->is_virtual) {
        region->address = 0;
    }
    if (region->io) {
        store_io(parser, region);
    } else {
        store_memory(parser, region);
    }
    store_decoding(parser, region);
}

void sim_text_read_region(struct sim_text_parser *parser)
{
    unsigned int index = parser->frames[parser->depth - 1].base;
    struct region region = {.offset = BAR + 4 * index, .numbered = true};

    while (sim_text_take(parser, " [virtual]", 0, NULL)) {
        region.is_virtual = true;
    }
    (void)sim_text_take(parser, " [enhanced]", 0, NULL);
    region.io = sim_text_take(parser, " I/O ports at", 0, NULL);
    if (region.io || sim_text_take(parser, " Memory at", 0, NULL)) {
        region.dropped = index >= BARS || (index != 0 && index == parser->upper_half);
        read_region(parser, &region);
        parser->upper_half = region.has_type && region.type == 2 ? index + 1 : 0;
    }
}

/* Whether the ports that come next are 16: the bus master ports of an IDE controller are. */
static bool are_16_ports(const struct sim_text_parser *parser)
{
    const struct sim_text_match match = {.at = parser->at, .end = parser->end};

    return sim_text_pattern_test(&match, " {w} [size=16]") ||
           sim_text_pattern_test(&match, " {w} [disabled] [size=16]");
}

/* A region without a number. */
static void read_next(struct sim_text_parser *parser, bool io, bool is_virtual)
{
    struct region region = {
        .offset = BAR + 4 * parser->regions, .io = io, .is_virtual = is_virtual};

    if (io && is_fixed(parser, &region) && are_16_ports(parser)) {
        parser->regions = IDE_BUS_MASTER;
        region.offset = BAR + 4 * parser->regions;
    }
    region.dropped = parser->regions >= BARS;
    read_region(parser, &region);
    parser->upper_half = 0;
    if (!region.dropped) {
        bool is_64 = region.has_type && region.type == 2;

        parser->upper_half = is_64 && parser->regions + 1 < BARS ? parser->regions + 1 : 0;
        parser->regions += is_64 ? 2 : 1;
    }
}

void sim_text_read_memory(struct sim_text_parser *parser)
{
    read_next(parser, false, false);
}

void sim_text_read_ports(struct sim_text_parser *parser)
{
    read_next(parser, true, false);
}

static void read_rom(struct sim_text_parser *parser, bool is_virtual)
{
    struct region region = {.is_virtual = is_virtual};
    unsigned int offset = parser->has_bus ? ROM_TYPE1 : ROM;

    read_address(parser, &region);
    read_remarks(parser, &region);
    if (region.is_virtual) {
        return;
    }
    (void)sim_text_set(parser->function, (struct sim_text_bits){offset, 31, 11},
                       region.address >> 11, region.is_empty ? UINT64_MAX : 0);
    (void)sim_text_set(parser->function, (struct sim_text_bits){offset, 0, 0}, !region.is_disabled,
                       1);
}

void sim_text_read_rom(struct sim_text_parser *parser)
{
    read_rom(parser, false);
}

void sim_text_read_virtual(struct sim_text_parser *parser)
{
    if (sim_text_take(parser, " Expansion ROM at", 0, NULL)) {
        read_rom(parser, true);
    } else if (sim_text_take(parser, " Memory at", 0, NULL)) {
        read_next(parser, false, true);
    } else if (sim_text_take(parser, " I/O ports at", 0, NULL)) {
        read_next(parser, true, true);
    }
}
