/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/report/pci_report.c: report lines are read exactly, and nothing else is. */
#include <stdio.h>

#include "sim/pci/report/pci_report.h"
#include "tests/unit/unit.h"

/* 64 bytes that count up from 00. */
#define ROW_0 "000102030405060708090a0b0c0d0e0f"
#define ROW_1 "101112131415161718191a1b1c1d1e1f"
#define ROW_2 "202122232425262728292a2b2c2d2e2f"
#define ROW_3 "303132333435363738393a3b3c3d3e3f"
#define BYTES ROW_0 ROW_1 ROW_2 ROW_3

static struct sim_pci_report report;
static struct sim_error error;

static void setup(void)
{
    report = (struct sim_pci_report){.count = 0};
    error.text[0] = '\0';
}

static void teardown(void)
{
    sim_pci_report_free(&report);
}

START_TEST(every_kind_of_line_is_read)
{
    const struct sim_pci_found *found;

    ck_assert_msg(sim_pci_report_read(&report,
                                      "hello\n"
                                      "@pci 12345:ff:1f.7 " BYTES "\n"
                                      "@cap 12345:ff:1f.7 10 fc\n"
                                      "@ecap 12345:ff:1f.7 001e 2 ffc\n"
                                      "@bar 12345:ff:1f.7 0 mem64-pf fedcba9876543210 100000000\n"
                                      "@bar 12345:ff:1f.7 6 rom 0 800\n"
                                      "@trouble 12345:ff:1f.7 DD_ELOOP capability list\n"
                                      "@end pci 1\n",
                                      &error) == 0,
                  "%s", error.text);
    ck_assert_uint_eq(report.count, 1);
    found = &report.functions[0];
    ck_assert_uint_eq(found->address.segment, 0x12345);
    ck_assert_uint_eq(found->address.bus, 0xff);
    ck_assert_uint_eq(found->address.device, 31);
    ck_assert_uint_eq(found->address.function, 7);
    ck_assert_uint_eq(found->bytes[0], 0x00);
    ck_assert_uint_eq(found->bytes[63], 0x3f);
    ck_assert_uint_eq(found->capability_count, 2);
    ck_assert_int_eq(found->capabilities[0].list, SIM_PCI_LIST_FIRST);
    ck_assert_uint_eq(found->capabilities[0].id, 0x10);
    ck_assert_uint_eq(found->capabilities[0].offset, 0xfc);
    ck_assert_int_eq(found->capabilities[1].list, SIM_PCI_LIST_EXTENDED);
    ck_assert_uint_eq(found->capabilities[1].id, 0x1e);
    ck_assert_uint_eq(found->capabilities[1].version, 2);
    ck_assert_uint_eq(found->capabilities[1].offset, 0xffc);
    ck_assert_uint_eq(found->bar_count, 2);
    ck_assert_str_eq(found->bars[0].kind, "mem64-pf");
    ck_assert_uint_eq(found->bars[0].base, 0xfedcba9876543210);
    ck_assert_uint_eq(found->bars[0].size, 0x100000000);
    ck_assert_uint_eq(found->bars[1].index, 6);
    ck_assert_uint_eq(report.trouble_count, 1);
    ck_assert_str_eq(report.troubles[0].text, "DD_ELOOP capability list");
}
END_TEST

START_TEST(functions_are_brought_in_order_and_found)
{
    ck_assert_int_eq(sim_pci_report_read(&report,
                                         "@pci 0001:00:00.0 " BYTES "\n"
                                         "@pci 0000:10:00.0 " BYTES "\r\n"
                                         "@pci 0000:01:1f.7 " BYTES "\n"
                                         "@end pci 3",
                                         &error),
                     0);
    ck_assert_uint_eq(report.functions[0].address.bus, 0x01);
    ck_assert_uint_eq(report.functions[1].address.bus, 0x10);
    ck_assert_uint_eq(report.functions[2].address.segment, 1);
    ck_assert_ptr_eq(sim_pci_report_find(&report, (struct sim_pci_address){0, 0x10, 0, 0}),
                     &report.functions[1]);
    ck_assert_ptr_null(sim_pci_report_find(&report, (struct sim_pci_address){0, 0x10, 0, 1}));
}
END_TEST

START_TEST(second_report_is_added_to_the_first)
{
    ck_assert_int_eq(
        sim_pci_report_read(&report, "@pci 0001:00:00.0 " BYTES "\n@end pci 1\n", &error), 0);
    ck_assert_int_eq(
        sim_pci_report_read(&report, "@pci 0000:00:00.0 " BYTES "\n@end pci 1\n", &error), 0);
    ck_assert_int_eq(sim_pci_report_read(&report, "@end pci 0\n", &error), 0);
    ck_assert_uint_eq(report.count, 2);
    ck_assert_uint_eq(report.functions[0].address.segment, 0);
}
END_TEST

START_TEST(nothing_is_found_in_an_empty_report)
{
    ck_assert_ptr_null(sim_pci_report_find(&report, (struct sim_pci_address){0, 0, 0, 0}));
}
END_TEST

