/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/world/qemu_compare.c. */
#include <string.h>

#include "sim/world/qemu.h"
#include "tests/unit/unit.h"

/* 60 bytes that do not matter. */
#define REST                                                       \
    "000000000000000000000000000000000000000000000000000000000000" \
    "000000000000000000000000000000000000000000000000000000000000"
#define FIRST  "@pci 0000:00:02.0 361b0c00" REST "\n"
#define SECOND "@pci 0000:01:00.0 8680d310" REST "\n@cap 0000:01:00.0 01 40\n"
#define THIRD  "@pci 0000:01:00.1 8680d310" REST "\n"

static struct sim_qemu_function functions[] = {{{0, 0x00, 0x02, 0}, 0x1B36, 0x000C},
                                               {{0, 0x01, 0x00, 0}, 0x8086, 0x10D3}};

static int compare(const char *console, struct sim_error *error)
{
    const struct sim_qemu_outcome outcome = {
        .console = (char *)console, .held = true, .functions = functions, .function_count = 2};

    error->text[0] = '\0';
    return sim_qemu_compare_pci(&outcome, error);
}

static const struct {
    const char *console;
    int reports;
} same[] = {
    {FIRST SECOND "@end pci 2\n", 1},
    {"@claim x success\n@claims 1\nhello\n" FIRST "a word\n" SECOND "@end pci 2\n@hold\n", 1},
    {SECOND FIRST "@end pci 2\n" FIRST SECOND "@end pci 2\n@hold\n", 2},
};

START_TEST(equal_lists_agree_in_any_order_and_number)
{
    struct sim_error error;

    ck_assert_msg(compare(same[_i].console, &error) == same[_i].reports, "%s", error.text);
}
END_TEST

static const struct {
    const char *console, *complaint;
} different[] = {
    {FIRST "@end pci 1\n", "report 1: function 0000:01:00.0 is missing"},
    {SECOND "@end pci 1\n", "report 1: function 0000:00:02.0 is missing"},
    {"@end pci 0\n", "report 1: function 0000:00:02.0 is missing"},
    {FIRST SECOND THIRD "@end pci 3\n", "report 1: function 0000:01:00.1 is not in QEMU's list"},
    {"@pci 0000:00:01.0 361b0c00" REST "\n" FIRST SECOND "@end pci 3\n",
     "report 1: function 0000:00:01.0 is not in QEMU's list"},
    {"@pci 0000:00:02.0 361b0d00" REST "\n" SECOND "@end pci 2\n",
     "report 1: function 0000:00:02.0 is 1b36:000d, QEMU says 1b36:000c"},
    {FIRST "@pci 0000:01:00.0 8780d310" REST "\n@end pci 2\n",
     "report 1: function 0000:01:00.0 is 8087:10d3, QEMU says 8086:10d3"},
    {FIRST SECOND "@end pci 2\n" FIRST "@end pci 1\n",
     "report 2: function 0000:01:00.0 is missing"},
    {"@pci 0001:00:02.0 361b0c00" REST "\n" SECOND "@end pci 2\n",
     "report 1: function 0000:00:02.0 is missing"},
    {FIRST SECOND "@end pci 3\n", "not as many functions"},
    {FIRST SECOND, "breaks off"},
    {FIRST FIRST SECOND "@end pci 3\n", "twice"},
    {"@pci 0000:00:02.0 36\n@end pci 1\n", "64 bytes"},
    {"@claims 1\n", "no PCI report"},
    {"", "no PCI report"},
};

START_TEST(differences_are_named)
{
    struct sim_error error;

    ck_assert_int_eq(compare(different[_i].console, &error), -1);
    ck_assert_msg(strstr(error.text, different[_i].complaint) != NULL, "\"%s\" lacks \"%s\"",
                  error.text, different[_i].complaint);
}
END_TEST

START_TEST(a_run_without_hold_has_nothing_to_compare_with)
{
    const struct sim_qemu_outcome outcome = {.console = (char *)"@end pci 0\n"};
    struct sim_error error;

    ck_assert_int_eq(sim_qemu_compare_pci(&outcome, &error), -1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("qemu_compare");
    TCase *reports = tcase_create("reports");

    tcase_add_loop_test(reports, equal_lists_agree_in_any_order_and_number, 0,
                        sizeof same / sizeof same[0]);
    tcase_add_loop_test(reports, differences_are_named, 0, sizeof different / sizeof different[0]);
    tcase_add_test(reports, a_run_without_hold_has_nothing_to_compare_with);
    suite_add_tcase(suite, reports);
    return suite;
}
