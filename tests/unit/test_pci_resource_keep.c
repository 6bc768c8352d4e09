/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_resource_keep.c and _fixed.c: what stays where it is. */
#include "tests/unit/pci_resource_case.h"

/* ---- Keeping ---- */

START_TEST(what_firmware_assigned_stays_and_the_rest_goes_beside_it)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);
    struct pci_tree_function *added = add_endpoint(root, 5);

    pci_tree_put32(bridge, 0x20, 0xD010D000);
    add_bar(card, 0, 0, 0x1000);
    add_bar(card, 1, 0, 0x1000);
    add_bar(added, 0, 0, 0x100000);
    pci_tree_put32(card, 0x10, 0xD0000000);
    assign(DD_PCI_KEEP);
    expect_window(0, DD_PCI_WINDOW_MEMORY, 0xD0000000, 0xD01FFFFF);
    ck_assert_uint_eq(list[0].base, 0xD0000000);
    ck_assert_uint_eq(list[1].base, 0xD0001000);
    ck_assert_uint_eq(list[2].base, 0xC0000000);
}
END_TEST

START_TEST(a_place_that_cannot_be_is_not_kept)
{
    struct pci_tree_function *a = add_endpoint(root, 0);
    struct pci_tree_function *b = add_endpoint(root, 1);
    struct pci_tree_function *c = add_endpoint(root, 2);

    add_bar(a, 0, 0, 0x10000);
    add_bar(b, 0, 0, 0x1000);
    add_bar(c, 0, 0, 0x1000);
    pci_tree_put32(a, 0x10, 0xC0010000);
    pci_tree_put32(b, 0x10, 0xC0018000); /* in a's */
    pci_tree_put32(c, 0x10, 0xE0000000); /* not the root's */
    assign(DD_PCI_KEEP);
    ck_assert_uint_eq(list[0].base, 0xC0010000);
    ck_assert_uint_eq(list[1].base, 0xC0000000);
    ck_assert_uint_eq(list[2].base, 0xC0001000);
}
END_TEST

START_TEST(a_prefetchable_window_may_stay_in_a_memory_range)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);

    roots[0].range[2] = (struct dd_pci_range){1, 0};
    pci_tree_put32(bridge, 0x24, 0xD0F1D001);
    add_bar(card, 0, 0xC, 0x100000);
    pci_tree_put32(card, 0x10, 0xD010000C);
    assign(DD_PCI_KEEP);
    expect_window(0, DD_PCI_WINDOW_PREFETCHABLE, 0xD0000000, 0xD0FFFFFF);
    expect_window(0, DD_PCI_WINDOW_MEMORY, 1, 0);
    ck_assert_uint_eq(list[0].base, 0xD0100000);
    ck_assert_int_eq(list[0].window, DD_PCI_WINDOW_PREFETCHABLE);
}
END_TEST

START_TEST(a_fixed_range_is_gone_around)
{
    add_bar(add_endpoint(root, 0), 0, 0, 0x10000);
    collect();
    list[1] = (struct dd_pci_resource){.address = list[0].address,
                                       .root = 0,
                                       .parent = DD_PCI_NO_PARENT,
                                       .kind = DD_PCI_BAR_KIND_MEMORY32,
                                       .size = 0x3000,
                                       .alignment = 1,
                                       .highest = UINT32_MAX,
                                       .found = 0xC0000000};
    resources.count = 2;
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH), DD_OK);
    ck_assert_uint_eq(list[0].base, 0xC0010000);
    ck_assert_uint_eq(list[1].base, 0xC0000000);
    list[1].found = 0xBFFFF000; /* half in what others are given */
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH), DD_ENOTSUP);
    list[1].found = 0xB0000000; /* in nobody's way */
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH), DD_OK);
    ck_assert_int_eq(list[1].status, DD_ENOTSUP);
    ck_assert_uint_eq(list[0].base, 0xC0000000);
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_OK);
    write();
    ck_assert_uint_eq(tree.functions[0].bytes[0x04], 0x07); /* it is there all the same */
}
END_TEST

/* ---- What cannot be moved, or must not be ---- */

