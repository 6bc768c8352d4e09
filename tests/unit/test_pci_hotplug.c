/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_hotplug.c. */
#include "drydock/pci_hotplug.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/pci_tree.h"
#include "tests/unit/unit.h"

static struct pci_tree tree;
static struct pci_tree_function *bridge, *card, *other;
static struct dd_pci_known list[8];
static struct dd_pci_inventory inventory;
static char told[256];

/* What was told, as "+BB:DD.F " or "-BB:DD.F " each. */
static void tell(void *context, enum dd_pci_change change, const struct dd_pci_function *function)
{
    size_t used = strlen(told);

    ck_assert_ptr_eq(context, &inventory);
    (void)snprintf(told + used, sizeof told - used, "%c%02x:%02x.%u ",
                   change == DD_PCI_ADDED ? '+' : '-', function->address.bus,
                   function->address.device, function->address.function);
}

static const struct dd_pci_change_visitor visitor = {tell, &inventory};

static void look(void)
{
    told[0] = '\0';
    ck_assert_int_eq(dd_pci_look_again(&tree.access, 0, &inventory, &visitor), DD_OK);
}

static void setup(void)
{
    unsigned int root;

    pci_tree_init(&tree);
    root = pci_tree_add_root(&tree, 0);
    bridge = pci_tree_add(&tree, root, 2, 0, 1);
    pci_tree_put32(bridge, 0x18, 0x00010100);
    card = pci_tree_add(&tree, pci_tree_add_bus(&tree, bridge), 0, 0, 0);
    other = pci_tree_add(&tree, root, 5, 0, 0);
    inventory = (struct dd_pci_inventory){.list = list, .capacity = 8};
    look();
}

START_TEST(the_first_look_finds_everything_bridges_first)
{
    ck_assert_str_eq(told, "+00:02.0 +01:00.0 +00:05.0 ");
    ck_assert_uint_eq(inventory.count, 3);
    look();
    ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(what_went_is_told_from_the_leaves_up)
{
    bridge->is_gone = true;
    look();
    ck_assert_str_eq(told, "-01:00.0 -00:02.0 ");
    ck_assert_uint_eq(inventory.count, 1);
    bridge->is_gone = false;
    look();
    ck_assert_str_eq(told, "+00:02.0 +01:00.0 ");
    bridge->is_gone = true; /* now behind 00:05.0 in the list */
    look();
    ck_assert_str_eq(told, "-01:00.0 -00:02.0 ");
}
END_TEST

START_TEST(another_function_at_the_same_address_is_another_function)
{
    pci_tree_put32(card, 0x00, 0x10D38086);
    look();
    ck_assert_str_eq(told, "-01:00.0 +01:00.0 ");
    ck_assert_uint_eq(inventory.count, 3);
    ck_assert_uint_eq(inventory.list[2].function.device, 0x10D3);
}
END_TEST

START_TEST(without_room_nobody_is_told_and_the_same_are_known)
{
    inventory.capacity = 3;
    other->is_gone = true;
    (void)pci_tree_add(&tree, bridge->behind, 1, 0, 0);
    told[0] = '\0';
    ck_assert_int_eq(dd_pci_look_again(&tree.access, 0, &inventory, &visitor), DD_EFULL);
    ck_assert_str_eq(told, "");
    ck_assert_uint_eq(inventory.count, 3);
    ck_assert_uint_eq(inventory.list[2].function.address.device, 5);
    inventory.capacity = 4;
    look();
    ck_assert_str_eq(told, "-00:05.0 +01:01.0 ");
}
END_TEST

/* [PCIe 6] 2.3.2: Vendor ID 0001h; what is not ready did not go. */
START_TEST(while_a_function_is_not_ready_nobody_is_told)
{
    pci_tree_put32(card, 0x00, 0xFFFF0001);
    other->is_gone = true;
    told[0] = '\0';
    ck_assert_int_eq(dd_pci_look_again(&tree.access, 0, &inventory, &visitor), DD_ENOTREADY);
    ck_assert_str_eq(told, "");
    ck_assert_uint_eq(inventory.count, 3);
    pci_tree_put32(card, 0x00, 0x00028086);
    look();
    ck_assert_str_eq(told, "-00:05.0 ");
}
END_TEST

/* Below a slot there is device 0 only, up to function 255 by ARI: [PCIe 6] 7.3.1, 7.8.8. */
START_TEST(behind_a_slot_functions_above_7_come_and_go)
{
    const struct dd_pci_address slot = {0, 0, 2, 0};
    struct pci_tree_function *ninth;

    inventory.count = 0;
    pci_tree_make_express(bridge, 4);
    pci_tree_put32(bridge, 0x68, 0x00000020); /* Device Control 2: ARI Forwarding Enable */
    pci_tree_put32(card, 0x100, 0x0001000E);
    pci_tree_put32(card, 0x104, 0x00000900);
    ninth = pci_tree_add(&tree, bridge->behind, 1, 1, 0);
    (void)pci_tree_add(&tree, bridge->behind, 4, 0, 0); /* not in the chain: nobody's */
    told[0] = '\0';
    ck_assert_int_eq(dd_pci_look_again_behind(&tree.access, slot, &inventory, &visitor), DD_OK);
    ck_assert_str_eq(told, "+01:00.0 +01:01.1 ");
    ninth->is_gone = true;
    told[0] = '\0';
    ck_assert_int_eq(dd_pci_look_again_behind(&tree.access, slot, &inventory, &visitor), DD_OK);
    ck_assert_str_eq(told, "-01:01.1 ");
    bridge->is_gone = true;
    ck_assert_int_eq(dd_pci_look_again_behind(&tree.access, slot, &inventory, &visitor), DD_ENODEV);
    ck_assert_uint_eq(inventory.count, 1);
}
END_TEST

START_TEST(a_root_outside_the_handle_is_refused)
{
    tree.access.last_bus = 3;
    told[0] = '\0';
    ck_assert_int_eq(dd_pci_look_again(&tree.access, 4, &inventory, &visitor), DD_EARG);
    ck_assert_str_eq(told, "");
    ck_assert_uint_eq(inventory.count, 3);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_hotplug");
    TCase *changes = tcase_create("changes");

    tcase_add_checked_fixture(changes, setup, NULL);
    tcase_add_test(changes, the_first_look_finds_everything_bridges_first);
    tcase_add_test(changes, what_went_is_told_from_the_leaves_up);
    tcase_add_test(changes, another_function_at_the_same_address_is_another_function);
    tcase_add_test(changes, without_room_nobody_is_told_and_the_same_are_known);
    tcase_add_test(changes, while_a_function_is_not_ready_nobody_is_told);
    tcase_add_test(changes, behind_a_slot_functions_above_7_come_and_go);
    tcase_add_test(changes, a_root_outside_the_handle_is_refused);
    suite_add_tcase(suite, changes);
    return suite;
}
