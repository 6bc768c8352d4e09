/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/report/pci_listing.c: lspci's lines, and the tree. */
#include <stdlib.h>

#include "sim/pci/report/pci_dump_report.h"
#include "sim/pci/report/pci_export.h"
#include "sim/pci/report/pci_listing.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_pci_report report;
static char *text;
static size_t length;
static FILE *file;

/* A bridge at 00:01.0 to bus 01 with a network controller, and a device on the second root bus 40. */
static void setup(void)
{
    struct sim_error error = {""};
    struct sim_dump_function *function;

    pci_case_init(&pci);
    function = pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 1);
    function->bytes[0x0b] = 0x06;
    function->bytes[0x0a] = 0x04;
    function = pci_case_add(&pci, AT(1, 0, 0));
    function->bytes[0x01] = 0xff; /* vendors that no list knows */
    function->bytes[0x02] = 0x34;
    function->bytes[0x03] = 0x12;
    function->bytes[0x08] = 0x0c;
    function->bytes[0x0b] = 0x02;
    function->bars[2].size = 0x100000000;
    pci_case_know(function, SIM_CONFIG_SIZE);
    pci_case_add(&pci, AT(0x40, 0x1f, 7))->bytes[0x01] = 0xff;
    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
    ck_assert_int_eq(sim_pci_report_dump(&pci.dump, &report, &error), 0);
    file = open_memstream(&text, &length);
    ck_assert_ptr_nonnull(file);
}

static void teardown(void)
{
    free(text);
    sim_pci_report_free(&report);
    sim_pci_topology_free(&topology);
}

static const char *printed(void)
{
    ck_assert_int_eq(fclose(file), 0);
    return text;
}

START_TEST(numeric_lines_are_those_of_lspci)
{
    sim_pci_list_numeric(&report, SIM_PCI_SEGMENTS_HIDDEN, file);
    ck_assert_str_eq(printed(), "00:01.0 0604: 8086:0000\n"
                                "01:00.0 0200: ff86:1234 (rev 0c)\n"
                                "40:1f.7 0000: ff86:0000\n");
}
END_TEST

START_TEST(numeric_lines_have_the_segment_if_any_needs_it)
{
    report.functions[2].address.segment = 0x10000;
    sim_pci_list_numeric(&report, SIM_PCI_SEGMENTS_SHOWN, file);
    ck_assert_str_eq(printed(), "0000:00:01.0 0604: 8086:0000\n"
                                "0000:01:00.0 0200: ff86:1234 (rev 0c)\n"
                                "10000:40:1f.7 0000: ff86:0000\n");
}
END_TEST

START_TEST(tree_has_each_bus_below_its_bridge)
{
    struct sim_error error = {""};
    struct sim_pci_capability capabilities[] = {
        {SIM_PCI_LIST_FIRST, 0x05, 0x40, 0},
        {SIM_PCI_LIST_FIRST, 0x7e, 0x50, 0},
        {SIM_PCI_LIST_EXTENDED, 0x0001, 0x100, 1},
    };
    struct sim_pci_found *found = &report.functions[1];

    report.functions[0].bytes[0x01] = 0xff;
    found->bars[0] = (struct sim_pci_found_bar){0, "io", 0xe000, 0x20};
    found->bars[1] = (struct sim_pci_found_bar){2, "mem64-pf", 0x3800000000, 0x100000000};
    found->bars[2] = (struct sim_pci_found_bar){6, "rom", 0, 0x600};
    found->bar_count = 3;
    found->capabilities = capabilities;
    found->capability_count = 3;
    topology.functions[1].config.bars[0].source = SIM_PCI_BAR_ASSUMED;
    topology.functions[1].config.bars[2].source = SIM_PCI_BAR_KNOWN;
    ck_assert_int_eq(sim_pci_list_tree(&topology, &report, file, &error), 0);
    found->capabilities = NULL;
    ck_assert_str_eq(printed(), "00:01.0 PCI bridge: Device ff86:0000\n"
                                "  01:00.0 Ethernet controller: Device ff86:1234\n"
                                "          BAR 0  ports e000, 32 (size assumed)\n"
                                "          BAR 2  memory 3800000000, 4G, 64-bit, prefetchable\n"
                                "          ROM  memory 0, 1536\n"
                                "          MSI[40] 7e[50] AER[100]\n"
                                "40:1f.7 Non-VGA unclassified device: Device ff86:0000\n");
}
END_TEST

START_TEST(a_capability_that_the_dump_does_not_have_is_unknown)
{
    struct sim_error error = {""};
    struct sim_pci_capability capability = {SIM_PCI_LIST_FIRST, 0x00, 0x40, 0};

    memset(&pci.functions[1].known[0x40], 0, SIM_CONFIG_SIZE - 0x40);
    report.functions[1].capabilities = &capability;
    report.functions[1].capability_count = 1;
    ck_assert_int_eq(sim_pci_list_tree(&topology, &report, file, &error), 0);
    ck_assert_int_eq(sim_pci_export_json(&topology, &report, file, &error), 0);
    report.functions[1].capabilities = NULL;
    ck_assert_ptr_nonnull(strstr(printed(), "          unknown[40]\n"));
    ck_assert_ptr_nonnull(strstr(text, "\"id\": null"));
    ck_assert_ptr_nonnull(strstr(text, "\"name\": null"));
}
END_TEST

START_TEST(tree_is_at_most_100_columns_wide)
{
    struct sim_error error = {""};
    struct sim_pci_capability capabilities[40];
    size_t column = 0;

    for (unsigned int i = 0; i < 40; i++) {
        capabilities[i] =
            (struct sim_pci_capability){SIM_PCI_LIST_FIRST, 0x11, (uint16_t)(0x40 + 4 * i), 0};
    }
    report.functions[1].bytes[0x01] = 0x80; /* 8086:2922 has a name of 80 characters */
    report.functions[1].bytes[0x02] = 0x22;
    report.functions[1].bytes[0x03] = 0x29;
    report.functions[1].capabilities = capabilities;
    report.functions[1].capability_count = 40;
    ck_assert_int_eq(sim_pci_list_tree(&topology, &report, file, &error), 0);
    report.functions[1].capabilities = NULL;
    for (const char *c = printed(); *c != '\0'; c++) {
        column = *c == '\n' ? 0 : column + 1;
        ck_assert_uint_le(column, 100);
    }
    ck_assert_ptr_nonnull(strstr(text, "...\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n          MSI-X[40] MSI-X[44] "));
    ck_assert_ptr_nonnull(strstr(text, "MSI-X[dc]\n"));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_listing");
    TCase *numeric = tcase_create("numeric");
    TCase *tree = tcase_create("tree");

    tcase_add_checked_fixture(numeric, setup, teardown);
    tcase_add_test(numeric, numeric_lines_are_those_of_lspci);
    tcase_add_test(numeric, numeric_lines_have_the_segment_if_any_needs_it);
    suite_add_tcase(suite, numeric);

    tcase_add_checked_fixture(tree, setup, teardown);
    tcase_add_test(tree, tree_has_each_bus_below_its_bridge);
    tcase_add_test(tree, a_capability_that_the_dump_does_not_have_is_unknown);
    tcase_add_test(tree, tree_is_at_most_100_columns_wide);
    suite_add_tcase(suite, tree);
    return suite;
}
