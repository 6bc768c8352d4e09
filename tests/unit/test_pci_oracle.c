/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/report/pci_oracle.c and sim/pci/report/pci_dump_report.c: two readings of the same file. */
#include <stdlib.h>

#include "sim/pci/report/pci_dump_report.h"
#include "sim/pci/report/pci_oracle.h"
#include "tests/unit/dump_case.h"

#define ROW_00_LIST      "00: 86 80 29 12 07 04 10 00 02 00 00 06 00 00 00 00\n"
#define ROW_30_AT_40     "30: 00 00 00 00 40 00 00 00 00 00 00 00 0b 01 00 ff\n"
#define ROW_ZERO(offset) offset ": 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"

/* The header, then the twelve rows from 40h on with the first one given. */
#define FUNCTION(slot, row_30, row_40)                                                             \
    slot " Host bridge: x\n" ROW_00_LIST ROW_10 ROW_20 row_30 row_40 ROW_ZERO("50") ROW_ZERO("60") \
        ROW_ZERO("70") ROW_ZERO("80") ROW_ZERO("90") ROW_ZERO("a0") ROW_ZERO("b0") ROW_ZERO("c0")  \
            ROW_ZERO("d0") ROW_ZERO("e0") ROW_ZERO("f0")

static struct sim_dump dump;
static struct sim_pci_report by_libpci, by_dump;
static struct sim_error error;

static void setup(void)
{
    dump = (struct sim_dump){.count = 0};
    by_libpci = (struct sim_pci_report){.count = 0};
    by_dump = (struct sim_pci_report){.count = 0};
}

static void teardown(void)
{
    sim_pci_report_free(&by_libpci);
    sim_pci_report_free(&by_dump);
    sim_dump_free(&dump);
}

static void read_both(const char *text)
{
    dump = good_dump(text);
    ck_assert_msg(sim_pci_oracle_ask(&dump, &by_libpci, &error) == 0, "%s", error.text);
    ck_assert_msg(sim_pci_report_dump(&dump, &by_dump, &error) == 0, "%s", error.text);
}

static void assert_capability(const struct sim_pci_report *report, size_t index, unsigned int id,
                              unsigned int offset)
{
    ck_assert_uint_lt(index, report->functions[0].capability_count);
    ck_assert_uint_eq(report->functions[0].capabilities[index].id, id);
    ck_assert_uint_eq(report->functions[0].capabilities[index].offset, offset);
}

START_TEST(both_read_header_and_first_list)
{
    read_both(
        FUNCTION("00:01.0", ROW_30_AT_40,
                 "40: 05 48 00 00 00 00 00 00 09 00 10 00 00 00 00 00\n") "\n"
                                                                          "00:02.0 x\n" HEADER);
    for (int i = 0; i < 2; i++) {
        const struct sim_pci_report *report = i == 0 ? &by_libpci : &by_dump;

        ck_assert_uint_eq(report->count, 2);
        ck_assert_uint_eq(report->functions[0].address.device, 1);
        ck_assert_uint_eq(report->functions[0].bytes[0x03], 0x12);
        ck_assert_uint_eq(report->functions[0].bytes[0x3f], 0xff);
        ck_assert_uint_eq(report->functions[0].capability_count, 2);
        assert_capability(report, 0, 0x05, 0x40);
        assert_capability(report, 1, 0x09, 0x48);
        ck_assert_uint_eq(report->functions[1].capability_count, 0);
    }
}
END_TEST

START_TEST(both_read_the_extended_list)
{
    read_both(FUNCTION(
        "00:01.0", ROW_30_AT_40,
        "40: 10 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00\n") "100: 01 00 82 10 00 00 00 00 03 "
                                                                 "00 01 00 00 00 00 00\n");
    for (int i = 0; i < 2; i++) {
        const struct sim_pci_report *report = i == 0 ? &by_libpci : &by_dump;

        ck_assert_uint_eq(report->functions[0].capability_count, 3);
        assert_capability(report, 1, 0x0001, 0x100);
        assert_capability(report, 2, 0x0003, 0x108);
        ck_assert_int_eq(report->functions[0].capabilities[1].list, SIM_PCI_LIST_EXTENDED);
        ck_assert_uint_eq(report->functions[0].capabilities[1].version, 2);
    }
}
END_TEST

