/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/bus/pci_reach.c: which functions enumeration finds, and the words for the others. */
#include <stdlib.h>

#include "sim/pci/bus/pci_reach.h"
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

/* Build, judge, and compare what is printed. */
static void assert_printed(const char *wanted)
{
    struct sim_error error = {""};
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);

    ck_assert_ptr_nonnull(file);
    ck_assert_msg(sim_pci_topology_init(&topology, &pci.dump, &error) == 0, "%s", error.text);
    sim_pci_reach_judge(&topology);
    (void)sim_pci_reach_print(&topology, file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_str_eq(text, wanted);
    free(text);
}

START_TEST(whole_machine_is_reached)
{
    pci_case_add(&pci, AT(0, 0, 0))->bytes[0x0e] = 0x80;
    pci_case_add(&pci, AT(0, 0, 7));
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 2);
    pci_case_add_bridge(&pci, AT(1, 0, 0), 2, 2);
    pci_case_add(&pci, AT(2, 31, 0));
    pci_case_add(&pci, AT(0xff, 8, 0));
    assert_printed("");
    ck_assert_int_eq(topology.functions[4].reach, SIM_PCI_REACHED);
}
END_TEST

START_TEST(function_that_reads_all_ones_is_not_reached)
{
    pci_case_add(&pci, AT(0, 0, 0))->bytes[0x0e] = 0x80;
    memset(pci_case_add(&pci, AT(0, 0, 1))->bytes, 0xff, 64);
    assert_printed("00:00.1 cannot be reached: it reads all ones\n");
}
END_TEST

START_TEST(functions_need_a_function_0_that_answers)
{
    pci_case_add(&pci, AT(0, 1, 4));
    memset(pci_case_add(&pci, AT(0, 2, 0))->bytes, 0xff, 64);
    pci_case_add(&pci, AT(0, 2, 1));
    assert_printed("00:01.4 cannot be reached: function 0 of its device is missing\n"
                   "00:02.0 cannot be reached: it reads all ones\n"
                   "00:02.1 cannot be reached: function 0 of its device is missing\n");
}
END_TEST

START_TEST(functions_need_the_multi_function_bit_of_function_0)
{
    pci_case_add(&pci, AT(0, 1, 0));
    pci_case_add(&pci, AT(0, 1, 1))->bytes[0x0e] = 0x80;
    assert_printed("00:01.1 cannot be reached: function 0 of its device is not multi-function\n");
}
END_TEST

START_TEST(bus_in_a_range_without_a_bridge_of_its_own_is_not_reached)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 3);
    pci_case_add(&pci, AT(3, 0, 0));
    assert_printed("03:00.0 cannot be reached: no bridge leads to bus 03, though one has it in its "
                   "range\n");
}
END_TEST

START_TEST(bus_behind_a_bridge_nobody_finds_is_not_reached)
{
    pci_case_add_bridge(&pci, AT(0, 1, 1), 1, 2);
    pci_case_add_bridge(&pci, AT(1, 0, 0), 2, 2);
    pci_case_add(&pci, AT(2, 0, 0));
    assert_printed(
        "00:01.1 cannot be reached: function 0 of its device is missing\n"
        "01:00.0 cannot be reached: 00:01.1, on the way to bus 01, cannot be found itself\n"
        "02:00.0 cannot be reached: 01:00.0, on the way to bus 02, cannot be found itself\n");
}
END_TEST

START_TEST(bus_the_upper_bridge_does_not_cover_is_not_reached)
{
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 1);
    pci_case_add_bridge(&pci, AT(1, 0, 0), 2, 2);
    pci_case_add(&pci, AT(2, 0, 0));
    assert_printed("02:00.0 cannot be reached: bus 02 is not passed on to 01:00.0, which leads "
                   "there\n");
}
END_TEST

START_TEST(bridges_that_lead_to_their_own_bus_or_upwards_are_not_followed)
{
    pci_case_add(&pci, AT(3, 0, 0));
    pci_case_add_bridge(&pci, AT(5, 0, 0), 3, 4);
    assert_printed("03:00.0 cannot be reached: 05:00.0, which leads to bus 03, has impossible bus "
                   "numbers\n");
}
END_TEST

START_TEST(bus_is_reached_if_any_found_bridge_has_its_number)
{
    pci_case_add_bridge(&pci, AT(0, 1, 1), 2, 2);
    pci_case_add_bridge(&pci, AT(0, 2, 0), 2, 2);
    pci_case_add(&pci, AT(2, 0, 0));
    assert_printed("00:01.1 cannot be reached: function 0 of its device is missing\n");
}
END_TEST

START_TEST(segment_is_in_the_address_when_there_are_several)
{
    pci_case_add(&pci, AT(0, 0, 0));
    pci_case_add(&pci, (struct sim_pci_address){0x12345, 0, 0, 1});
    assert_printed("12345:00:00.1 cannot be reached: function 0 of its device is missing\n");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_reach");
    TCase *reach = tcase_create("reach");

    tcase_add_checked_fixture(reach, setup, teardown);
    tcase_add_test(reach, whole_machine_is_reached);
    tcase_add_test(reach, function_that_reads_all_ones_is_not_reached);
    tcase_add_test(reach, functions_need_a_function_0_that_answers);
    tcase_add_test(reach, functions_need_the_multi_function_bit_of_function_0);
    tcase_add_test(reach, bus_in_a_range_without_a_bridge_of_its_own_is_not_reached);
    tcase_add_test(reach, bus_behind_a_bridge_nobody_finds_is_not_reached);
    tcase_add_test(reach, bus_the_upper_bridge_does_not_cover_is_not_reached);
    tcase_add_test(reach, bridges_that_lead_to_their_own_bus_or_upwards_are_not_followed);
    tcase_add_test(reach, bus_is_reached_if_any_found_bridge_has_its_number);
    tcase_add_test(reach, segment_is_in_the_address_when_there_are_several);
    suite_add_tcase(suite, reach);
    return suite;
}
