/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/pci_tree.h"

#include <stdlib.h>
#include <string.h>

#define UNKNOWN_ROUTE 0xFE /* nobody asked for the number yet */

uint32_t pci_tree_get32(const struct pci_tree_function *function, unsigned int offset)
{
    uint32_t value;

    memcpy(&value, &function->bytes[offset], sizeof value);
    return value;
}

void pci_tree_put32(struct pci_tree_function *function, unsigned int offset, uint32_t value)
{
    memcpy(&function->bytes[offset], &value, sizeof value);
}

void pci_tree_allow32(struct pci_tree_function *function, unsigned int offset, uint32_t bits)
{
    memcpy(&function->writable[offset], &bits, sizeof bits);
}

/* ---- Routing ---- */

/* The bridge on a bus that passes accesses for a bus number on, or NULL; the first wins. */
static const struct pci_tree_function *find_bridge(const struct pci_tree *tree, unsigned int bus,
                                                   unsigned int number)
{
    for (unsigned int i = 0; i < tree->function_count; i++) {
        const struct pci_tree_function *function = &tree->functions[i];

        if (function->bus == bus && function->behind != PCI_TREE_NONE && !function->is_gone &&
            function->bytes[0x19] <= number && number <= function->bytes[0x1A] &&
            function->bytes[0x19] != 0) {
            return function;
        }
    }
    return NULL;
}

/* From a root downwards: each bridge passes the access to its secondary bus, or on. */
static unsigned int find_bus(const struct pci_tree *tree, unsigned int root, unsigned int number)
{
    unsigned int bus = root;

    if (tree->root_numbers[root] == number) {
        return root;
    }
    for (unsigned int step = 0; step < 256; step++) {
        const struct pci_tree_function *bridge = find_bridge(tree, bus, number);

        if (bridge == NULL) {
            break;
        }
        if (bridge->bytes[0x19] == number) {
            return bridge->behind;
        }
        bus = bridge->behind;
    }
    return PCI_TREE_NONE;
}

/* The bus that answers to a number, by the registers of now. */
static unsigned int route(struct pci_tree *tree, unsigned int number)
{
    if (!tree->is_routed) {
        memset(tree->route, UNKNOWN_ROUTE, sizeof tree->route);
        tree->is_routed = true;
    }
    if (tree->route[number] == UNKNOWN_ROUTE) {
        unsigned int bus = PCI_TREE_NONE;

        for (unsigned int root = 0; root < tree->root_count && bus == PCI_TREE_NONE; root++) {
            bus = find_bus(tree, root, number);
        }
        tree->route[number] = (uint8_t)bus;
    }
    return tree->route[number];
}

/* Who answers, or NULL. */
static struct pci_tree_function *find(struct pci_tree *tree, struct dd_pci_address address)
{
    struct pci_tree_function *function;
    unsigned int bus;
    unsigned int slot;

    if (tree->reads + tree->writes > tree->vanish_at) {
        return NULL;
    }
    bus = route(tree, address.bus);
    if (bus == PCI_TREE_NONE) {
        return NULL;
    }
    slot = tree->buses[bus].slots[address.device * 8 + address.function];
    if (slot == PCI_TREE_NONE) {
        return NULL;
    }
    function = &tree->functions[slot];
    return function->is_gone ? NULL : function;
}

static uint32_t tree_read(const struct dd_pci_access *access, struct dd_pci_address address,
                          uint16_t offset, enum dd_pci_width width)
{
    struct pci_tree *tree = access->context;
    const struct pci_tree_function *function;
    uint32_t value = 0;

    tree->reads++;
    function = find(tree, address);
    if (function == NULL) {
        return UINT32_MAX;
    }
    if (offset < PCI_TREE_SPACE) {
        memcpy(&value, &function->bytes[offset], width);
    }
    return value;
}

/* Error bits of Status and of a bridge's Secondary Status are cleared by a 1: [PCI 3.0] 6.2.3. */
static uint8_t clearable(const struct pci_tree_function *function, unsigned int offset)
{
    bool is_status = offset == 0x07 || (offset == 0x1F && (function->bytes[0x0E] & 0x7F) == 1);

    return is_status ? 0xF9 : 0;
}

static void tree_write(const struct dd_pci_access *access, struct dd_pci_address address,
                       uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    struct pci_tree *tree = access->context;
    struct pci_tree_function *function;

    tree->writes++;
    function = find(tree, address);
    for (unsigned int i = offset;
         function != NULL && i < offset + (unsigned int)width && i < PCI_TREE_SPACE; i++) {
        uint8_t byte = (uint8_t)(value >> 8 * (i - offset));
        unsigned int kept = function->bytes[i] & ~(unsigned int)function->writable[i];

        kept &= ~(unsigned int)(byte & clearable(function, i));
        function->bytes[i] = (uint8_t)(kept | (byte & function->writable[i]));
    }
    if (offset >= 0x18 && offset < 0x1C) {
        tree->is_routed = false;
    }
}

/* ---- Building ---- */

void pci_tree_init(struct pci_tree *tree)
{
    static const struct dd_pci_ops ops = {tree_read, tree_write};

    tree->access =
        (struct dd_pci_access){.ops = &ops, .context = tree, .size = 4096, .last_bus = 255};
    tree->is_routed = false;
    tree->function_count = 0;
    tree->bus_count = 0;
    tree->root_count = 0;
    tree->reads = 0;
    tree->writes = 0;
    tree->vanish_at = UINT32_MAX;
}

static unsigned int add_bus(struct pci_tree *tree)
{
    if (tree->bus_count == PCI_TREE_BUSES) {
        abort();
    }
    memset(tree->buses[tree->bus_count].slots, PCI_TREE_NONE, 256);
    tree->is_routed = false;
    return tree->bus_count++;
}

unsigned int pci_tree_add_root(struct pci_tree *tree, uint8_t number)
{
    if (tree->root_count == PCI_TREE_ROOTS || tree->root_count != tree->bus_count) {
        abort();
    }
    tree->root_numbers[tree->root_count++] = number;
    return add_bus(tree);
}

struct pci_tree_function *pci_tree_add(struct pci_tree *tree, unsigned int bus, unsigned int device,
                                       unsigned int function, uint8_t layout)
{
    struct pci_tree_function *added = &tree->functions[tree->function_count];

    if (tree->function_count == PCI_TREE_FUNCTIONS) {
        abort();
    }
    memset(added, 0, sizeof *added);
    added->bus = (uint8_t)bus;
    added->device = (uint8_t)device;
    added->function = (uint8_t)function;
    added->behind = PCI_TREE_NONE;
    pci_tree_put32(added, 0x00, 0x00018086 + ((uint32_t)tree->function_count << 16));
    pci_tree_allow32(added, 0x04, 0x07FF);
    added->bytes[0x0E] = layout;
    if (layout != 0) {
        pci_tree_allow32(added, 0x18, 0x00FFFFFF);
    }
    tree->buses[bus].slots[device * 8 + function] = (uint8_t)tree->function_count;
    tree->function_count++;
    return added;
}

unsigned int pci_tree_add_bus(struct pci_tree *tree, struct pci_tree_function *bridge)
{
    bridge->behind = (uint8_t)add_bus(tree);
    return bridge->behind;
}

void pci_tree_make_express(struct pci_tree_function *function, unsigned int type)
{
    function->bytes[0x06] |= 0x10;
    function->bytes[0x34] = 0x40;
    pci_tree_put32(function, 0x40, 0x00020010 | type << 20);
    pci_tree_allow32(function, 0x68, 0x0000FFFF);
}
