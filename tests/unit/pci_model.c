/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/pci_model.h"

#include <string.h>

/* ---- Scanning ---- */

static uint32_t raw(struct pci_tree *tree, unsigned int where, unsigned int offset)
{
    const struct dd_pci_address address = {0, (uint8_t)(where >> 8), (uint8_t)(where >> 3 & 31),
                                           (uint8_t)(where & 7)};

    return tree->access.ops->read(&tree->access, address, (uint16_t)offset, DD_PCI_WIDTH_32);
}

static bool is_there(struct pci_tree *tree, unsigned int where)
{
    return (raw(tree, where, 0) & 0xFFFF) != 0xFFFF;
}

/* [PCI 3.0] 6.7, [PCIe 6] 7.5.3: where the PCI Express capability is; 0: nowhere. */
static unsigned int express_of(struct pci_tree *tree, unsigned int where)
{
    unsigned int at = raw(tree, where, 0x34) & 0xFC;

    if ((raw(tree, where, 0x04) >> 20 & 1) == 0) {
        return 0;
    }
    for (int i = 0; i < 48 && at >= 0x40; i++) {
        if ((raw(tree, where, at) & 0xFF) == 0x10) {
            return at;
        }
        at = raw(tree, where, at) >> 8 & 0xFC;
    }
    return 0;
}

/* [PCIe 6] 7.8.8: the number of the next function; 0: the last, -1: no such capability. */
static int next_of(struct pci_tree *tree, unsigned int where)
{
    unsigned int at = 0x100;

    for (int i = 0; i < 960 && at >= 0x100; i++) {
        uint32_t entry = raw(tree, where, at);

        if (entry == 0xFFFFFFFF) {
            return -1;
        }
        if ((entry & 0xFFFF) == 0x000E) {
            return (int)(raw(tree, where, at + 4) >> 8 & 0xFF);
        }
        at = entry >> 20 & 0xFFC;
    }
    return -1;
}

static void scan_bus(struct pci_tree *tree, struct pci_model_scan *scan, unsigned int bus,
                     unsigned int bridge);

static void visit(struct pci_tree *tree, struct pci_model_scan *scan, unsigned int where)
{
    unsigned int layout = raw(tree, where, 0x0C) >> 16 & 0x7F;
    unsigned int secondary = raw(tree, where, 0x18) >> 8 & 0xFF;
    unsigned int subordinate = raw(tree, where, 0x18) >> 16 & 0xFF;
    unsigned int last = scan->last[where >> 8];

    scan->found[scan->count++] = (uint16_t)where;
    if ((layout == 1 || layout == 2) && secondary > where >> 8 && secondary <= subordinate &&
        secondary <= last && !scan->entered[secondary]) {
        scan->last[secondary] = (uint8_t)(subordinate < last ? subordinate : last);
        scan_bus(tree, scan, secondary, where);
    }
}

/* Functions 0 to 7 of a device. */
static void scan_device(struct pci_tree *tree, struct pci_model_scan *scan, unsigned int where)
{
    if (!is_there(tree, where)) {
        return;
    }
    unsigned int last = (raw(tree, where, 0x0C) >> 23 & 1) != 0 ? 7 : 0;

    for (unsigned int i = 0; i <= last; i++) {
        if (is_there(tree, where + i)) {
            visit(tree, scan, where + i);
        }
    }
}

/* Functions that name each other; the device alone if the first does not. */
static void scan_chain(struct pci_tree *tree, struct pci_model_scan *scan, unsigned int first)
{
    if (!is_there(tree, first) || next_of(tree, first) < 0) {
        scan_device(tree, scan, first);
        return;
    }
    for (int number = 0; is_there(tree, first + (unsigned int)number);) {
        int next = next_of(tree, first + (unsigned int)number);

        visit(tree, scan, first + (unsigned int)number);
        if (next <= number) {
            break;
        }
        number = next;
    }
}

static void scan_bus(struct pci_tree *tree, struct pci_model_scan *scan, unsigned int bus,
                     unsigned int bridge)
{
    unsigned int express = 0;
    unsigned int type;

    scan->entered[bus] = true;
    if (bridge != UINT32_MAX && (raw(tree, bridge, 0x0C) >> 16 & 0x7F) == 1) {
        express = express_of(tree, bridge);
    }
    type = express == 0 ? 0 : raw(tree, bridge, express) >> 20 & 15;
    if (express != 0 && (type == 4 || type == 6)) {
        if ((raw(tree, bridge, express) >> 16 & 15) >= 2 && express + 0x28 < 0x100 &&
            (raw(tree, bridge, express + 0x28) >> 5 & 1) != 0) {
            scan_chain(tree, scan, bus << 8);
        } else {
            scan_device(tree, scan, bus << 8);
        }
        return;
    }
    for (unsigned int device = 0; device < (express != 0 && type == 8 ? 1u : 32u); device++) {
        scan_device(tree, scan, bus << 8 | device << 3);
    }
}

