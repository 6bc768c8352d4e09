/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_resource_leave.c and _place.c: what has no place, and why. */
#include "tests/unit/pci_resource_case.h"

/* ---- ISA Enable: [PCI-PCI 1.2] 3.2.5.18 ---- */

/* A card with three I/O ranges behind two bridges, of which the upper one has ISA Enable set. */
static void make_isa(uint64_t size)
{
    struct pci_tree_function *upper = add_bridge(root, 2, 0x00020100);
    struct pci_tree_function *lower = add_bridge(upper->behind, 0, 0x00020201);
    struct pci_tree_function *card = add_endpoint(lower->behind, 0);

    upper->bytes[0x3E] = 0x04;
    add_bar(card, 0, 0x1, size);
    add_bar(card, 1, 0x1, 0x80);
    add_bar(card, 2, 0x1, 0x100);
}

START_TEST(behind_a_bridge_with_isa_enable_only_a_quarter_of_the_ports_is_given)
{
    make_isa(0x100);
    add_bar(add_endpoint(root, 5), 0, 0x1, 0x100);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_uint_eq(list[0].base, 0x1000);
    ck_assert_uint_eq(list[1].base, 0x1800);
    ck_assert_uint_eq(list[2].base, 0x1400);
    ck_assert_uint_eq(list[3].base, 0x2000);
    expect_window(0, DD_PCI_WINDOW_IO, 0x1000, 0x1FFF);
    list[1].base = 0x1480;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EMALFORMED); /* the third's */
    ck_assert_int_eq(fault.status, DD_EEXIST);
    list[1].base = 0x1900;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EMALFORMED);
    ck_assert_int_eq(fault.status, DD_ENOTMAPPED);
}
END_TEST

START_TEST(more_ports_than_isa_enable_passes_on_have_no_place)
{
    make_isa(0x200);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_int_eq(list[0].status, DD_ENOTSUP);
    ck_assert_int_eq(list[1].status, DD_OK);
}
END_TEST

START_TEST(ports_that_isa_enable_blocks_are_not_kept)
{
    make_isa(0x80);
    pci_tree_put32(&tree.functions[0], 0x1C, 0x0000F030);
    pci_tree_put32(&tree.functions[1], 0x1C, 0x00004030);
    pci_tree_put32(&tree.functions[2], 0x10, 0x00003481);
    pci_tree_put32(&tree.functions[2], 0x14, 0x00003501); /* is not passed on */
    pci_tree_put32(&tree.functions[2], 0x18, 0x00003001);
    assign(DD_PCI_KEEP);
    ck_assert_uint_eq(list[0].base, 0x3480);
    ck_assert_uint_eq(list[1].base, 0x3400);
    ck_assert_uint_eq(list[2].base, 0x3000);
    expect_window(1, DD_PCI_WINDOW_IO, 0x3000, 0x4FFF);
}
END_TEST

/* ---- VGA Enable: [PCI-PCI 1.2] 3.2.5.18 ---- */

/* Ranges of 128, 512 and 64 ports, and of memory, beside a bridge that leads to a VGA. */
static struct pci_tree_function *make_vga(uint8_t control)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(root, 5);

    bridge->bytes[0x3E] = control;
    add_bar(add_endpoint(bridge->behind, 0), 0, 0x1, 0x40);
    add_bar(card, 0, 0x1, 0x80);
    add_bar(card, 1, 0x1, 0x200);
    add_bar(card, 2, 0x0, 0x20000);
    roots[0].range[0] = (struct dd_pci_range){0x0380, 0x2FFF};
    roots[0].range[1] = (struct dd_pci_range){0x00080000, 0x001FFFFF};
    return card;
}

START_TEST(nothing_is_where_vga_enable_leads_elsewhere)
{
    (void)make_vga(0x18);
    roots[0].range[1].base = 0x000A0000;
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_uint_eq(list[0].base, 0x1000);
    ck_assert_uint_eq(list[1].base, 0x0600); /* 380h to 3FFh has ports of the VGA */
    ck_assert_uint_eq(list[2].base, 0x0400);
    ck_assert_uint_eq(list[3].base, 0x000C0000);
    expect_window(0, DD_PCI_WINDOW_IO, 0x1000, 0x1FFF);
    list[1].base = 0x0380;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EMALFORMED);
    ck_assert_int_eq(fault.status, DD_ENOTMAPPED);
    list[1].base = 0x0780; /* all sixteen bits are compared */
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_OK);
    list[3].base = 0x000A0000;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EMALFORMED);
    ck_assert_int_eq(fault.status, DD_ENOTMAPPED);
}
END_TEST

