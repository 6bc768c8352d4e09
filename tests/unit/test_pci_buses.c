/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_buses.c, over a machine whose bridges pass accesses on. */
#include "drydock/pci_buses.h"

#include <string.h>

#include "tests/unit/pci_tree.h"
#include "tests/unit/unit.h"

static struct pci_tree tree, before;
static struct dd_pci_numbered bridges[255];
static struct dd_pci_bus_request request;
static size_t count;
static unsigned int root;

static void setup(void)
{
    pci_tree_init(&tree);
    root = pci_tree_add_root(&tree, 0);
    request = (struct dd_pci_bus_request){
        .first_bus = 0, .last_bus = 255, .bridges = bridges, .capacity = 255};
    count = 9999;
}

static struct pci_tree_function *add_bridge(unsigned int bus, unsigned int device, uint32_t numbers)
{
    struct pci_tree_function *bridge = pci_tree_add(&tree, bus, device, 0, 1);

    pci_tree_put32(bridge, 0x18, numbers);
    (void)pci_tree_add_bus(&tree, bridge);
    return bridge;
}

static void assign(void)
{
    ck_assert_int_eq(dd_pci_assign_buses(&tree.access, &request, &count), DD_OK);
}

/* Everything is as it was at the call of remember(). */
static void remember(void)
{
    before = tree;
}

static void expect_failure(enum dd_status status)
{
    ck_assert_int_eq(dd_pci_assign_buses(&tree.access, &request, &count), status);
    ck_assert_uint_eq(count, 9999);
    ck_assert_mem_eq(tree.functions, before.functions, sizeof before.functions);
}

START_TEST(buses_are_numbered_depth_first)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0);
    struct pci_tree_function *b = add_bridge(a->behind, 0, 0);
    struct pci_tree_function *c = add_bridge(a->behind, 5, 0);
    struct pci_tree_function *d = add_bridge(root, 3, 0);

    (void)pci_tree_add(&tree, b->behind, 0, 0, 0);
    assign();
    ck_assert_uint_eq(count, 4);
    ck_assert_uint_eq(pci_tree_get32(a, 0x18), 0x00030100);
    ck_assert_uint_eq(pci_tree_get32(b, 0x18), 0x00020201);
    ck_assert_uint_eq(pci_tree_get32(c, 0x18), 0x00030301);
    ck_assert_uint_eq(pci_tree_get32(d, 0x18), 0x00040400);
    /* in the order they were found: both of bus 0 first */
    ck_assert_uint_eq(bridges[0].secondary_bus, 1);
    ck_assert_uint_eq(bridges[0].subordinate_bus, 3);
    ck_assert_uint_eq(bridges[0].parent, 0xFFFF);
    ck_assert_uint_eq(bridges[1].address.device, 3);
    ck_assert_uint_eq(bridges[2].address.bus, 1);
    ck_assert_uint_eq(bridges[3].parent, 0);
    ck_assert_uint_eq(bridges[3].secondary_bus, 3);
}
END_TEST

START_TEST(old_numbers_are_dropped_and_the_latency_timer_stays)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0x40010100);
    struct pci_tree_function *b = add_bridge(root, 3, 0x20FF0100); /* would answer for all of it */
    struct pci_tree_function *c = add_bridge(a->behind, 0, 0x00050501);

    pci_tree_allow32(a, 0x18, 0xFFFFFFFF);
    assign();
    ck_assert_uint_eq(pci_tree_get32(a, 0x18), 0x40020100);
    ck_assert_uint_eq(pci_tree_get32(c, 0x18), 0x00020201);
    ck_assert_uint_eq(pci_tree_get32(b, 0x18), 0x20030300);
}
END_TEST

START_TEST(numbers_begin_behind_the_first_bus)
{
    struct pci_tree_function *a;

    tree.root_numbers[0] = 0x80;
    a = add_bridge(root, 2, 0);
    request.first_bus = 0x80;
    request.last_bus = 0x81;
    assign();
    ck_assert_uint_eq(pci_tree_get32(a, 0x18), 0x00818180);
}
END_TEST

START_TEST(a_cardbus_bridge_gets_numbers_for_cards_to_come)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0);
    struct pci_tree_function *b = add_bridge(root, 3, 0);

    a->bytes[0x0E] = 2;
    request.cardbus_buses = 4;
    assign();
    ck_assert_uint_eq(pci_tree_get32(a, 0x18), 0x00040100);
    ck_assert_uint_eq(pci_tree_get32(b, 0x18), 0x00050500);
    ck_assert_uint_eq(bridges[0].subordinate_bus, 4);
}
END_TEST

START_TEST(too_few_numbers_put_everything_back)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0x00050100);
    struct pci_tree_function *b = add_bridge(a->behind, 0, 0x00030201);

    (void)add_bridge(b->behind, 0, 0x00030302);
    (void)add_bridge(root, 4, 0x00090600);
    remember();
    request.last_bus = 3;
    expect_failure(DD_EFULL);
    request.last_bus = 255;
    request.capacity = 3;
    expect_failure(DD_EFULL);
    request.capacity = 4;
    assign();
}
END_TEST

