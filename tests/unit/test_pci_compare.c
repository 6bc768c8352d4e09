/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/report/pci_compare.c: every kind of difference is found and told with both values. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/pci/report/pci_compare.h"
#include "sim/pci/report/pci_dump_report.h"
#include "sim/pci/bus/pci_reach.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_pci_guest guest;
static struct sim_pci_report libpci, dump;
static struct sim_pci_comparison comparison;

/* 00:00.0 has an MSI capability at 40h, a PCI Express one at 50h, AER at 100h, and 4 KiB of memory. */
static void setup(void)
{
    struct sim_dump_function *function;

    pci_case_init(&pci);
    function = pci_case_add(&pci, AT(0, 0, 0));
    pci_case_know(function, 4096);
    function->bytes[0x06] = 0x10;
    function->bytes[0x0b] = 0x02;
    function->bytes[0x12] = 0x10;
    function->bars[0].size = 0x1000;
    function->bytes[0x34] = 0x40;
    function->bytes[0x40] = 0x05;
    function->bytes[0x41] = 0x50;
    function->bytes[0x50] = 0x10;
    function->bytes[0x100] = 0x01;
    function->bytes[0x102] = 0x02;
    (void)pci_case_add(&pci, (struct sim_pci_address){1, 0, 0, 0});
}

/* Let the guest have found exactly what is in the dump. */
static void build(void)
{
    struct sim_error error = {""};
    struct sim_pci_found_bar bar = {0, "mem32", 0x100000, 0x1000};

    guest = (struct sim_pci_guest){.failed = false};
    libpci = (struct sim_pci_report){.count = 0};
    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
    sim_pci_reach_judge(&topology);
    ck_assert_int_eq(sim_pci_report_dump(&pci.dump, &dump, &error), 0);
    ck_assert_int_eq(sim_pci_report_dump(&pci.dump, &libpci, &error), 0);
    ck_assert_int_eq(sim_pci_report_dump(&pci.dump, &guest.ecam, &error), 0);
    pci.dump.count--; /* mechanism 1 finds segment 0 only, and no extended list */
    ck_assert_int_eq(sim_pci_report_dump(&pci.dump, &guest.mechanism1, &error), 0);
    pci.dump.count++;
    guest.mechanism1.functions[0].capability_count = 2;
    guest.ecam.functions[0].bars[0] = bar;
    guest.ecam.functions[0].bar_count = 1;
    guest.mechanism1.functions[0].bars[0] = bar;
    guest.mechanism1.functions[0].bar_count = 1;
    comparison = (struct sim_pci_comparison){&topology, &guest, &libpci, &dump};
}

static void teardown(void)
{
    sim_pci_topology_free(&topology);
    sim_pci_guest_free(&guest);
    sim_pci_report_free(&libpci);
    sim_pci_report_free(&dump);
}

static void assert_differences(size_t count, const char *wanted)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(sim_pci_compare(&comparison, file), count);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_str_eq(text, wanted);
    free(text);
}

START_TEST(what_is_the_same_does_not_differ)
{
    build();
    assert_differences(0, "");
}
END_TEST

START_TEST(byte_of_the_header_differs)
{
    build();
    guest.ecam.functions[1].bytes[0x3f] = 0x99;
    assert_differences(1, "0001:00:00.0: offset 3f: the guest 99, libpci 00 (line 11)\n");
}
END_TEST

START_TEST(byte_differs_from_the_dump_where_libpci_has_nothing)
{
    build();
    sim_pci_report_free(&libpci);
    guest.ecam.functions[1].bytes[0x00] = 0x87;
    assert_differences(1, "0001:00:00.0: offset 00: the guest 87, the dump 86 (line 8)\n");
}
END_TEST

START_TEST(capability_missing_in_the_first_list_differs)
{
    build();
    guest.ecam.functions[0].capabilities[0].offset = 0x44;
    guest.mechanism1.functions[0].capabilities[0].offset = 0x44;
    assert_differences(
        1, "0000:00:00.0: capabilities: the guest 05[44] 10[50], libpci 05[40] 10[50]\n");
}
END_TEST

START_TEST(extended_capability_differs_by_its_version)
{
    build();
    guest.ecam.functions[0].capabilities[2].version = 1;
    assert_differences(1,
                       "0000:00:00.0: capabilities: the guest 0001[100 v1], libpci 0001[100 v2]\n");
}
END_TEST

START_TEST(extended_list_not_found_differs)
{
    build();
    guest.ecam.functions[0].capability_count = 2;
    assert_differences(1, "0000:00:00.0: capabilities: the guest nothing, libpci 0001[100 v2]\n");
}
END_TEST

START_TEST(entries_the_dump_does_not_have_are_not_compared)
{
    pci_case_know(&pci.functions[0], 4096);
    build();
    pci.functions[0].known[0x50] = 0;
    libpci.functions[0].capability_count = 1;
    guest.ecam.functions[0].capabilities[1].id = 0;
    guest.ecam.functions[0].capability_count = 2;
    guest.mechanism1.functions[0].capabilities[1].id = 0;
    assert_differences(0, "");
}
END_TEST