START_TEST(ports_of_a_vga_with_ten_bits_are_in_each_1024)
{
    (void)make_vga(0x08);
    roots[0].range[0].base = 0x0700;
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_uint_eq(list[1].base, 0x0700);
    ck_assert_uint_eq(list[2].base, 0x0800);
    ck_assert_uint_eq(list[3].base, 0x00080000);
    list[1].base = 0x0780;
    ck_assert_int_eq(dd_pci_check_resources(&resources, &fault), DD_EMALFORMED);
    ck_assert_int_eq(fault.status, DD_ENOTMAPPED);
}
END_TEST

START_TEST(what_is_found_where_vga_enable_leads_elsewhere_moves)
{
    struct pci_tree_function *card = make_vga(0x08);

    pci_tree_put32(card, 0x10, 0x00001381);
    pci_tree_put32(card, 0x14, 0x00001001);
    pci_tree_put32(card, 0x18, 0x000A0000);
    assign(DD_PCI_KEEP);
    ck_assert_uint_eq(list[1].base, 0x0400);
    ck_assert_uint_eq(list[2].base, 0x1000);
    ck_assert_uint_eq(list[3].base, 0x00080000);
}
END_TEST

/* ---- Where there is no room for all ---- */

static struct pci_tree_function *add_card_with_rom(unsigned int device, uint64_t size)
{
    struct pci_tree_function *card = add_endpoint(root, device);

    pci_tree_put32(card, 0x30, 0x00000001);
    pci_tree_allow32(card, 0x30, (uint32_t)-size | 1);
    return card;
}

/* [PCIe 6] 9.3.3: 8 virtual functions with a range of 64 bits each, VF Memory Space Enable set. */
static void add_virtual(struct pci_tree_function *card, uint64_t size)
{
    pci_tree_make_express(card, 0);
    pci_tree_put32(card, 0x100, 0x00010010);
    pci_tree_put32(card, 0x108, 0x00010018);
    pci_tree_allow32(card, 0x108, 0x0000001F);
    pci_tree_put32(card, 0x10C, 0x00080008);
    pci_tree_put32(card, 0x11C, 0x00000013);
    pci_tree_put32(card, 0x120, 0x00000001);
    pci_tree_allow32(card, 0x120, 0xFFFFFFFF);
    pci_tree_put32(card, 0x124, 0x00000004);
    pci_tree_allow32(card, 0x124, (uint32_t)-size);
    pci_tree_allow32(card, 0x128, 0xFFFFFFFF);
}

START_TEST(a_rom_and_virtual_functions_are_left_out_before_anything_else)
{
    struct pci_tree_function *card = add_card_with_rom(3, 0x10000000);

    add_virtual(card, 0x2000000);
    add_bar(card, 0, 0, 0x10000000);
    add_bar(card, 1, 0, 0x8000000);
    add_bar(card, 2, 0, 0x8000000);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_uint_eq(resources.count, 5);
    for (unsigned int i = 0; i < 5; i++) {
        ck_assert_int_eq(list[i].status, i < 3 ? DD_OK : DD_EFULL);
        ck_assert(i < 3 || list[i].base == 0);
    }
    write();
    ck_assert_uint_eq(card->bytes[0x04], 0x07); /* what has a place is decoded */
    ck_assert_uint_eq(pci_tree_get32(card, 0x30), 0);
    ck_assert_uint_eq(pci_tree_get32(card, 0x108), 0x00010010);
}
END_TEST

