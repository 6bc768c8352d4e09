/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/pci_random.h"

#include <stddef.h>

enum {
    MAX_FUNCTIONS = 24,
    MAX_BUSES = 10,
    MAX_PER_BUS = 6
};

/* Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014. */
static uint32_t next_of_seed(void *context)
{
    uint64_t *seed = context;
    uint64_t value;

    *seed += UINT64_C(0x9E3779B97F4A7C15);
    value = *seed;
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)(value >> 32);
}

struct pci_choices pci_choices_from_seed(uint64_t *seed)
{
    return (struct pci_choices){next_of_seed, seed};
}

uint32_t pci_choose(const struct pci_choices *choices, uint32_t limit)
{
    return choices->next(choices->context) % limit;
}

static uint32_t any(const struct pci_choices *choices)
{
    return choices->next(choices->context);
}

static bool one_in(const struct pci_choices *choices, uint32_t limit)
{
    return pci_choose(choices, limit) == 0;
}

/* ---- Base address registers ---- */

/* A register whose bits from @p shift on can be written; of 64 bits with its upper half. */
static void make_bar(struct pci_tree_function *function, unsigned int offset, uint32_t flags,
                     unsigned int shift)
{
    uint64_t mask = shift < 64 ? ~UINT64_C(0) << shift : 0;

    pci_tree_put32(function, offset, flags);
    pci_tree_allow32(function, offset, (uint32_t)mask);
    if ((flags & 7) == 4) {
        pci_tree_put32(function, offset + 4, 0);
        pci_tree_allow32(function, offset + 4, (uint32_t)(mask >> 32));
    }
}

/* Kinds of register, and the sizes: small enough for all of a machine to fit what a test gives it. */
static const struct {
    uint32_t flags;
    unsigned int shift, shifts;
} bar_kinds[] = {
    {0x1, 2, 7}, {0x0, 4, 19}, {0x8, 4, 19}, {0x4, 12, 12}, {0xC, 12, 12}, {0xC, 20, 16},
};

static void make_bars(struct pci_tree_function *function, const struct pci_choices *choices,
                      unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        uint32_t kind = pci_choose(choices, 8);
        unsigned int shift;

        if (kind > 5 || (kind > 2 && i + 1 == count)) {
            continue;
        }
        shift = bar_kinds[kind].shift + pci_choose(choices, bar_kinds[kind].shifts);
        make_bar(function, 0x10 + 4 * i, bar_kinds[kind].flags, shift);
        i += kind > 2 ? 1 : 0;
    }
    if (count == 6 && one_in(choices, 4)) {
        unsigned int shift = 11 + pci_choose(choices, 8);

        pci_tree_put32(function, 0x30, shift & 1); /* some ROMs are on */
        pci_tree_allow32(function, 0x30, ~UINT32_C(0) << shift | 1);
    }
}

/* ---- Bridges ---- */

/* Windows: 16 or 32 bits of I/O or none, memory, prefetchable memory of 32 or 64 bits or none. */
static void make_windows(struct pci_tree_function *bridge, const struct pci_choices *choices)
{
    uint32_t number = any(choices);
    uint32_t io = number % 3;
    uint32_t prefetchable = pci_choose(choices, 3);

    if (io > 0) {
        pci_tree_put32(bridge, 0x1C, io == 2 ? 0x01F1 : 0x00F0);
        pci_tree_allow32(bridge, 0x1C, 0x0000F0F0);
        pci_tree_allow32(bridge, 0x30, io == 2 ? 0xFFFFFFFF : 0);
    }
    pci_tree_put32(bridge, 0x20, 0x0000FFF0);
    pci_tree_allow32(bridge, 0x20, 0xFFF0FFF0);
    if (prefetchable > 0) {
        pci_tree_put32(bridge, 0x24, prefetchable == 2 ? 0x0001FFF1 : 0x0000FFF0);
        pci_tree_allow32(bridge, 0x24, 0xFFF0FFF0);
        pci_tree_allow32(bridge, 0x28, prefetchable == 2 ? 0xFFFFFFFF : 0);
        pci_tree_allow32(bridge, 0x2C, prefetchable == 2 ? 0xFFFFFFFF : 0);
    }
    bridge->bytes[0x3E] = number / 3 % 4 == 1 ? 0x04 : 0; /* ISA Enable */
    if (number / 12 % 8 == 1) {
        bridge->bytes[0x3E] |= number / 96 % 2 == 0 ? 0x08 : 0x18; /* VGA Enable, 16-bit decode */
    }
}

/* A list of capabilities that goes anywhere. */
static void make_list(struct pci_tree_function *function, const struct pci_choices *choices)
{
    function->bytes[0x06] = 0x10;
    function->bytes[0x34] = (uint8_t)any(choices);
    for (unsigned int i = 0; i < 6; i++) {
        unsigned int offset = 0x40 + 4 * pci_choose(choices, 48);
        uint32_t number = any(choices);

        function->bytes[offset] = number % 2 == 0 ? 0x10 : (uint8_t)any(choices);
        if (number / 2 % 4 == 3) {
            function->bytes[offset] = 0x14; /* Enhanced Allocation */
        }
        function->bytes[offset + 1] = (uint8_t)any(choices);
    }
}

