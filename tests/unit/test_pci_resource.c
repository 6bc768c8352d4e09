/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_resource*.c: what is found, given from scratch, checked and written. */
#include "tests/unit/pci_resource_case.h"

/* ---- Collecting ---- */

START_TEST(ranges_and_bridges_are_collected_in_the_order_of_a_scan)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);
    struct pci_tree_function *host = add_endpoint(root, 0);

    pci_tree_put32(host, 0x08, 0x06000000); /* a host bridge is left alone */
    add_bar(host, 0, 0, 0x1000);
    add_bar(bridge, 0, 0, 0x100);
    add_bar(card, 1, 0x1, 0x20);
    add_bar(card, 2, 0xC, 0x4000);
    pci_tree_allow32(card, 0x30, 0xFFFF8001);
    collect();
    ck_assert_uint_eq(resources.bridge_count, 1);
    ck_assert_uint_eq(resources.count, 4);
    ck_assert_uint_eq(list[0].offset, 0x10);
    ck_assert_uint_eq(list[0].parent, 0xFFFF);
    ck_assert_uint_eq(list[1].offset, 0x14);
    ck_assert_uint_eq(list[1].parent, 0);
    ck_assert_uint_eq(list[1].size, 0x20);
    ck_assert_uint_eq(list[2].offset, 0x18);
    ck_assert_int_eq(list[2].kind, DD_PCI_BAR_KIND_MEMORY64);
    ck_assert(list[2].prefetchable);
    ck_assert_uint_eq(list[3].offset, 0x30);
    ck_assert_uint_eq(list[3].size, 0x8000);
}
END_TEST

START_TEST(arrays_that_are_too_small_are_full)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);

    add_bar(add_endpoint(bridge->behind, 0), 0, 0, 0x1000);
    resources.capacity = 0;
    ck_assert_int_eq(dd_pci_collect_resources(&tree.access, &resources), DD_EFULL);
    resources.capacity = 1;
    resources.bridge_capacity = 0;
    ck_assert_int_eq(dd_pci_collect_resources(&tree.access, &resources), DD_EFULL);
}
END_TEST

START_TEST(what_is_behind_a_cardbus_bridge_is_left_alone)
{
    struct pci_tree_function *bridge = pci_tree_add(&tree, root, 2, 0, 2);

    pci_tree_put32(bridge, 0x18, 0x00010100);
    add_bar(bridge, 0, 0, 0x1000);
    add_bar(add_endpoint(pci_tree_add_bus(&tree, bridge), 0), 0, 0, 0x1000);
    collect();
    ck_assert_uint_eq(resources.bridge_count, 0);
    ck_assert_uint_eq(resources.count, 1);
}
END_TEST

/* [PCIe 6] 9.3.3: Total VFs is the word at 0Eh, the registers are at 24h. */
START_TEST(ranges_of_virtual_functions_are_as_many_times_larger)
{
    struct pci_tree_function *card = add_endpoint(root, 0);

    pci_tree_make_express(card, 0);
    pci_tree_put32(card, 0x100, 0x00010010);
    pci_tree_put32(card, 0x10C, 0x00070007);
    pci_tree_put32(card, 0x124, 0x0000000C);
    pci_tree_allow32(card, 0x124, 0xFFFFC000);
    pci_tree_allow32(card, 0x128, 0xFFFFFFFF);
    collect();
    ck_assert_uint_eq(resources.count, 1);
    ck_assert_uint_eq(list[0].offset, 0x124);
    ck_assert_uint_eq(list[0].size, 0x1C000);
    ck_assert_uint_eq(list[0].alignment, 0x4000);
    assign(DD_PCI_FROM_SCRATCH);
    write();
    ck_assert_uint_eq(pci_tree_get32(card, 0x124), 0x0000000C);
    ck_assert_uint_eq(pci_tree_get32(card, 0x128), 0x40);
}
END_TEST