START_TEST(what_is_left_out_is_put_back_with_the_rest)
{
    struct pci_tree_function *card = add_card_with_rom(3, 0x20000000);
    struct pci_tree_function *last = add_endpoint(root, 5);

    add_bar(last, 0, 0, 0x1000);
    assign(DD_PCI_FROM_SCRATCH);
    ck_assert_int_eq(list[0].status, DD_EFULL);
    pci_tree_allow32(last, 0x10, 0);
    before = tree;
    ck_assert_int_eq(dd_pci_write_resources(&tree.access, &resources), DD_EMALFORMED);
    ck_assert_mem_eq(tree.functions, before.functions, sizeof before.functions);
    ck_assert_uint_eq(pci_tree_get32(card, 0x30), 1);
}
END_TEST

/* The window is full with what firmware assigned. */
START_TEST(a_full_window_that_stays_does_not_keep_the_rest_from_a_place)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);
    struct pci_tree_function *added = add_endpoint(root, 5);

    pci_tree_put32(bridge, 0x20, 0xD000D000);
    add_bar(card, 0, 0, 0x80000);
    add_bar(card, 1, 0, 0x80000);
    add_bar(card, 2, 0, 0x40000);
    pci_tree_allow32(card, 0x30, 0xFFFF8001);
    pci_tree_put32(card, 0x10, 0xD0000000);
    pci_tree_put32(card, 0x18, 0xD0080000);
    add_bar(added, 0, 0, 0x100000);
    assign(DD_PCI_KEEP);
    ck_assert_uint_eq(list[0].base, 0xD0000000);
    ck_assert_int_eq(list[1].status, DD_EFULL); /* 512 KiB, where 256 are free */
    ck_assert_uint_eq(list[2].base, 0xD0080000);
    ck_assert_uint_eq(list[3].base, 0xD00C0000); /* the ROM has room */
    ck_assert_uint_eq(list[4].base, 0xC0000000);
    write();
    ck_assert_uint_eq(card->bytes[0x04], 0x05); /* not with a range that is nowhere */
    ck_assert_uint_eq(added->bytes[0x04], 0x07);
}
END_TEST

/* Which is left out behind a bridge, that another may have a place beside it. */
START_TEST(a_window_becomes_smaller_for_what_is_needed_beside_it)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);

    add_bar(card, 0, 0, 0x1000);
    pci_tree_allow32(card, 0x30, 0xFF000001);
    add_bar(add_endpoint(root, 5), 0, 0, 0x10000000);
    add_bar(add_card_with_rom(6, 0x100000), 0, 0, 0x8000000);
    add_bar(add_endpoint(root, 7), 0, 0, 0x4000000);
    roots[0].range[1] = (struct dd_pci_range){0xC0000000, 0xDC1FFFFF};
    assign(DD_PCI_FROM_SCRATCH);
    expect_window(0, DD_PCI_WINDOW_MEMORY, 0xDC000000, 0xDC0FFFFF);
    ck_assert_int_eq(list[0].status, DD_OK);
    ck_assert_int_eq(list[1].status, DD_EFULL); /* the larger ROM */
    ck_assert_uint_eq(list[4].base, 0xDC100000);
}
END_TEST

START_TEST(a_rom_gives_way_to_a_range_that_was_found_without_a_base)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);

    pci_tree_put32(bridge, 0x20, 0xD000D000);
    add_bar(card, 0, 0, 0x80000);
    add_bar(card, 1, 0, 0x40000);
    pci_tree_allow32(card, 0x30, 0xFFF80001);
    pci_tree_put32(card, 0x10, 0xD0000000);
    assign(DD_PCI_KEEP);
    ck_assert_uint_eq(list[1].base, 0xD0080000);
    ck_assert_int_eq(list[2].status, DD_EFULL);
}
END_TEST

/* Room for 4 MiB, and two ROMs of 2 MiB and 1 MiB beside what is needed. */
static void make_roms(uint64_t needed, uint64_t last)
{
    add_bar(add_card_with_rom(3, 0x200000), 0, 0, needed);
    add_bar(add_card_with_rom(4, 0x100000), 0, 0, last);
    roots[0].range[1] = (struct dd_pci_range){0xC0000000, 0xC03FFFFF};
    assign(DD_PCI_FROM_SCRATCH);
}

START_TEST(of_two_roms_the_one_without_room_is_left_out)
{
    make_roms(0x100000, 0x100000);
    ck_assert_uint_eq(list[1].base, 0xC0000000);
    ck_assert_int_eq(list[3].status, DD_EFULL);
}
END_TEST

