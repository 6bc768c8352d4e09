/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/bus/pci_topology.c: which function answers, before and after buses are renumbered. */
#include "sim/pci/bus/pci_topology.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_pci_topology topology;

static void setup(void)
{
    pci_case_init(&pci);
}

static void teardown(void)
{
    sim_pci_topology_free(&topology);
}

static void build(void)
{
    struct sim_error error = {""};

    ck_assert_msg(sim_pci_topology_init(&topology, &pci.dump, &error) == 0, "%s", error.text);
}

/* The number of the function of the dump that answers, -1 if nothing does. */
static int answers(struct sim_pci_address address)
{
    const struct sim_pci_function *function = sim_pci_topology_route(&topology, address);

    return function == NULL ? -1 : (int)(function - topology.functions);
}

static void renumber(struct sim_pci_address bridge, uint8_t secondary, uint8_t subordinate)
{
    sim_pci_topology_write(&topology, bridge, 0x19, 1, secondary);
    sim_pci_topology_write(&topology, bridge, 0x1a, 1, subordinate);
}

START_TEST(function_on_bus_0_answers_only_to_its_own_address)
{
    pci_case_add(&pci, AT(0, 3, 0));
    build();
    ck_assert_int_eq(answers(AT(0, 3, 0)), 0);
    ck_assert_int_eq(answers(AT(0, 3, 1)), -1);
    ck_assert_int_eq(answers(AT(0, 4, 0)), -1);
    ck_assert_int_eq(answers(AT(1, 3, 0)), -1);
    ck_assert_int_eq(answers((struct sim_pci_address){1, 0, 3, 0}), -1);
    ck_assert_uint_eq(sim_pci_topology_read(&topology, AT(0, 3, 0), 0, 4), 0x00008086);
    ck_assert_uint_eq(sim_pci_topology_read(&topology, AT(0, 4, 0), 0, 4), 0xffffffff);
    ck_assert_uint_eq(sim_pci_topology_read(&topology, AT(0, 4, 0), 2, 2), 0xffff);
    ck_assert_uint_eq(sim_pci_topology_read(&topology, AT(0, 4, 0), 2, 1), 0xff);
    sim_pci_topology_write(&topology, AT(0, 4, 0), 4, 2, 7);
}
END_TEST

START_TEST(cycles_pass_two_bridges)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 2);
    pci_case_add_bridge(&pci, AT(1, 0, 0), 2, 2);
    pci_case_add(&pci, AT(2, 0, 0));
    build();
    ck_assert_int_eq(answers(AT(2, 0, 0)), 2);
    ck_assert_uint_eq(topology.segments[0].is_root[1], 0);
    ck_assert_uint_eq(topology.segments[0].is_root[2], 0);
}
END_TEST

START_TEST(renumbered_bus_answers_to_its_new_number_only)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 2);
    pci_case_add_bridge(&pci, AT(1, 0, 0), 2, 2);
    pci_case_add(&pci, AT(2, 0, 0));
    build();
    renumber(AT(0, 1, 0), 0x10, 0x20);
    ck_assert_int_eq(answers(AT(1, 0, 0)), -1);
    ck_assert_int_eq(answers(AT(0x10, 0, 0)), 1);
    ck_assert_int_eq(answers(AT(2, 0, 0)), -1);
    renumber(AT(0x10, 0, 0), 0x20, 0x20);
    ck_assert_int_eq(answers(AT(0x20, 0, 0)), 2);
    renumber(AT(0, 1, 0), 0x10, 0x1f);
    ck_assert_int_eq(answers(AT(0x20, 0, 0)), -1);
}
END_TEST

START_TEST(bus_numbers_written_as_one_dword_count)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 1);
    pci_case_add(&pci, AT(1, 0, 0));
    build();
    ck_assert_int_eq(answers(AT(1, 0, 0)), 1);
    sim_pci_topology_write(&topology, AT(0, 1, 0), 0x18, 4, 0x00070700);
    ck_assert_int_eq(answers(AT(1, 0, 0)), -1);
    ck_assert_int_eq(answers(AT(7, 0, 0)), 1);
}
END_TEST

