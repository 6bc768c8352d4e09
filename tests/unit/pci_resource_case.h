/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Small machines for the tests of pci_resource.h, so that the places can be seen.
 */
#ifndef DRYDOCK_TESTS_UNIT_PCI_RESOURCE_CASE_H
#define DRYDOCK_TESTS_UNIT_PCI_RESOURCE_CASE_H

#include <string.h>

#include "drydock/pci_resource.h"
#include "tests/unit/pci_tree.h"
#include "tests/unit/unit.h"

static struct pci_tree tree, before;
static struct dd_pci_resource_root roots[2];
static struct dd_pci_resource_bridge bridges[8];
static struct dd_pci_resource list[32];
static struct dd_pci_resources resources;
static struct dd_pci_resource_fault fault;
static unsigned int root;

static inline void setup(void)
{
    pci_tree_init(&tree);
    root = pci_tree_add_root(&tree, 0);
    roots[0] = (struct dd_pci_resource_root){
        .bus = 0,
        .range = {{0x1000, 0xFFFF}, {0xC0000000, 0xDFFFFFFF}, {0x4000000000, 0x7FFFFFFFFF}}};
    memset(list, 0x5A, sizeof list);
    resources = (struct dd_pci_resources){.roots = roots,
                                          .root_count = 1,
                                          .bridges = bridges,
                                          .bridge_capacity = 8,
                                          .list = list,
                                          .capacity = 32};
}

static inline struct pci_tree_function *add_endpoint(unsigned int bus, unsigned int device)
{
    struct pci_tree_function *function = pci_tree_add(&tree, bus, device, 0, 0);

    pci_tree_put32(function, 0x04, 0x00000007);
    return function;
}

static inline void add_bar(struct pci_tree_function *function, unsigned int index, uint32_t flags,
                           uint64_t size)
{
    pci_tree_put32(function, 0x10 + 4 * index, flags);
    pci_tree_allow32(function, 0x10 + 4 * index, (uint32_t)-size);
    if ((flags & 7) == 4) {
        pci_tree_allow32(function, 0x14 + 4 * index, (uint32_t)(-size >> 32));
    }
}

/* A bridge with all windows, closed, prefetchable memory of 64 bits. */
static inline struct pci_tree_function *add_bridge(unsigned int bus, unsigned int device,
                                                   uint32_t numbers)
{
    struct pci_tree_function *bridge = pci_tree_add(&tree, bus, device, 0, 1);

    pci_tree_put32(bridge, 0x04, 0x00000007);
    pci_tree_put32(bridge, 0x18, numbers);
    pci_tree_put32(bridge, 0x1C, 0x000000F0);
    pci_tree_allow32(bridge, 0x1C, 0x0000F0F0);
    pci_tree_put32(bridge, 0x20, 0x0000FFF0);
    pci_tree_allow32(bridge, 0x20, 0xFFF0FFF0);
    pci_tree_put32(bridge, 0x24, 0x0001FFF1);
    pci_tree_allow32(bridge, 0x24, 0xFFF0FFF0);
    pci_tree_allow32(bridge, 0x28, 0xFFFFFFFF);
    pci_tree_allow32(bridge, 0x2C, 0xFFFFFFFF);
    (void)pci_tree_add_bus(&tree, bridge);
    return bridge;
}

static inline void collect(void)
{
    before = tree;
    ck_assert_int_eq(dd_pci_collect_resources(&tree.access, &resources), DD_OK);
    ck_assert_mem_eq(tree.functions, before.functions, sizeof before.functions);
}

static inline void assign(enum dd_pci_policy policy)
{
    collect();
    ck_assert_int_eq(dd_pci_assign_resources(&resources, policy), DD_OK);
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_OK);
}

static inline void write(void)
{
    ck_assert_int_eq(dd_pci_write_resources(&tree.access, &resources), DD_OK);
}

static inline void expect_window(unsigned int bridge, enum dd_pci_window window, uint64_t base,
                                 uint64_t limit)
{
    ck_assert_uint_eq(bridges[bridge].range[window].base, base);
    ck_assert_uint_eq(bridges[bridge].range[window].limit, limit);
}

#endif