/* Texts that are no report, and the sentence about them. */
static const struct {
    const char *text, *sentence;
} bad[] = {
    {"", "PCI report: it breaks off after 0 functions"},
    {"@pci 0000:00:00.0 " BYTES "\n", "PCI report: it breaks off after 1 functions"},
    {"@end pci 1\n", "PCI report: not as many functions as were reported: \"@end pci 1\""},
    {"@end pci\n", "PCI report: not a count: \"@end pci\""},
    {"@end pci 0 x\n", "PCI report: not a count: \"@end pci 0 x\""},
    {"@end pci 0\n@pci 0000:00:00.0 00\n",
     "PCI report: a line after the end: \"@pci 0000:00:00.0 00\""},
    {"@pcix 0000:00:00.0\n", "PCI report: not a line of a PCI report: \"@pcix 0000:00:00.0\""},
    {"@\n", "PCI report: not a line of a PCI report: \"@\""},
    {"@pci 00:00.0 00\n", "PCI report: no address: \"@pci 00:00.0 00\""},
    {"@pci 0000:00:20.0 00\n", "PCI report: no address: \"@pci 0000:00:20.0 00\""},
    {"@pci 0000:00:00.8 00\n", "PCI report: no address: \"@pci 0000:00:00.8 00\""},
    {"@pci 0000:00:00.0 " ROW_0 "\n", "PCI report: not 64 bytes: \"@pci 0000:00:00.0 " ROW_0 "\""},
    {"@pci 0000:00:00.0\n", "PCI report: not 64 bytes: \"@pci 0000:00:00.0\""},
    {"@cap 0000:00:00.0 01 40\n",
     "PCI report: not about the last function: \"@cap 0000:00:00.0 01 40\""},
    {"@bar x\n", "PCI report: not about the last function: \"@bar x\""},
    {"@trouble x\n", "PCI report: no address: \"@trouble x\""},
};

START_TEST(text_that_is_no_report_is_refused)
{
    ck_assert_int_eq(sim_pci_report_read(&report, bad[_i].text, &error), -1);
    ck_assert_str_eq(error.text, bad[_i].sentence);
}
END_TEST

/* Lines that may not follow "@pci 0000:00:00.0". */
static const struct {
    const char *line, *problem;
} bad_lines[] = {
    {"@cap 0000:00:00.1 01 40", "not about the last function"},
    {"@cap 0000:00:00.0 01", "not ID and offset"},
    {"@cap 0000:00:00.0 01 40 1", "not ID and offset"},
    {"@cap 0000:00:00.0 001 40", "not ID and offset"},
    {"@ecap 0000:00:00.0 0001 1", "not ID, version and offset"},
    {"@ecap 0000:00:00.0 0001 11 100", "not ID, version and offset"},
    {"@bar 0000:00:00.0 7 io 0 4", "not index, kind, base and size"},
    {"@bar 0000:00:00.0 0 io 0", "not index, kind, base and size"},
    {"@bar 0000:00:00.0 0 io 0 4 4", "not index, kind, base and size"},
};

START_TEST(broken_line_after_a_function_is_refused)
{
    char text[512];
    char sentence[256];

    ck_assert_int_gt(snprintf(text, sizeof text, "@pci 0000:00:00.0 %s\n%s\n@end pci 1\n", BYTES,
                              bad_lines[_i].line),
                     0);
    ck_assert_int_gt(snprintf(sentence, sizeof sentence, "PCI report: %s: \"%s\"",
                              bad_lines[_i].problem, bad_lines[_i].line),
                     0);
    ck_assert_int_eq(sim_pci_report_read(&report, text, &error), -1);
    ck_assert_str_eq(error.text, sentence);
}
END_TEST

START_TEST(function_reported_twice_is_refused)
{
    ck_assert_int_eq(sim_pci_report_read(&report,
                                         "@pci 0000:00:00.0 " BYTES "\n"
                                         "@pci 0000:00:01.0 " BYTES "\n"
                                         "@pci 0000:00:00.0 " BYTES "\n"
                                         "@end pci 3\n",
                                         &error),
                     -1);
    ck_assert_str_eq(error.text, "PCI report: function 0000:00:00.0 is reported twice");
}
END_TEST

START_TEST(eighth_base_address_register_is_refused)
{
#define BAR "@bar 0000:00:00.0 0 io 0 4\n"
    ck_assert_int_eq(sim_pci_report_read(&report,
                                         "@pci 0000:00:00.0 " BYTES
                                         "\n" BAR BAR BAR BAR BAR BAR BAR BAR "@end pci 1\n",
                                         &error),
                     -1);
    ck_assert_str_eq(error.text, "PCI report: more base address registers than a function has: "
                                 "\"@bar 0000:00:00.0 0 io 0 4\"");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_report");
    TCase *lines = tcase_create("lines");
    TCase *refused = tcase_create("refused");

    tcase_add_checked_fixture(lines, setup, teardown);
    tcase_add_test(lines, every_kind_of_line_is_read);
    tcase_add_test(lines, functions_are_brought_in_order_and_found);
    tcase_add_test(lines, second_report_is_added_to_the_first);
    tcase_add_test(lines, nothing_is_found_in_an_empty_report);
    suite_add_tcase(suite, lines);

    tcase_add_checked_fixture(refused, setup, teardown);
    tcase_add_loop_test(refused, text_that_is_no_report_is_refused, 0,
                        (int)(sizeof bad / sizeof *bad));
    tcase_add_loop_test(refused, broken_line_after_a_function_is_refused, 0,
                        (int)(sizeof bad_lines / sizeof *bad_lines));
    tcase_add_test(refused, function_reported_twice_is_refused);
    tcase_add_test(refused, eighth_base_address_register_is_refused);
    suite_add_tcase(suite, refused);
    return suite;
}