START_TEST(bridge_reset_to_zero_passes_nothing_on)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 1);
    pci_case_add(&pci, AT(1, 0, 0));
    build();
    renumber(AT(0, 1, 0), 0, 0);
    ck_assert_int_eq(answers(AT(1, 0, 0)), -1);
    ck_assert_int_eq(answers(AT(0, 1, 0)), 0);
}
END_TEST

START_TEST(cardbus_bridge_leads_to_its_bus)
{
    struct sim_dump_function *bridge = pci_case_add_bridge(&pci, AT(0, 1, 0), 5, 8);

    bridge->bytes[0x0e] = 0x82;
    pci_case_add(&pci, AT(5, 0, 0));
    build();
    ck_assert(!topology.segments[0].is_root[5]);
    ck_assert_int_eq(answers(AT(5, 0, 0)), 1);
}
END_TEST

START_TEST(header_type_0_with_numbers_in_it_is_no_bridge)
{
    pci_case_add(&pci, AT(0, 1, 0))->bytes[0x19] = 5;
    pci_case_add(&pci, AT(0, 2, 0))->bytes[0x1a] = 0xff;
    pci_case_add(&pci, AT(5, 0, 0));
    build();
    ck_assert(topology.segments[0].is_root[5]);
    ck_assert_int_eq(topology.functions[0].behind, -1);
}
END_TEST

START_TEST(buses_no_bridge_covers_are_roots)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 3);
    pci_case_add(&pci, AT(3, 0, 0));
    pci_case_add(&pci, AT(0x7f, 8, 0));
    pci_case_add(&pci, AT(0xff, 8, 0));
    build();
    ck_assert(topology.segments[0].is_root[0]);
    ck_assert(!topology.segments[0].is_root[1]);
    ck_assert(!topology.segments[0].is_root[3]);
    ck_assert(topology.segments[0].is_root[0x7f]);
    ck_assert(topology.segments[0].is_root[0xff]);
    ck_assert(!topology.segments[0].is_root[0x80]);
    ck_assert_int_eq(answers(AT(3, 0, 0)), -1);
    ck_assert_int_eq(answers(AT(0xff, 8, 0)), 3);
}
END_TEST

START_TEST(bus_0_is_no_root_when_nothing_is_on_it)
{
    pci_case_add(&pci, AT(0xc0, 0, 0));
    build();
    ck_assert(!topology.segments[0].is_root[0]);
    ck_assert(topology.segments[0].is_root[0xc0]);
}
END_TEST

START_TEST(first_of_two_bridges_with_the_same_secondary_has_the_bus)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 2, 2);
    pci_case_add_bridge(&pci, AT(0, 2, 0), 2, 2);
    pci_case_add(&pci, AT(2, 0, 0));
    build();
    ck_assert_int_eq(answers(AT(2, 0, 0)), 2);
    ck_assert_int_eq(topology.functions[0].behind, 2);
    ck_assert_int_eq(topology.functions[1].behind, -1);
}
END_TEST

START_TEST(loops_of_bus_numbers_end)
{
    pci_case_add_bridge(&pci, AT(5, 0, 0), 6, 6);
    pci_case_add_bridge(&pci, AT(6, 0, 0), 5, 5);
    pci_case_add_bridge(&pci, AT(7, 0, 0), 7, 7);
    build();
    ck_assert_int_eq(answers(AT(5, 0, 0)), -1);
    ck_assert_int_eq(answers(AT(6, 0, 0)), -1);
    ck_assert_int_eq(answers(AT(7, 0, 0)), -1);
}
END_TEST

START_TEST(guest_can_make_a_loop_without_hanging)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 2);
    pci_case_add_bridge(&pci, AT(1, 0, 0), 2, 2);
    pci_case_add(&pci, AT(2, 0, 0));
    build();
    renumber(AT(1, 0, 0), 1, 0xff);
    renumber(AT(0, 1, 0), 1, 0xff);
    ck_assert_int_eq(answers(AT(1, 0, 0)), 1);
    ck_assert_int_eq(answers(AT(2, 0, 0)), -1);
}
END_TEST