START_TEST(of_two_roms_the_larger_makes_room_for_what_is_needed)
{
    make_roms(0x100000, 0x1000);
    ck_assert_int_eq(list[1].status, DD_EFULL);
    ck_assert_uint_eq(list[2].base, 0xC0200000);
    ck_assert_int_eq(list[3].status, DD_OK);
}
END_TEST

/* A window that stays gives nothing back, so nothing behind it goes: put back, both ROMs had no room. */
START_TEST(nothing_is_left_out_where_that_does_not_help)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0x00010100);
    struct pci_tree_function *card = add_endpoint(bridge->behind, 0);
    struct pci_tree_function *beside = add_endpoint(bridge->behind, 1);

    pci_tree_put32(bridge, 0x20, 0xC070C000);
    pci_tree_allow32(card, 0x30, 0xFFE00001);
    add_bar(beside, 0, 0, 0x1000);
    pci_tree_put32(beside, 0x10, 0xC0400000);
    pci_tree_allow32(beside, 0x30, 0xFFC00001);
    add_bar(add_endpoint(root, 5), 0, 0, 0x20000000);
    assign(DD_PCI_KEEP);
    ck_assert_uint_eq(list[0].base, 0xC0600000);
    ck_assert_uint_eq(list[2].base, 0xC0000000);
    ck_assert_int_eq(list[3].status, DD_EFULL);
}
END_TEST

/* [PCIe 6] 9.3.3.13: System Page Size is a bit of those at 1Ch, here 4 KiB, 8 KiB and 64 KiB. */
START_TEST(virtual_functions_are_collected_for_the_page_size_they_are_used_with)
{
    struct pci_tree_function *card = add_endpoint(root, 3);

    add_virtual(card, 0x10000);
    resources.page_size = 0x10000;
    ck_assert_int_eq(dd_pci_collect_resources(&tree.access, &resources), DD_OK);
    ck_assert_uint_eq(pci_tree_get32(card, 0x120), 0x00000010);
    ck_assert_uint_eq(resources.count, 1);
    ck_assert_uint_eq(list[0].sriov, 0x100);
    resources.page_size = 0x4000;
    ck_assert_int_eq(dd_pci_collect_resources(&tree.access, &resources), DD_OK);
    ck_assert_uint_eq(resources.count, 0); /* there can be none */
    ck_assert_uint_eq(pci_tree_get32(card, 0x120), 0x00000010);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_resource_leave");
    TCase *ports = tcase_create("ISA and VGA Enable");
    TCase *leaving = tcase_create("leaving out");

    tcase_add_checked_fixture(ports, setup, NULL);
    tcase_add_test(ports, behind_a_bridge_with_isa_enable_only_a_quarter_of_the_ports_is_given);
    tcase_add_test(ports, more_ports_than_isa_enable_passes_on_have_no_place);
    tcase_add_test(ports, ports_that_isa_enable_blocks_are_not_kept);
    tcase_add_test(ports, nothing_is_where_vga_enable_leads_elsewhere);
    tcase_add_test(ports, ports_of_a_vga_with_ten_bits_are_in_each_1024);
    tcase_add_test(ports, what_is_found_where_vga_enable_leads_elsewhere_moves);
    suite_add_tcase(suite, ports);

    tcase_add_checked_fixture(leaving, setup, NULL);
    tcase_add_test(leaving, a_rom_and_virtual_functions_are_left_out_before_anything_else);
    tcase_add_test(leaving, what_is_left_out_is_put_back_with_the_rest);
    tcase_add_test(leaving, a_full_window_that_stays_does_not_keep_the_rest_from_a_place);
    tcase_add_test(leaving, a_window_becomes_smaller_for_what_is_needed_beside_it);
    tcase_add_test(leaving, a_rom_gives_way_to_a_range_that_was_found_without_a_base);
    tcase_add_test(leaving, nothing_is_left_out_where_that_does_not_help);
    tcase_add_test(leaving, of_two_roms_the_one_without_room_is_left_out);
    tcase_add_test(leaving, of_two_roms_the_larger_makes_room_for_what_is_needed);
    tcase_add_test(leaving, virtual_functions_are_collected_for_the_page_size_they_are_used_with);
    suite_add_tcase(suite, leaving);
    return suite;
}