/* [PCIe 6] 7.8.5: an entry of two dwords behind its head: memory, enabled, 0x3000 bytes at C0000000. */
START_TEST(ranges_of_enhanced_allocation_are_fixed_and_gone_around)
{
    struct pci_tree_function *card = add_endpoint(root, 0);

    card->bytes[0x06] = 0x10;
    card->bytes[0x34] = 0x40;
    pci_tree_put32(card, 0x40, 0x00020014); /* two entries */
    pci_tree_put32(card, 0x44, 0x80FF0002);
    pci_tree_put32(card, 0x48, 0xC0000000);
    pci_tree_put32(card, 0x4C, 0x00002FFC);
    pci_tree_put32(card, 0x50, 0x00FF0012); /* not enabled */
    add_bar(add_endpoint(root, 1), 0, 0, 0x1000);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_uint_eq(resources.count, 2);
    ck_assert_uint_eq(list[0].offset, 0);
    ck_assert_uint_eq(list[0].base, 0xC0000000);
    ck_assert_uint_eq(list[0].size, 0x3000);
    ck_assert_uint_eq(list[1].base, 0xC0003000);
    write();
    ck_assert_uint_eq(pci_tree_get32(card, 0x10), 0);
}
END_TEST

/* ---- From scratch ---- */

START_TEST(the_largest_ranges_come_first_at_the_lowest_place)
{
    struct pci_tree_function *card = add_endpoint(root, 3);

    add_bar(card, 0, 0, 0x1000);
    add_bar(card, 1, 0, 0x100000);
    add_bar(card, 2, 0, 0x4000);
    add_bar(card, 3, 0x1, 0x20);
    add_bar(card, 4, 0xC, 0x10000000);
    assign(DD_PCI_FROM_SCRATCH);
    write();
    ck_assert_uint_eq(pci_tree_get32(card, 0x14), 0xC0000000);
    ck_assert_uint_eq(pci_tree_get32(card, 0x18), 0xC0100000);
    ck_assert_uint_eq(pci_tree_get32(card, 0x10), 0xC0104000);
    ck_assert_uint_eq(pci_tree_get32(card, 0x1C), 0x00001001);
    ck_assert_uint_eq(pci_tree_get32(card, 0x20), 0x0000000C);
    ck_assert_uint_eq(pci_tree_get32(card, 0x24), 0x40);
    ck_assert_uint_eq(pci_tree_get32(card, 0x04), 0x00000007);
}
END_TEST

START_TEST(windows_are_as_large_as_what_is_behind_them_rounded_up)
{
    struct pci_tree_function *upper = add_bridge(root, 2, 0x00020100);
    struct pci_tree_function *lower = add_bridge(upper->behind, 0, 0x00020201);
    struct pci_tree_function *card = add_endpoint(lower->behind, 0);
    struct pci_tree_function *other = add_endpoint(upper->behind, 1);

    add_bar(card, 0, 0, 0x200000);
    add_bar(card, 1, 0x1, 0x100);
    add_bar(card, 2, 0xC, 0x100000000);
    add_bar(other, 0, 0, 0x1000);
    assign(DD_PCI_FROM_SCRATCH);
    expect_window(0, DD_PCI_WINDOW_IO, 0x1000, 0x1FFF);
    expect_window(0, DD_PCI_WINDOW_MEMORY, 0xC0000000, 0xC02FFFFF);
    expect_window(0, DD_PCI_WINDOW_PREFETCHABLE, 0x4000000000, 0x40FFFFFFFF);
    expect_window(1, DD_PCI_WINDOW_MEMORY, 0xC0000000, 0xC01FFFFF);
    write();
    ck_assert_uint_eq(pci_tree_get32(upper, 0x1C) & 0xFFFF, 0x1010);
    ck_assert_uint_eq(pci_tree_get32(upper, 0x20), 0xC020C000);
    ck_assert_uint_eq(pci_tree_get32(upper, 0x24), 0xFFF10001);
    ck_assert_uint_eq(pci_tree_get32(upper, 0x28), 0x40);
    ck_assert_uint_eq(pci_tree_get32(lower, 0x20), 0xC010C000);
    ck_assert_uint_eq(pci_tree_get32(other, 0x10), 0xC0200000);
}
END_TEST

START_TEST(windows_with_nothing_behind_them_are_closed)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);

    pci_tree_put32(bridge, 0x20, 0xC010C000);
    assign(DD_PCI_FROM_SCRATCH);
    write();
    ck_assert_uint_eq(pci_tree_get32(bridge, 0x20), 0x0000FFF0);
}
END_TEST

START_TEST(prefetchable_memory_goes_below_4_gib_where_no_window_reaches_higher)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);

    pci_tree_put32(bridge, 0x24, 0x0000FFF0); /* 32 bits */
    pci_tree_allow32(bridge, 0x28, 0);
    pci_tree_allow32(bridge, 0x2C, 0);
    add_bar(card, 0, 0xC, 0x100000);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_int_eq(list[0].window, DD_PCI_WINDOW_MEMORY);
    ck_assert_uint_eq(list[0].base, 0xC0000000);
}
END_TEST