START_TEST(extended_list_counts_only_with_a_pci_express_capability)
{
    read_both(FUNCTION(
        "00:01.0", ROW_30_AT_40,
        "40: 05 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00\n") "100: 01 00 82 10 00 00 00 00 03 "
                                                                 "00 01 00 00 00 00 00\n");
    ck_assert_uint_eq(by_libpci.functions[0].capability_count, 1);
    ck_assert_uint_eq(by_dump.functions[0].capability_count, 1);
}
END_TEST

START_TEST(list_ends_at_a_pointer_into_the_header)
{
    read_both(
        FUNCTION("00:01.0", ROW_30_AT_40, "40: 05 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"));
    ck_assert_uint_eq(by_libpci.functions[0].capability_count, 1);
    ck_assert_uint_eq(by_dump.functions[0].capability_count, 1);
}
END_TEST

START_TEST(list_ends_at_an_entry_of_all_ones_or_outside_the_dump)
{
    read_both(
        FUNCTION("00:01.0", ROW_30_AT_40, "40: 05 44 00 00 ff ff ff ff 00 00 00 00 00 00 00 00\n"));
    ck_assert_uint_eq(by_libpci.functions[0].capability_count, 1);
    ck_assert_uint_eq(by_dump.functions[0].capability_count, 1);
    teardown();
    read_both("00:01.0 x\n" ROW_00_LIST ROW_10 ROW_20 ROW_30_AT_40);
    ck_assert_uint_eq(by_libpci.functions[0].capability_count, 0);
    ck_assert_uint_eq(by_dump.functions[0].capability_count, 0);
}
END_TEST

START_TEST(cardbus_bridge_has_its_pointer_at_14)
{
    read_both("00:01.0 x\n"
              "00: 80 11 76 04 07 00 10 02 ba 00 07 06 00 a8 02 00\n"
              "10: 00 00 80 f4 40 00 00 02 15 16 17 b0 00 00 00 f0\n"
              "20: 00 f0 ff f3 00 00 00 c0 00 f0 ff c3 00 40 00 00\n"
              "30: fc 40 00 00 00 44 00 00 fc 44 00 00 0b 01 80 05\n"
              "40: 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n");
    ck_assert_uint_eq(by_libpci.functions[0].capability_count, 1);
    assert_capability(&by_libpci, 0, 0x01, 0x40);
    assert_capability(&by_dump, 0, 0x01, 0x40);
}
END_TEST

START_TEST(file_that_libpci_refuses_is_told_in_its_words)
{
    char text[1024];
    char line[301];

    memset(line, 'x', 300);
    line[300] = '\0';
    ck_assert_int_gt(snprintf(text, sizeof text, "00:01.0 %s\n%s", line, HEADER), 0);
    dump = good_dump(text);
    ck_assert_int_eq(sim_pci_oracle_ask(&dump, &by_libpci, &error), -1);
    ck_assert_str_eq(error.text, "libpci: dump: line too long or unterminated");
    ck_assert_uint_eq(by_libpci.count, 0);
    ck_assert_int_eq(sim_pci_report_dump(&dump, &by_dump, &error), 0);
    ck_assert_uint_eq(by_dump.count, 1);
}
END_TEST

START_TEST(names_come_one_line_for_each_function)
{
    char *names;

    read_both("00:01.0 x\n" HEADER "\n00:02.0 x\n" HEADER);
    by_dump.functions[1].bytes[0x01] = 0xff; /* nobody's vendor ID: ff86 */
    names = sim_pci_oracle_names(&by_dump, &error);
    ck_assert_ptr_nonnull(names);
    ck_assert_ptr_nonnull(strstr(names, "Host bridge: Intel Corporation"));
    ck_assert_ptr_nonnull(strstr(names, "\nHost bridge: Device ff86:1229\n"));
    free(names);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_oracle");
    TCase *lists = tcase_create("lists");

    tcase_add_checked_fixture(lists, setup, teardown);
    tcase_add_test(lists, both_read_header_and_first_list);
    tcase_add_test(lists, both_read_the_extended_list);
    tcase_add_test(lists, extended_list_counts_only_with_a_pci_express_capability);
    tcase_add_test(lists, list_ends_at_a_pointer_into_the_header);
    tcase_add_test(lists, list_ends_at_an_entry_of_all_ones_or_outside_the_dump);
    tcase_add_test(lists, cardbus_bridge_has_its_pointer_at_14);
    tcase_add_test(lists, file_that_libpci_refuses_is_told_in_its_words);
    tcase_add_test(lists, names_come_one_line_for_each_function);
    suite_add_tcase(suite, lists);
    return suite;
}