static void make_hostile(struct pci_tree *tree, struct pci_tree_function *function,
                         const struct pci_choices *choices)
{
    for (unsigned int i = pci_choose(choices, 6); i > 0; i--) {
        pci_tree_put32(function, 0x40 + 4 * pci_choose(choices, 48), any(choices));
    }
    if (one_in(choices, 3)) {
        make_list(function, choices);
    }
    if (one_in(choices, 3)) {
        uint32_t number = any(choices);

        /* ARI, or SR-IOV */
        pci_tree_put32(function, 0x100,
                       (number & 0x1FF00000) | (number % 2 == 0 ? 0x0001000E : 0x00010010));
        pci_tree_put32(function, 0x104, any(choices));
    }
    for (unsigned int offset = 0x108; one_in(choices, 4) && offset < PCI_TREE_SPACE; offset += 4) {
        pci_tree_put32(function, offset, any(choices));
    }
    for (unsigned int i = 0; i < 6; i++) {
        if (one_in(choices, 3)) {
            pci_tree_put32(function, 0x10 + 4 * i, any(choices));
            pci_tree_allow32(function, 0x10 + 4 * i, any(choices));
        }
    }
    if (one_in(choices, 8)) {
        function->bytes[0x0E] = (uint8_t)any(choices);
    }
    if (function->behind != PCI_TREE_NONE && one_in(choices, 4)) {
        function->behind = (uint8_t)pci_choose(choices, tree->bus_count);
    }
    if (one_in(choices, 8)) {
        pci_tree_allow32(function, 0x18, any(choices));
    }
    function->is_gone = one_in(choices, 20);
}

/* ---- Numbers ---- */

/* Depth first from a bus on; the last number given is the result. */
static uint8_t number_buses(struct pci_tree *tree, unsigned int bus, uint8_t number)
{
    uint8_t last = number;

    for (unsigned int slot = 0; slot < 256; slot++) {
        struct pci_tree_function *function;

        if (tree->buses[bus].slots[slot] == PCI_TREE_NONE) {
            continue;
        }
        function = &tree->functions[tree->buses[bus].slots[slot]];
        if (function->behind != PCI_TREE_NONE) {
            function->bytes[0x18] = number;
            function->bytes[0x19] = (uint8_t)(last + 1);
            last = number_buses(tree, function->behind, (uint8_t)(last + 1));
            function->bytes[0x1A] = last;
        }
    }
    return last;
}

/* Numbers of which few make sense. */
static void scatter_numbers(struct pci_tree *tree, const struct pci_choices *choices)
{
    for (unsigned int i = 0; i < tree->function_count; i++) {
        if (tree->functions[i].behind != PCI_TREE_NONE && one_in(choices, 2)) {
            uint32_t numbers = any(choices);

            pci_tree_put32(&tree->functions[i], 0x18,
                           one_in(choices, 2) ? numbers : numbers & 0x000F0F0F);
        }
    }
}

/* ---- The machine ---- */

static struct pci_tree_function *add_function(struct pci_tree *tree, unsigned int bus, size_t slot,
                                              const struct pci_choices *choices)
{
    bool is_bridge = tree->bus_count < MAX_BUSES && one_in(choices, 3);
    struct pci_tree_function *function =
        pci_tree_add(tree, bus, (unsigned int)slot / 8, (unsigned int)slot % 8, is_bridge ? 1 : 0);

    pci_tree_put32(function, 0x08, is_bridge ? 0x06040000 : 0x02000000);
    make_bars(function, choices, is_bridge ? 2 : 6);
    if (is_bridge) {
        static const unsigned int types[] = {4, 5, 6, 7, 8};

        (void)pci_tree_add_bus(tree, function);
        make_windows(function, choices);
        if (one_in(choices, 2)) {
            pci_tree_make_express(function, types[pci_choose(choices, 5)]);
        }
    }
    function->bytes[0x04] = 0x07;
    return function;
}

/* Whether only device 0 of a bus can be seen. */
static bool is_link(const struct pci_tree *tree, unsigned int bus)
{
    for (unsigned int i = 0; i < tree->function_count; i++) {
        const struct pci_tree_function *bridge = &tree->functions[i];

        if (bridge->behind == bus) {
            unsigned int type = bridge->bytes[0x42] >> 4;

            return bridge->bytes[0x34] == 0x40 && (type == 4 || type == 6 || type == 8);
        }
    }
    return false;
}

/* Functions at any places; where there is one beside function 0, that one says so. */
static void fill_bus(struct pci_tree *tree, unsigned int bus, const struct pci_choices *choices)
{
    uint32_t count = 1 + pci_choose(choices, MAX_PER_BUS);
    bool link = is_link(tree, bus);

    for (uint32_t i = 0; i < count && tree->function_count + 2 <= MAX_FUNCTIONS; i++) {
        size_t device = link ? 0 : pci_choose(choices, 32);
        size_t number = one_in(choices, 2) ? pci_choose(choices, 8) : 0;
        const uint8_t *slots = tree->buses[bus].slots;

        if (slots[device * 8] == PCI_TREE_NONE) {
            (void)add_function(tree, bus, device * 8, choices);
        }
        if (slots[device * 8 + number] == PCI_TREE_NONE) {
            (void)add_function(tree, bus, device * 8 + number, choices);
            tree->functions[slots[device * 8]].bytes[0x0E] |= 0x80;
        }
    }
}

void pci_random_build(struct pci_tree *tree, const struct pci_choices *choices,
                      enum pci_manners manners)
{
    uint32_t roots = 1 + pci_choose(choices, 3);

    pci_tree_init(tree);
    for (uint32_t i = 0; i < roots; i++) {
        (void)pci_tree_add_root(tree, (uint8_t)(0x40 * i));
    }
    for (unsigned int bus = 0; bus < tree->bus_count; bus++) {
        fill_bus(tree, bus, choices);
    }
    for (unsigned int root = 0; root < tree->root_count; root++) {
        (void)number_buses(tree, root, tree->root_numbers[root]);
    }
    if (manners == PCI_MANNERS_HOSTILE) {
        for (unsigned int i = 0; i < tree->function_count; i++) {
            make_hostile(tree, &tree->functions[i], choices);
        }
        scatter_numbers(tree, choices);
    }
    tree->is_routed = false;
}
