/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where functions are and what bridges forward: base addresses with their sizes,
 * windows, bus numbers. Said as addresses, not as registers.
 *
 * Spec: [PCI 3.0] 6.2.5; [PCI-PCI 1.2] 3.2.5.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/pci/diff/pci_diff_internal.h"
#include "sim/pci/dump/pci_size_text.h"

#define BUS_NUMBERS 0x18u

/* Registers from one offset on, up to another. */
struct span {
    uint8_t start, end;
};

/* What differs between the header types. */
struct layout {
    unsigned int bars;    /* how many */
    unsigned int rom;     /* offset, 0: none */
    struct span spans[4]; /* of what is compared here, and of the pointer to the capabilities */
};

static const struct layout layouts[] = {
    {6, 0x30, {{0x10, 0x28}, {0x30, 0x35}}},
    {2, 0x38, {{0x10, 0x1B}, {0x1C, 0x1E}, {0x20, 0x35}, {0x38, 0x3C}}},
    {1, 0, {{0x10, 0x15}, {0x18, 0x1B}}},
};

/* A text of a change. */
struct words {
    char text[96];
};

/* A base address register, or a pair of them, in words. */
static struct words describe_bar(const struct sim_dump_function *function, unsigned int index,
                                 unsigned int registers, bool with_size)
{
    unsigned int offset = 0x10 + 4 * index;
    uint32_t low = diff_load(function, offset, 4);
    uint64_t address = low & 0xFFFFFFF0u;
    uint64_t size = function->bars[index].size;
    struct words words = {""};

    if (registers == 2) {
        address |= (uint64_t)diff_load(function, offset + 4, 4) << 32;
    }
    if (low == 0 && address == 0 && size == 0) {
        return words;
    }
    if ((low & 1) != 0) {
        (void)snprintf(words.text, sizeof words.text, "ports %x", low & 0xFFFFFFFCu);
    } else {
        (void)snprintf(words.text, sizeof words.text, "memory %" PRIx64 "%s%s", address,
                       registers == 2 ? ", 64-bit" : "", (low & 8) != 0 ? ", prefetchable" : "");
    }
    if (with_size) {
        size_t length = strlen(words.text);

        (void)snprintf(words.text + length, sizeof words.text - length, ", %s",
                       sim_pci_size_text(size).text);
    }
    return words;
}

static unsigned int count_registers(const struct sim_dump_function *function, unsigned int index,
                                    unsigned int bars)
{
    return (function->bytes[0x10 + 4 * index] & 7) == 4 && index + 1 < bars ? 2 : 1;
}

static void compare_bars(struct diff_comparison *comparison, unsigned int bars)
{
    struct sim_pci_pair *pair = comparison->pair;

    for (unsigned int index = 0; index < bars;) {
        unsigned int registers = count_registers(pair->before, index, bars);
        unsigned int other = count_registers(pair->after, index, bars);
        bool with_size = pair->before->bars[index].size != 0 && pair->after->bars[index].size != 0;

        registers = registers < other ? other : registers;
        if (diff_both_know(pair, 0x10 + 4 * index, 0x10 + 4 * index, UINT32_MAX)) {
            diff_add(pair, describe_bar(pair->before, index, registers, with_size).text,
                     describe_bar(pair->after, index, registers, with_size).text, "BAR %u", index);
        }
        index += registers;
    }
}

static struct words describe_rom(const struct sim_dump_function *function, unsigned int offset)
{
    uint32_t value = diff_load(function, offset, 4);
    struct words words = {""};

    if (value != 0) {
        (void)snprintf(words.text, sizeof words.text, "memory %x%s", value & 0xFFFFF800u,
                       (value & 1) != 0 ? "" : ", disabled");
    }
    return words;
}

/* A window that a bridge forwards. */
struct window {
    const char *name;
    unsigned int base, limit; /* offsets of the registers */
    unsigned int bytes;       /* of each */
    unsigned int upper_base, upper_limit, upper_bytes;
    unsigned int
        shift;        /* of the address in them: bits of the register that are address begin here */
    unsigned int low; /* bits of an address that the register does not have */
};

static const struct window windows[] = {
    {"I/O window", 0x1C, 0x1D, 1, 0x30, 0x32, 2, 4, 12},
    {"memory window", 0x20, 0x22, 2, 0, 0, 0, 4, 20},
    {"prefetchable window", 0x24, 0x26, 2, 0x28, 0x2C, 4, 4, 20},
};

static struct words describe_window(const struct sim_dump_function *function,
                                    const struct window *window)
{
    unsigned int width = diff_load(function, window->base, 1) & 0xF;
    uint64_t ones = (UINT64_C(1) << window->low) - 1;
    uint64_t base = (uint64_t)(diff_load(function, window->base, window->bytes) >> window->shift)
                    << window->low;
    uint64_t limit = (uint64_t)(diff_load(function, window->limit, window->bytes) >> window->shift)
                         << window->low |
                     ones;
    struct words words;

    if (window->upper_bytes > 0 && width == 1) {
        unsigned int shift = window->bytes == 1 ? 16 : 32;

        base |= (uint64_t)diff_load(function, window->upper_base, window->upper_bytes) << shift;
        limit |= (uint64_t)diff_load(function, window->upper_limit, window->upper_bytes) << shift;
    }
    if (base > limit) {
        (void)snprintf(words.text, sizeof words.text, "closed");
    } else {
        (void)snprintf(words.text, sizeof words.text, "%" PRIx64 "-%" PRIx64 ", %s", base, limit,
                       sim_pci_size_text(limit - base + 1).text);
    }
    return words;
}

static void compare_windows(struct diff_comparison *comparison)
{
    struct sim_pci_pair *pair = comparison->pair;

    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        const struct window *window = &windows[i];

        if (diff_both_know(pair, window->base & ~3u, window->base & ~3u, UINT32_MAX)) {
            diff_add(pair, describe_window(pair->before, window).text,
                     describe_window(pair->after, window).text, "%s", window->name);
        }
    }
}

static struct words describe_buses(const struct sim_dump_function *function)
{
    const uint8_t *bytes = &function->bytes[BUS_NUMBERS];
    struct words words;

    (void)snprintf(words.text, sizeof words.text, "%02x, leads to %02x-%02x", bytes[0], bytes[1],
                   bytes[2]);
    return words;
}

void diff_addresses(struct diff_comparison *comparison)
{
    struct sim_pci_pair *pair = comparison->pair;
    unsigned int type = pair->before->bytes[0x0E] & 0x7F;
    const struct layout *layout = NULL;

    if (type >= sizeof layouts / sizeof *layouts) {
        return;
    }
    layout = &layouts[type];
    for (size_t i = 0; i < sizeof layout->spans / sizeof *layout->spans; i++) {
        memset(&comparison->done[layout->spans[i].start], true,
               (size_t)(layout->spans[i].end - layout->spans[i].start));
    }
    if (type != 0 && diff_both_know(pair, BUS_NUMBERS, BUS_NUMBERS, 0xFFFFFF)) {
        diff_add(pair, describe_buses(pair->before).text, describe_buses(pair->after).text, "bus");
    }
    compare_bars(comparison, layout->bars);
    if (layout->rom != 0 && diff_both_know(pair, layout->rom, layout->rom, UINT32_MAX)) {
        diff_add(pair, describe_rom(pair->before, layout->rom).text,
                 describe_rom(pair->after, layout->rom).text, "ROM");
    }
    if (type == 1) {
        compare_windows(comparison);
    }
}