void pci_model_scan(struct pci_tree *tree, struct pci_model_scan *scan)
{
    scan->count = 0;
    memset(scan->entered, 0, sizeof scan->entered);
    for (unsigned int i = 0; i < tree->root_count; i++) {
        if (!scan->entered[tree->root_numbers[i]]) {
            scan->last[tree->root_numbers[i]] = 255;
            scan_bus(tree, scan, tree->root_numbers[i], UINT32_MAX);
        }
    }
}

/* ---- Addresses ---- */

enum space {
    SPACE_IO,
    SPACE_MEMORY
};

struct extent {
    uint64_t base;
    uint64_t limit; /* below base: none */
};

/* [PCI-PCI 1.2] 3.2.5: windows of a bridge; number 0 is I/O, 1 memory, 2 prefetchable memory. */
static struct extent window_of(const struct pci_tree_function *bridge, unsigned int number)
{
    uint64_t low = pci_tree_get32(bridge, number == 0 ? 0x1C : number == 1 ? 0x20 : 0x24);
    struct extent extent;

    if (number == 0) {
        extent.base = (low & 0xF0) << 8;
        extent.limit = (low & 0xF000) | 0xFFF;
        if ((low & 0xF) == 1) {
            extent.base |= (uint64_t)(pci_tree_get32(bridge, 0x30) & 0xFFFF) << 16;
            extent.limit |= (uint64_t)(pci_tree_get32(bridge, 0x30) >> 16) << 16;
        }
        return low == 0 ? (struct extent){1, 0} : extent;
    }
    extent.base = (low & 0xFFF0) << 16;
    extent.limit = (low & 0xFFF00000) | 0xFFFFF;
    if (number == 2 && (low & 0xF) == 1) {
        extent.base |= (uint64_t)pci_tree_get32(bridge, 0x28) << 32;
        extent.limit |= (uint64_t)pci_tree_get32(bridge, 0x2C) << 32;
    }
    return low == 0 ? (struct extent){1, 0} : extent;
}

static bool covers(struct extent outer, struct extent inner)
{
    return outer.base <= inner.base && inner.limit <= outer.limit;
}

static bool meet(struct extent a, struct extent b)
{
    return a.base <= b.limit && b.base <= a.limit;
}

static const struct pci_tree_function *bridge_above(const struct pci_tree *tree, unsigned int bus)
{
    for (unsigned int i = 0; i < tree->function_count; i++) {
        if (tree->functions[i].behind == bus) {
            return &tree->functions[i];
        }
    }
    return NULL;
}

/* [PCI-PCI 1.2] 3.2.5.18, bit 2 of Bridge Control: of each KiB below 64 KiB only the first 256 bytes. */
static bool is_blocked(const struct pci_tree_function *bridge, struct extent extent)
{
    return (bridge->bytes[0x3E] & 4) != 0 && extent.base < 0x10000 &&
           (extent.base % 0x400 > 0xFF || extent.limit - extent.base / 0x400 * 0x400 > 0xFF);
}

/* Whether a bridge forwards the whole extent downstream. */
static bool forwards(const struct pci_tree_function *bridge, enum space space, struct extent extent)
{
    if ((bridge->bytes[0x04] & (space == SPACE_IO ? 1 : 2)) == 0) {
        return false;
    }
    if (space == SPACE_IO) {
        return covers(window_of(bridge, 0), extent) && !is_blocked(bridge, extent);
    }
    return covers(window_of(bridge, 1), extent) || covers(window_of(bridge, 2), extent);
}

/*
 * The same, bits 3 and 4: VGA Enable takes A0000h to BFFFFh, and of each KiB of ports below 64 KiB, or
 * of the first alone, 3B0h to 3BBh and 3C0h to 3DFh.
 */
static bool takes_vga(const struct pci_tree_function *bridge, enum space space,
                      struct extent extent)
{
    if ((bridge->bytes[0x3E] & 8) == 0) {
        return false;
    }
    if (space == SPACE_MEMORY) {
        return meet(extent, (struct extent){0xA0000, 0xBFFFF});
    }
    const uint64_t end = (bridge->bytes[0x3E] & 16) != 0 ? 0x400 : 0x10000;

    for (uint64_t block = extent.base & ~UINT64_C(0x3FF); block < end && block <= extent.limit;
         block += 0x400) {
        if (meet(extent, (struct extent){block + 0x3B0, block + 0x3BB}) ||
            meet(extent, (struct extent){block + 0x3C0, block + 0x3DF})) {
            return true;
        }
    }
    return false;
}

/* Whether any address of the extent would be taken by a bridge. */
static bool takes(const struct pci_tree_function *bridge, enum space space, struct extent extent)
{
    if (takes_vga(bridge, space, extent)) {
        return true;
    }
    for (unsigned int i = space == SPACE_IO ? 0 : 1; i <= (space == SPACE_IO ? 0u : 2u); i++) {
        struct extent window = window_of(bridge, i);

        if (window.base <= window.limit && meet(window, extent)) {
            return true;
        }
    }
    return false;
}