START_TEST(a_range_no_window_can_pass_on_has_no_place_and_its_decoding_stays_off)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);

    pci_tree_put32(bridge, 0x1C, 0); /* no I/O window */
    pci_tree_allow32(bridge, 0x1C, 0);
    add_bar(card, 0, 0x1, 0x20);
    add_bar(card, 1, 0, 0x1000);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_int_eq(list[0].status, DD_ENOTSUP);
    ck_assert_int_eq(list[1].status, DD_OK);
    write();
    ck_assert_uint_eq(card->bytes[0x04], 0x06);
    ck_assert_uint_eq(bridge->bytes[0x04], 0x07);
}
END_TEST

START_TEST(two_roots_have_their_own_ranges)
{
    unsigned int other = pci_tree_add_root(&tree, 0x80);

    add_bar(add_endpoint(root, 0), 0, 0, 0x1000);
    add_bar(add_endpoint(other, 0), 0, 0, 0x1000);
    roots[1] = (struct dd_pci_resource_root){.bus = 0x80,
                                             .range = {{1, 0}, {0xE0000000, 0xE0FFFFFF}, {1, 0}}};
    resources.root_count = 2;
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_uint_eq(list[0].base, 0xC0000000);
    ck_assert_uint_eq(list[1].base, 0xE0000000);
    roots[1].range[1].base = 0xDFFFF000;
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_KEEP), DD_EARG);
    roots[1].range[1] = (struct dd_pci_range){0xE0000000, 0x100000000};
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_KEEP), DD_EARG);
}
END_TEST

START_TEST(what_does_not_fit_changes_nothing)
{
    static struct dd_pci_resource copy[32];

    add_bar(add_endpoint(root, 0), 0, 0, 0x10000000);
    add_bar(add_endpoint(root, 1), 0, 0, 0x10000000);
    assign(DD_PCI_FROM_SCRATCH);
    roots[0].range[1].limit = 0xDFFFFFFE;
    memcpy(copy, list, sizeof copy);
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH), DD_EFULL);
    for (unsigned int i = 0; i < 2; i++) {
        ck_assert_uint_eq(list[i].base, copy[i].base);
        ck_assert_int_eq(list[i].status, copy[i].status);
        ck_assert_int_eq(list[i].window, copy[i].window);
    }
}
END_TEST

/* ---- Checking ---- */

/* A bridge with a card behind it, and one beside it: in order, as they can be. */
static void make_checked(void)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);

    add_bar(add_endpoint(bridge->behind, 0), 0, 0, 0x1000);
    add_bar(add_endpoint(root, 5), 0, 0, 0x1000);
    assign(DD_PCI_FROM_SCRATCH);
}

static void expect_fault(enum dd_status status)
{
    fault.status = DD_OK;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EMALFORMED);
    ck_assert_int_eq(fault.status, status);
}

START_TEST(the_check_finds_what_is_wrong)
{
    make_checked();
    list[0].base += 0x800;
    expect_fault(DD_EALIGN);
    list[0].base += 0xFF800;
    expect_fault(DD_ENOTMAPPED); /* behind its bridge's window */
    make_checked();
    list[1].base = list[0].base; /* taken by the bridge beside it */
    expect_fault(DD_EEXIST);
    ck_assert(!fault.is_window);
    ck_assert(fault.is_other_window);
    ck_assert_uint_eq(fault.index, 1);
    ck_assert_uint_eq(fault.other, 0);
}
END_TEST

/* By hand anything can be made: a bridge below itself, below one that is below it, of no root. */
START_TEST(lists_whose_indices_make_no_tree_are_refused)
{
    make_checked();
    bridges[1] = bridges[0];
    resources.bridge_count = 2;
    fault.status = DD_ELOOP;
    bridges[0].parent = 0;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EARG);
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_KEEP), DD_EARG);
    bridges[0].parent = 1;
    bridges[1].parent = 0;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EARG);
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_KEEP), DD_EARG);
    bridges[0].parent = DD_PCI_NO_PARENT;
    bridges[1].root = 1;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EARG);
    resources.bridge_count = 1;
    list[0].parent = 1;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EARG);
    list[0].parent = 0;
    list[1].root = 1;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EARG);
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_KEEP), DD_EARG);
    ck_assert_int_eq(fault.status, DD_ELOOP); /* untouched */
}
END_TEST