/* Behind a bridge whose bus was scanned behind another is what nobody knows. */
START_TEST(windows_to_a_bus_that_was_not_scanned_stay_as_they_are)
{
    struct pci_tree_function *upper = add_bridge(root, 1, 0x00020100);
    struct pci_tree_function *lower = add_bridge(upper->behind, 0, 0x00020201);
    struct pci_tree_function *again = add_bridge(upper->behind, 1, 0x00020201);
    static const unsigned int registers[] = {0x1C, 0x20, 0x24, 0x28, 0x2C};

    pci_tree_put32(upper, 0x20, 0xC040C000);
    pci_tree_put32(again, 0x1C, 0x00004030); /* not in a window of the upper one */
    pci_tree_put32(again, 0x20, 0xC010C000);
    pci_tree_put32(again, 0x24, 0xC031C031); /* within memory */
    add_bar(add_endpoint(lower->behind, 0), 0, 0, 0x100000);
    add_bar(add_endpoint(root, 5), 0, 0, 0x100000);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_int_eq(bridges[1].behind, DD_OK);
    ck_assert_int_eq(bridges[2].behind, DD_ELOOP);
    expect_window(0, DD_PCI_WINDOW_MEMORY, 0xC0000000, 0xC04FFFFF);
    expect_window(1, DD_PCI_WINDOW_MEMORY, 0xC0200000, 0xC02FFFFF);
    expect_window(2, DD_PCI_WINDOW_MEMORY, 0xC0000000, 0xC01FFFFF);
    expect_window(2, DD_PCI_WINDOW_PREFETCHABLE, 0xC0300000, 0xC03FFFFF);
    expect_window(2, DD_PCI_WINDOW_IO, 1, 0);
    ck_assert_uint_eq(list[1].base, 0xC0500000);
    write();
    for (unsigned int i = 1; i < 5; i++) {
        ck_assert_uint_eq(pci_tree_get32(again, registers[i]),
                          pci_tree_get32(&before.functions[2], registers[i]));
    }
}
END_TEST

START_TEST(windows_of_a_bridge_without_a_bus_are_closed)
{
    struct pci_tree_function *bridge = add_bridge(root, 1, 0);

    pci_tree_put32(bridge, 0x20, 0xC010C000);
    assign(DD_PCI_FROM_SCRATCH);
    expect_window(0, DD_PCI_WINDOW_MEMORY, 1, 0);
}
END_TEST

/* [PC Card 8] volume 2: two memory windows from 1Ch on in pages, two of I/O from 2Ch on in dwords. */
static void make_cardbus(unsigned int bus)
{
    struct pci_tree_function *bridge = pci_tree_add(&tree, bus, 2, 0, 2);

    pci_tree_put32(bridge, 0x04, 0x00000007);
    pci_tree_put32(bridge, 0x1C, 0xC0000000);
    pci_tree_put32(bridge, 0x20, 0xC0003000);
    pci_tree_put32(bridge, 0x24, 0xFFFFF000); /* closed */
    pci_tree_put32(bridge, 0x2C, 0x00001000);
    pci_tree_put32(bridge, 0x30, 0x000010FC);
    pci_tree_put32(bridge, 0x34, 0x00000000); /* nobody assigned it */
    pci_tree_put32(bridge, 0x38, 0x0000003C);
}

START_TEST(windows_of_a_cardbus_bridge_are_gone_around)
{
    make_cardbus(root);
    add_bar(add_endpoint(root, 5), 0, 0, 0x1000);
    add_bar(add_endpoint(root, 6), 0, 0x1, 0x40);
    for (unsigned int policy = 0; policy < 2; policy++) {
        assign(policy == 0 ? DD_PCI_FROM_SCRATCH : DD_PCI_KEEP);
        ck_assert_uint_eq(resources.count, 4);
        ck_assert_uint_eq(list[0].offset, 0);
        ck_assert_uint_eq(list[0].base, 0xC0000000);
        ck_assert_uint_eq(list[0].size, 0x4000);
        ck_assert_uint_eq(list[1].base, 0x1000);
        ck_assert_uint_eq(list[1].size, 0x100);
        ck_assert_uint_eq(list[2].base, 0xC0004000);
        ck_assert_uint_eq(list[3].base, 0x1100);
    }
    before = tree;
    write();
    ck_assert_mem_eq(&tree.functions[0], &before.functions[0], sizeof before.functions[0]);
}
END_TEST

START_TEST(windows_above_what_is_fixed_stay)
{
    struct pci_tree_function *bridge = add_bridge(root, 1, 0x00010100);

    pci_tree_put32(bridge, 0x1C, 0x00001010);
    pci_tree_put32(bridge, 0x20, 0xC010C000);
    make_cardbus(bridge->behind);
    add_bar(add_endpoint(root, 5), 0, 0, 0x1000);
    assign(DD_PCI_FROM_SCRATCH);
    expect_window(0, DD_PCI_WINDOW_IO, 0x1000, 0x1FFF);
    expect_window(0, DD_PCI_WINDOW_MEMORY, 0xC0000000, 0xC01FFFFF);
    ck_assert_uint_eq(list[0].base, 0xC0000000);
    ck_assert_uint_eq(list[2].base, 0xC0200000);
}
END_TEST