START_TEST(a_reserve_beyond_the_last_number_puts_everything_back)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0x00050100);

    a->bytes[0x0E] = 2;
    request.cardbus_buses = 4;
    request.last_bus = 3;
    remember();
    expect_failure(DD_EFULL);
}
END_TEST

/* Bus 1 is bus 0 again: taking the numbers away there cuts off bus 1. */
START_TEST(a_machine_that_leads_back_to_itself_is_put_back)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0x00050100);

    a->behind = 0;
    remember();
    expect_failure(DD_ENODEV);
}
END_TEST

START_TEST(a_bridge_that_keeps_no_numbers_is_left_without)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0);
    struct pci_tree_function *b = add_bridge(root, 3, 0);

    pci_tree_allow32(a, 0x18, 0);
    assign();
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(bridges[0].status, DD_EMALFORMED);
    ck_assert_uint_eq(bridges[0].secondary_bus, 0);
    ck_assert_uint_eq(bridges[0].subordinate_bus, 0);
    ck_assert_int_eq(bridges[1].status, DD_OK);
    ck_assert_uint_eq(pci_tree_get32(b, 0x18), 0x00010100);
}
END_TEST

START_TEST(below_a_port_only_device_0_is_numbered)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0);
    struct pci_tree_function *b = add_bridge(a->behind, 1, 0);

    pci_tree_make_express(a, 4);
    assign();
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(pci_tree_get32(b, 0x18), 0);
}
END_TEST

/* Accesses up to success are counted first; at each of them the machine stops answering. */
START_TEST(a_bridge_that_vanishes_at_any_access_is_reported)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0x00050100);
    unsigned int accesses;

    (void)add_bridge(a->behind, 0, 0x00030201);
    remember();
    assign();
    accesses = tree.reads + tree.writes;
    ck_assert_uint_gt(accesses, 100);
    for (unsigned int i = 0; i < accesses; i++) {
        enum dd_status status;

        tree = before;
        tree.access.context = &tree;
        tree.vanish_at = i;
        count = 9999;
        status = dd_pci_assign_buses(&tree.access, &request, &count);
        ck_assert(status == DD_ENODEV || status == DD_OK);
        ck_assert(status == DD_OK || count == 9999);
    }
}
END_TEST

START_TEST(a_bridge_with_a_fixed_subordinate_number_is_no_bridge)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0x00050100);
    struct pci_tree_function *b = add_bridge(root, 3, 0x00090600);

    pci_tree_allow32(a, 0x18, 0x0000FFFF);
    assign();
    ck_assert_int_eq(bridges[0].status, DD_EMALFORMED);
    ck_assert_uint_eq(pci_tree_get32(b, 0x18), 0x00010100);
}
END_TEST

START_TEST(buses_outside_the_handle_are_refused)
{
    remember();
    tree.access.first_bus = 4;
    tree.access.last_bus = 9;
    request.first_bus = 3;
    request.last_bus = 9;
    expect_failure(DD_EARG);
    request.first_bus = 4;
    request.last_bus = 10;
    expect_failure(DD_EARG);
    request.first_bus = 6;
    request.last_bus = 5;
    expect_failure(DD_EARG);
    ck_assert_uint_eq(tree.reads + tree.writes, 0);
}
END_TEST

/* Below a port of type 4 there is device 0 only, and the port answers for the others itself. */
START_TEST(behind_a_slot_only_device_0_is_numbered)
{
    static const struct dd_pci_address slot = {0, 0, 2, 0};
    struct pci_tree_function *port = add_bridge(root, 2, 0x00090400);
    struct pci_tree_function *card = add_bridge(port->behind, 0, 0);

    (void)add_bridge(port->behind, 1, 0);
    pci_tree_make_express(port, 4);
    request.first_bus = 4;
    request.last_bus = 9;
    request.above = &slot;
    assign();
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(pci_tree_get32(card, 0x18), 0x00050504);
    ck_assert_uint_eq(pci_tree_get32(port, 0x18), 0x00090400);
}
END_TEST

/* First bus, last bus. */
static const uint8_t not_passed_on[][2] = {{5, 9}, {4, 10}};

START_TEST(a_bridge_above_that_does_not_pass_the_numbers_on_is_refused)
{
    static const struct dd_pci_address slot = {0, 0, 2, 0};

    (void)add_bridge(root, 2, 0x00090400);
    remember();
    request.first_bus = not_passed_on[_i][0];
    request.last_bus = not_passed_on[_i][1];
    request.above = &slot;
    expect_failure(DD_EARG);
    ck_assert_uint_eq(tree.writes, 0);
}
END_TEST