START_TEST(subordinate_below_secondary_covers_nothing)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 5, 3);
    pci_case_add(&pci, AT(5, 0, 0));
    build();
    ck_assert(topology.segments[0].is_root[5]);
}
END_TEST

START_TEST(segments_do_not_see_each_other)
{
    pci_case_add(&pci, AT(0, 0, 0));
    pci_case_add_bridge(&pci, (struct sim_pci_address){0x30, 0, 0, 0}, 1, 0xff);
    pci_case_add(&pci, (struct sim_pci_address){0x30, 1, 0, 0});
    pci_case_add(&pci, (struct sim_pci_address){0x10000, 1, 0, 0});
    build();
    ck_assert_uint_eq(topology.segment_count, 3);
    ck_assert_uint_eq(topology.segments[1].number, 0x30);
    ck_assert_int_eq(answers(AT(1, 0, 0)), -1);
    ck_assert_int_eq(answers((struct sim_pci_address){0x30, 1, 0, 0}), 2);
    ck_assert(topology.segments[2].is_root[1]);
    ck_assert_int_eq(sim_pci_topology_segments(&topology), SIM_PCI_SEGMENTS_SHOWN);
}
END_TEST

START_TEST(segments_are_hidden_when_all_is_in_segment_0)
{
    pci_case_add(&pci, AT(0, 0, 0));
    build();
    ck_assert_int_eq(sim_pci_topology_segments(&topology), SIM_PCI_SEGMENTS_HIDDEN);
}
END_TEST

START_TEST(more_than_1024_segments_are_refused)
{
    static struct sim_dump_function functions[1025];
    struct sim_dump dump = {.path = pci.path, .functions = functions, .count = 1025};
    struct sim_error error = {""};

    for (unsigned int i = 0; i < 1025; i++) {
        functions[i].segment = i;
    }
    ck_assert_int_eq(sim_pci_topology_init(&topology, &dump, &error), -1);
    ck_assert_str_eq(error.text,
                     "case: 1025 PCI domains are more than the 1024 a machine can have");
    ck_assert_ptr_null(topology.functions);
    dump.count = 1024;
    ck_assert_int_eq(sim_pci_topology_init(&topology, &dump, &error), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_topology");
    TCase *routes = tcase_create("routes");
    TCase *buses = tcase_create("buses");

    tcase_add_checked_fixture(routes, setup, teardown);
    tcase_add_test(routes, function_on_bus_0_answers_only_to_its_own_address);
    tcase_add_test(routes, cycles_pass_two_bridges);
    tcase_add_test(routes, renumbered_bus_answers_to_its_new_number_only);
    tcase_add_test(routes, bus_numbers_written_as_one_dword_count);
    tcase_add_test(routes, bridge_reset_to_zero_passes_nothing_on);
    tcase_add_test(routes, cardbus_bridge_leads_to_its_bus);
    tcase_add_test(routes, header_type_0_with_numbers_in_it_is_no_bridge);
    tcase_add_test(routes, guest_can_make_a_loop_without_hanging);
    suite_add_tcase(suite, routes);

    tcase_add_checked_fixture(buses, setup, teardown);
    tcase_add_test(buses, buses_no_bridge_covers_are_roots);
    tcase_add_test(buses, bus_0_is_no_root_when_nothing_is_on_it);
    tcase_add_test(buses, first_of_two_bridges_with_the_same_secondary_has_the_bus);
    tcase_add_test(buses, loops_of_bus_numbers_end);
    tcase_add_test(buses, subordinate_below_secondary_covers_nothing);
    tcase_add_test(buses, segments_do_not_see_each_other);
    tcase_add_test(buses, segments_are_hidden_when_all_is_in_segment_0);
    tcase_add_test(buses, more_than_1024_segments_are_refused);
    suite_add_tcase(suite, buses);
    return suite;
}