/* [PCIe 6] 7.8.5.3: properties 05h are memory for what is behind the bridge, of which a card has a part. */
START_TEST(what_a_bridge_has_fixed_for_those_behind_it_is_one_range)
{
    struct pci_tree_function *bridge = add_bridge(root, 1, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);

    for (unsigned int i = 0; i < 2; i++) {
        bridge[i].bytes[0x06] = 0x10;
        bridge[i].bytes[0x34] = 0x40;
        pci_tree_put32(&bridge[i], 0x40, 0x00010014);
    }
    pci_tree_put32(bridge, 0x48, 0x80FF0562);
    pci_tree_put32(bridge, 0x4C, 0xC0000000);
    pci_tree_put32(bridge, 0x50, 0x001FFFFC);
    pci_tree_put32(card, 0x44, 0x80FF0002);
    pci_tree_put32(card, 0x48, 0xC0100000);
    pci_tree_put32(card, 0x4C, 0x00000FFC);
    add_bar(card, 1, 0, 0x1000);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_uint_eq(resources.count, 2);
    ck_assert_uint_eq(list[0].parent, 0xFFFF);
    ck_assert_uint_eq(list[0].base, 0xC0000000);
    ck_assert_uint_eq(list[0].size, 0x200000);
    ck_assert_uint_eq(list[1].base, 0xC0200000);
    pci_tree_put32(card, 0x48, 0xD0100000); /* not a part: no window lets it through */
    collect();
    ck_assert_uint_eq(resources.count, 3);
    ck_assert_int_eq(dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH), DD_ENOTSUP);
}
END_TEST

/* [PCIe 6] 7.8.5.3: entries for VF BAR 0 of 4 KiB, and prefetchable for 1; TotalVFs is 8, at 10Eh. */
START_TEST(fixed_ranges_of_virtual_functions_are_one_after_the_other)
{
    struct pci_tree_function *card = add_endpoint(root, 3);

    pci_tree_make_express(card, 0);
    pci_tree_put32(card, 0x100, 0x00010010);
    pci_tree_put32(card, 0x10C, 0x00080008);
    card->bytes[0x41] = 0x90; /* after PCI Express */
    pci_tree_put32(card, 0x90, 0x00020014);
    pci_tree_put32(card, 0x94, 0x80FF0492);
    pci_tree_put32(card, 0x98, 0xC0000000);
    pci_tree_put32(card, 0x9C, 0x00000FFC);
    pci_tree_put32(card, 0xA0, 0x80FF03A2);
    pci_tree_put32(card, 0xA4, 0xD0000000);
    pci_tree_put32(card, 0xA8, 0x0000FFFC);
    add_bar(add_endpoint(root, 5), 0, 0, 0x1000);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_uint_eq(resources.count, 3);
    ck_assert_uint_eq(list[0].base, 0xC0000000);
    ck_assert_uint_eq(list[0].size, 0x8000);
    ck_assert_uint_eq(list[1].base, 0xD0000000);
    ck_assert_uint_eq(list[1].size, 0x80000);
    ck_assert(list[1].prefetchable && list[1].offset == 0);
    ck_assert_uint_eq(list[2].base, 0xC0008000);
    pci_tree_put32(card, 0x10C, 0x00000000); /* none */
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_uint_eq(resources.count, 1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_resource_keep");
    TCase *keeping = tcase_create("keeping");
    TCase *fixed = tcase_create("fixed");

    tcase_add_checked_fixture(keeping, setup, NULL);
    tcase_add_test(keeping, what_firmware_assigned_stays_and_the_rest_goes_beside_it);
    tcase_add_test(keeping, a_place_that_cannot_be_is_not_kept);
    tcase_add_test(keeping, a_prefetchable_window_may_stay_in_a_memory_range);
    tcase_add_test(keeping, a_fixed_range_is_gone_around);
    suite_add_tcase(suite, keeping);

    tcase_add_checked_fixture(fixed, setup, NULL);
    tcase_add_test(fixed, windows_to_a_bus_that_was_not_scanned_stay_as_they_are);
    tcase_add_test(fixed, windows_of_a_bridge_without_a_bus_are_closed);
    tcase_add_test(fixed, windows_of_a_cardbus_bridge_are_gone_around);
    tcase_add_test(fixed, windows_above_what_is_fixed_stay);
    tcase_add_test(fixed, what_a_bridge_has_fixed_for_those_behind_it_is_one_range);
    tcase_add_test(fixed, fixed_ranges_of_virtual_functions_are_one_after_the_other);
    suite_add_tcase(suite, fixed);
    return suite;
}