/* Whether a bridge beside one on the way would take it. */
static bool is_taken_beside(const struct pci_tree *tree, const struct pci_tree_function *inside,
                            enum space space, struct extent extent)
{
    for (unsigned int i = 0; i < tree->function_count; i++) {
        const struct pci_tree_function *neighbour = &tree->functions[i];

        if (neighbour->bus == inside->bus && neighbour != inside &&
            neighbour->behind != PCI_TREE_NONE && takes(neighbour, space, extent)) {
            return true;
        }
    }
    return false;
}

static bool has_room(const struct pci_model_roots *roots, unsigned int root, enum space space,
                     struct extent extent)
{
    const struct extent io = {roots->io[root][0], roots->io[root][1]};
    const struct extent memory = {roots->memory[root][0], roots->memory[root][1]};
    const struct extent prefetchable = {roots->prefetchable[root][0], roots->prefetchable[root][1]};

    return space == SPACE_IO ? covers(io, extent)
                             : covers(memory, extent) || covers(prefetchable, extent);
}

/* From the function up to the root, every bridge passes it on and no neighbour takes it. */
static const char *travel(const struct pci_tree *tree, const struct pci_model_roots *roots,
                          const struct pci_tree_function *function, enum space space,
                          struct extent extent)
{
    const struct pci_tree_function *inside = function;
    const struct pci_tree_function *above = bridge_above(tree, inside->bus);

    while (above != NULL) {
        if (is_taken_beside(tree, inside, space, extent)) {
            return "a bridge beside its way takes it";
        }
        if (!forwards(above, space, extent)) {
            return "a bridge on its way does not pass it on";
        }
        inside = above;
        above = bridge_above(tree, inside->bus);
    }
    if (is_taken_beside(tree, inside, space, extent)) {
        return "a bridge beside its way takes it";
    }
    return has_room(roots, inside->bus, space, extent) ? NULL : "its root has no such address";
}

struct claim {
    const struct pci_tree_function *function;
    enum space space;
    struct extent extent;
};

/* Of one register, or a pair: the range, by its bits that can be written. The result: registers used. */
static unsigned int read_bar(const struct pci_tree_function *function, unsigned int offset,
                             struct claim *claim)
{
    uint64_t value = pci_tree_get32(function, offset);
    uint64_t mask;
    bool is_wide = (value & 7) == 4;

    memcpy(&mask, &function->writable[offset], 4);
    mask &= 0xFFFFFFFF;
    if (is_wide) {
        uint32_t high;

        memcpy(&high, &function->writable[offset + 4], 4);
        mask |= (uint64_t)high << 32;
        value |= (uint64_t)pci_tree_get32(function, offset + 4) << 32;
    }
    if (offset >= 0x30) {
        mask &= ~UINT64_C(1);
    }
    /* decoding that is off claims nothing: Command bits 0 and 1 */
    *claim = (struct claim){
        function, (value & 1) != 0 && offset < 0x30 ? SPACE_IO : SPACE_MEMORY, {1, 0}};
    if (offset >= 0x30 && (value & ~UINT64_C(0x7FF)) == 0 && (value & 1) == 0) {
        mask = 0; /* a ROM that is off, and was given no place */
    }
    if (mask != 0 && (function->bytes[0x04] & (claim->space == SPACE_IO ? 1 : 2)) != 0) {
        claim->extent.base = value & mask;
        claim->extent.limit = claim->extent.base + ((mask & (~mask + 1)) - 1);
    }
    return is_wide ? 2 : 1;
}

static unsigned int read_bars(const struct pci_tree *tree, struct claim *claims)
{
    unsigned int count = 0;

    for (unsigned int i = 0; i < tree->function_count; i++) {
        const struct pci_tree_function *function = &tree->functions[i];
        unsigned int last = function->behind == PCI_TREE_NONE ? 6 : 2;

        for (unsigned int bar = 0; bar < last;) {
            bar += read_bar(function, 0x10 + 4 * bar, &claims[count]);
            count += claims[count].extent.base <= claims[count].extent.limit ? 1 : 0;
        }
        if (last == 6) {
            (void)read_bar(function, 0x30, &claims[count]);
            count += claims[count].extent.base <= claims[count].extent.limit ? 1 : 0;
        }
    }
    return count;
}

static bool overlaps_one_before(const struct claim *claims, unsigned int number)
{
    for (unsigned int i = 0; i < number; i++) {
        if (claims[i].space == claims[number].space &&
            meet(claims[i].extent, claims[number].extent)) {
            return true;
        }
    }
    return false;
}

const char *pci_model_check(const struct pci_tree *tree, const struct pci_model_roots *roots)
{
    static struct claim claims[PCI_TREE_FUNCTIONS * 7];
    unsigned int count = read_bars(tree, claims);

    for (unsigned int i = 0; i < count; i++) {
        const char *trouble =
            travel(tree, roots, claims[i].function, claims[i].space, claims[i].extent);

        if (trouble != NULL) {
            return trouble;
        }
        if (overlaps_one_before(claims, i)) {
            return "two ranges overlap";
        }
    }
    return NULL;
}