/* [PCIe 6] 2.3.2: it may be a bridge. */
START_TEST(a_function_that_is_not_ready_puts_everything_back)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0x00020100);
    struct pci_tree_function *b = add_bridge(a->behind, 0, 0x00020201);

    pci_tree_put32(b, 0x00, 0xFFFF0001);
    remember();
    expect_failure(DD_ENOTREADY);
}
END_TEST

/* [PCIe 6] 9.3.3: a function whose virtual ones are as far away as this, one after the other. */
static struct pci_tree_function *add_physical(unsigned int bus, unsigned int device,
                                              uint32_t offset, uint32_t vfs)
{
    struct pci_tree_function *card = pci_tree_add(&tree, bus, device, 0, 0);

    pci_tree_make_express(card, 0);
    pci_tree_put32(card, 0x100, 0x00010010);
    pci_tree_put32(card, 0x10C, vfs << 16 | vfs);
    pci_tree_put32(card, 0x110, 0x00050003);
    pci_tree_allow32(card, 0x110, 0x0000FFFF);
    pci_tree_put32(card, 0x114, 0x00010000 | offset);
    return card;
}

START_TEST(numbers_are_kept_free_for_virtual_functions)
{
    struct pci_tree_function *a = add_bridge(root, 2, 0);
    struct pci_tree_function *b = add_bridge(root, 3, 0);
    struct pci_tree_function *card = add_physical(a->behind, 0, 0x80, 0x181);

    (void)add_physical(b->behind, 0, 0x80, 0x80); /* the last is at device 31, function 7 */
    remember();
    assign();
    ck_assert_uint_eq(pci_tree_get32(b, 0x18), 0x00020200);
    tree = before;
    request.vf_buses = 255;
    assign();
    ck_assert_uint_eq(pci_tree_get32(a, 0x18), 0x00030100);
    ck_assert_uint_eq(pci_tree_get32(b, 0x18), 0x00040400);
    ck_assert_uint_eq(pci_tree_get32(card, 0x110), 0x00050003); /* NumVFs is as it was */
    request.vf_buses = 1;
    assign();
    ck_assert_uint_eq(pci_tree_get32(a, 0x18), 0x00020100);
    ck_assert_uint_eq(pci_tree_get32(b, 0x18), 0x00030300);
    request.vf_buses = 255;
    request.last_bus = 3;
    count = 9999;
    remember();
    expect_failure(DD_EFULL);
}
END_TEST

START_TEST(virtual_functions_that_cannot_be_need_no_numbers)
{
    struct pci_tree_function *bridge = add_bridge(root, 2, 0);

    (void)add_physical(bridge->behind, 0, 0, 0x180);      /* First VF Offset 0 */
    (void)add_physical(bridge->behind, 1, 0xFFFF, 0x180); /* beyond bus 255 */
    (void)add_physical(bridge->behind, 2, 0x80, 0);       /* none */
    request.vf_buses = 255;
    assign();
    ck_assert_uint_eq(pci_tree_get32(bridge, 0x18), 0x00010100);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_buses");
    TCase *numbers = tcase_create("numbers");
    TCase *failures = tcase_create("failures");

    tcase_add_checked_fixture(numbers, setup, NULL);
    tcase_add_test(numbers, buses_are_numbered_depth_first);
    tcase_add_test(numbers, old_numbers_are_dropped_and_the_latency_timer_stays);
    tcase_add_test(numbers, numbers_begin_behind_the_first_bus);
    tcase_add_test(numbers, a_cardbus_bridge_gets_numbers_for_cards_to_come);
    tcase_add_test(numbers, a_bridge_that_keeps_no_numbers_is_left_without);
    tcase_add_test(numbers, a_bridge_with_a_fixed_subordinate_number_is_no_bridge);
    tcase_add_test(numbers, below_a_port_only_device_0_is_numbered);
    tcase_add_test(numbers, behind_a_slot_only_device_0_is_numbered);
    tcase_add_test(numbers, numbers_are_kept_free_for_virtual_functions);
    tcase_add_test(numbers, virtual_functions_that_cannot_be_need_no_numbers);
    suite_add_tcase(suite, numbers);

    tcase_add_checked_fixture(failures, setup, NULL);
    tcase_add_test(failures, too_few_numbers_put_everything_back);
    tcase_add_test(failures, a_reserve_beyond_the_last_number_puts_everything_back);
    tcase_add_test(failures, a_machine_that_leads_back_to_itself_is_put_back);
    tcase_add_test(failures, a_bridge_that_vanishes_at_any_access_is_reported);
    tcase_add_test(failures, buses_outside_the_handle_are_refused);
    tcase_add_loop_test(failures, a_bridge_above_that_does_not_pass_the_numbers_on_is_refused, 0,
                        2);
    tcase_add_test(failures, a_function_that_is_not_ready_puts_everything_back);
    suite_add_tcase(suite, failures);
    return suite;
}