START_TEST(size_differs_from_the_text)
{
    build();
    guest.ecam.functions[0].bars[0].size = 0x2000;
    guest.mechanism1.functions[0].bars[0].size = 0x2000;
    assert_differences(1, "0000:00:00.0: size of base address register 0: the guest found 2000, "
                          "the dump's text says 1000\n");
}
END_TEST

START_TEST(register_not_found_and_register_too_many_differ)
{
    build();
    guest.ecam.functions[0].bars[0].index = 1;
    guest.mechanism1.functions[0].bars[0].index = 1;
    assert_differences(2, "0000:00:00.0: size of base address register 0: the guest found 0, the "
                          "dump's text says 1000\n"
                          "0000:00:00.0: size of base address register 1: the guest found 1000, "
                          "there is none 0\n");
}
END_TEST

START_TEST(registers_of_a_host_bridge_are_not_compared)
{
    pci.functions[0].bytes[0x0b] = 0x06;
    build();
    guest.ecam.functions[0].bar_count = 0;
    guest.mechanism1.functions[0].bar_count = 0;
    assert_differences(0, "");
}
END_TEST

START_TEST(mechanisms_differ)
{
    build();
    guest.mechanism1.functions[0].bytes[0x04] = 0x01;
    guest.mechanism1.functions[0].capabilities[1].id = 0x11;
    guest.mechanism1.functions[0].bars[0].base = 0;
    assert_differences(
        3, "0000:00:00.0: offset 04: by mechanism 1 01, by ECAM 00 (line 2)\n"
           "0000:00:00.0: capabilities: by mechanism 1 05[40] 11[50], by ECAM 05[40] 10[50]\n"
           "0000:00:00.0: base address registers differ between the mechanisms\n");
}
END_TEST

START_TEST(function_found_by_one_mechanism_only_differs)
{
    build();
    sim_pci_report_free(&guest.mechanism1);
    assert_differences(1, "0000:00:00.0: ECAM found it, mechanism 1 did not\n");
}
END_TEST

START_TEST(function_not_found_differs)
{
    build();
    sim_pci_report_free(&guest.ecam);
    assert_differences(2, "0000:00:00.0: it can be reached, but the guest did not find it\n"
                          "0001:00:00.0: it can be reached, but the guest did not find it\n");
}
END_TEST

START_TEST(function_found_that_cannot_be_reached_differs)
{
    build();
    topology.functions[1].reach = SIM_PCI_NO_BRIDGE;
    assert_differences(1, "0001:00:00.0: it cannot be reached, but the guest found it\n");
}
END_TEST

START_TEST(function_only_mechanism_1_finds_and_that_cannot_be_reached_differs)
{
    build();
    topology.functions[0].reach = SIM_PCI_NO_BRIDGE;
    topology.functions[1].reach = SIM_PCI_NO_BRIDGE;
    sim_pci_report_free(&guest.ecam);
    assert_differences(1, "0000:00:00.0: it cannot be reached, but mechanism 1 found it\n");
}
END_TEST

START_TEST(function_that_is_not_in_the_dump_differs)
{
    build();
    guest.ecam.functions[1].address.device = 31;
    assert_differences(2, "0001:00:00.0: it can be reached, but the guest did not find it\n"
                          "0001:00:1f.0: the guest found it, but it is not in the dump\n");
}
END_TEST

START_TEST(register_left_changed_differs)
{
    build();
    topology.functions[0].config.value[0x04] = 0x02;
    assert_differences(1, "0000:00:00.0: offset 04: the guest left 02, it was 00 (line 2)\n");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_compare");
    TCase *differences = tcase_create("differences");

    tcase_add_checked_fixture(differences, setup, teardown);
    tcase_add_test(differences, what_is_the_same_does_not_differ);
    tcase_add_test(differences, byte_of_the_header_differs);
    tcase_add_test(differences, byte_differs_from_the_dump_where_libpci_has_nothing);
    tcase_add_test(differences, capability_missing_in_the_first_list_differs);
    tcase_add_test(differences, extended_capability_differs_by_its_version);
    tcase_add_test(differences, extended_list_not_found_differs);
    tcase_add_test(differences, entries_the_dump_does_not_have_are_not_compared);
    tcase_add_test(differences, size_differs_from_the_text);
    tcase_add_test(differences, register_not_found_and_register_too_many_differ);
    tcase_add_test(differences, registers_of_a_host_bridge_are_not_compared);
    tcase_add_test(differences, mechanisms_differ);
    tcase_add_test(differences, function_found_by_one_mechanism_only_differs);
    tcase_add_test(differences, function_not_found_differs);
    tcase_add_test(differences, function_found_that_cannot_be_reached_differs);
    tcase_add_test(differences, function_only_mechanism_1_finds_and_that_cannot_be_reached_differs);
    tcase_add_test(differences, function_that_is_not_in_the_dump_differs);
    tcase_add_test(differences, register_left_changed_differs);
    suite_add_tcase(suite, differences);
    return suite;
}
