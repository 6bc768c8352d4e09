/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/devices/debug_console.c. */
#include "sim/devices/debug_console.h"
#include "tests/unit/device_case.h"

static void put(void *self, uint8_t byte)
{
    char *text = self;

    text[strlen(text)] = (char)byte;
}

START_TEST(it_answers_with_its_own_number)
{
    struct sim_debug_console console = {.sink = {.put = NULL}};
    struct sim_region region = sim_debug_console_ports(&console);

    check_region(&region, 0xE9, 1, 1);
    ck_assert_uint_eq(region_in(&region, 0xE9), 0xE9);
    region_out(&region, 0xE9, 'x'); /* lost, and no harm done */
}
END_TEST

START_TEST(what_is_written_reaches_the_sink)
{
    char text[8] = "";
    struct sim_debug_console console = {.sink = {.put = put, .self = text}};
    struct sim_region region = sim_debug_console_ports(&console);

    region_out(&region, 0xE9, 'h');
    region_out(&region, 0xE9, 'i');
    ck_assert_str_eq(text, "hi");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("debug_console");
    TCase *port = tcase_create("port");

    tcase_add_test(port, it_answers_with_its_own_number);
    tcase_add_test(port, what_is_written_reaches_the_sink);
    suite_add_tcase(suite, port);
    return suite;
}