START_TEST(the_check_finds_windows_that_cannot_be)
{
    make_checked();
    bridges[0].range[1].limit += 0x1000;
    expect_fault(DD_EALIGN);
    ck_assert(fault.is_window);
    bridges[0].range[1] = (struct dd_pci_range){0xE0000000, 0xE00FFFFF};
    expect_fault(DD_ENOTMAPPED);
    bridges[0].range[1] = (struct dd_pci_range){0xFFF00000, 0x1000FFFFF};
    expect_fault(DD_EWRAP);
    bridges[0].range[1] = (struct dd_pci_range){1, 0};
    expect_fault(DD_ENOTMAPPED); /* the card */
    ck_assert(!fault.is_window);
}
END_TEST

/* ---- Writing ---- */

START_TEST(a_register_that_keeps_nothing_puts_everything_back)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);
    struct pci_tree_function *last = add_endpoint(root, 5);

    add_bar(card, 0, 0, 0x1000);
    add_bar(last, 0, 0, 0x1000);
    pci_tree_put32(card, 0x10, 0xD0000000);
    pci_tree_put32(bridge, 0x20, 0xD000D000);
    assign(DD_PCI_FROM_SCRATCH);
    pci_tree_allow32(last, 0x10, 0x0000F000);
    before = tree;
    ck_assert_int_eq(dd_pci_write_resources(&tree.access, &resources), DD_EMALFORMED);
    ck_assert_mem_eq(tree.functions, before.functions, sizeof before.functions);
}
END_TEST

START_TEST(a_function_that_vanishes_at_any_access_is_reported)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    unsigned int accesses;
    unsigned int start;

    add_bar(add_endpoint(bridge->behind, 0), 0, 0, 0x1000);
    assign(DD_PCI_FROM_SCRATCH);
    start = tree.reads + tree.writes;
    before = tree;
    write();
    accesses = tree.reads + tree.writes - start;
    for (unsigned int i = 0; i + 4 < accesses; i++) { /* after the last read nobody can tell */
        tree = before;
        tree.vanish_at = start + i;
        ck_assert_int_eq(dd_pci_write_resources(&tree.access, &resources), DD_ENODEV);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_resource");
    TCase *collecting = tcase_create("collecting");
    TCase *scratch = tcase_create("from scratch");
    TCase *checking = tcase_create("checking");
    TCase *writing = tcase_create("writing");

    tcase_add_checked_fixture(collecting, setup, NULL);
    tcase_add_test(collecting, ranges_and_bridges_are_collected_in_the_order_of_a_scan);
    tcase_add_test(collecting, arrays_that_are_too_small_are_full);
    tcase_add_test(collecting, what_is_behind_a_cardbus_bridge_is_left_alone);
    tcase_add_test(collecting, ranges_of_virtual_functions_are_as_many_times_larger);
    tcase_add_test(collecting, ranges_of_enhanced_allocation_are_fixed_and_gone_around);
    suite_add_tcase(suite, collecting);

    tcase_add_checked_fixture(scratch, setup, NULL);
    tcase_add_test(scratch, the_largest_ranges_come_first_at_the_lowest_place);
    tcase_add_test(scratch, windows_are_as_large_as_what_is_behind_them_rounded_up);
    tcase_add_test(scratch, windows_with_nothing_behind_them_are_closed);
    tcase_add_test(scratch, prefetchable_memory_goes_below_4_gib_where_no_window_reaches_higher);
    tcase_add_test(scratch, a_range_no_window_can_pass_on_has_no_place_and_its_decoding_stays_off);
    tcase_add_test(scratch, two_roots_have_their_own_ranges);
    tcase_add_test(scratch, what_does_not_fit_changes_nothing);
    suite_add_tcase(suite, scratch);

    tcase_add_checked_fixture(checking, setup, NULL);
    tcase_add_test(checking, the_check_finds_what_is_wrong);
    tcase_add_test(checking, lists_whose_indices_make_no_tree_are_refused);
    tcase_add_test(checking, the_check_finds_windows_that_cannot_be);
    suite_add_tcase(suite, checking);

    tcase_add_checked_fixture(writing, setup, NULL);
    tcase_add_test(writing, a_register_that_keeps_nothing_puts_everything_back);
    tcase_add_test(writing, a_function_that_vanishes_at_any_access_is_reported);
    suite_add_tcase(suite, writing);
    return suite;
}
