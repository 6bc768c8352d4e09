/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/world/qemu_list.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/world/qemu_list.h"
#include "tests/unit/unit.h"

static struct sim_qemu_function *functions;
static size_t count;
static struct sim_error error;

static int read_text(const char *text)
{
    json_t *answer = json_loads(text, JSON_DECODE_ANY, NULL);
    int status = 0;

    ck_assert_ptr_nonnull(answer);
    status = sim_qemu_list_read(answer, &functions, &count, &error);
    json_decref(answer);
    return status;
}

#define DEVICE(bus, slot, function, vendor, device, more)                            \
    "{\"bus\": " #bus ", \"slot\": " #slot ", \"function\": " #function ", \"id\": " \
    "{\"vendor\": " #vendor ", \"device\": " #device "}, \"qdev_id\": \"\"" more "}"

START_TEST(functions_behind_bridges_are_found_and_all_are_in_order)
{
    ck_assert_int_eq(
        read_text("[{\"bus\": 0, \"devices\": [" DEVICE(0, 31, 2, 32902, 10530, "") "," DEVICE(
            0, 2, 0, 6966, 12,
            ", \"pci_bridge\": {\"bus\": {}, \"devices\": [" DEVICE(
                1, 0, 0, 4172, 33330,
                ", \"pci_bridge\": {\"bus\": {}}") "]}") "," DEVICE(0, 2, 1, 6966, 12,
                                                                    "") "]}, {\"bus\": 128, "
                                                                        "\"devices\": "
                                                                        "[" DEVICE(128, 0, 7, 65535,
                                                                                   0, "") "]}"
                                                                                          "]"),
        0);
    ck_assert_uint_eq(count, 5);
    ck_assert_uint_eq(functions[0].address.device, 2);
    ck_assert_uint_eq(functions[1].address.function, 1);
    ck_assert_uint_eq(functions[2].address.device, 31);
    ck_assert_uint_eq(functions[2].vendor, 0x8086);
    ck_assert_uint_eq(functions[2].device, 0x2922);
    ck_assert_uint_eq(functions[3].address.bus, 1);
    ck_assert_uint_eq(functions[3].vendor, 0x104C);
    ck_assert_uint_eq(functions[4].address.bus, 128);
    ck_assert_uint_eq(functions[4].address.function, 7);
    free(functions);
}
END_TEST

START_TEST(no_buses_are_no_functions)
{
    ck_assert_int_eq(read_text("[]"), 0);
    ck_assert_uint_eq(count, 0);
    free(functions);
}
END_TEST

static const char *const malformed[] = {
    "{}",
    "7",
    "[7]",
    "[{}]",
    "[{\"devices\": {}}]",
    "[{\"devices\": [7]}]",
    "[{\"devices\": [{}]}]",
    "[{\"devices\": [" DEVICE(256, 0, 0, 1, 1, "") "]}]",
    "[{\"devices\": [" DEVICE(0, 32, 0, 1, 1, "") "]}]",
    "[{\"devices\": [" DEVICE(0, 0, 8, 1, 1, "") "]}]",
    "[{\"devices\": [" DEVICE(0, 0, 0, 65536, 1, "") "]}]",
    "[{\"devices\": [" DEVICE(0, 0, 0, 1, -1, "") "]}]",
    "[{\"devices\": [" DEVICE(0, 0, "0", 1, 1, "") "]}]",
    "[{\"devices\": [" DEVICE(0, 0, 0, 1, 1, ", \"pci_bridge\": 7") "]}]",
    "[{\"devices\": [" DEVICE(0, 0, 0, 1, 1, ", \"pci_bridge\": {\"devices\": 7}") "]}]",
};

START_TEST(malformed_lists_are_errors_and_leave_the_outputs)
{
    functions = NULL;
    count = 4711;
    error.text[0] = '\0';
    ck_assert_int_eq(read_text(malformed[_i]), -1);
    ck_assert_str_ne(error.text, "");
    ck_assert_uint_eq(count, 4711);
    ck_assert_ptr_null(functions);
}
END_TEST

/* More bridges behind each other than there are bus numbers, but less than the parser's limit. */
START_TEST(nesting_deeper_than_buses_is_an_error)
{
    static const char open[] =
        "{\"bus\": 0, \"slot\": 0, \"function\": 0, \"id\": {\"vendor\": 1, \"device\": 1}, "
        "\"pci_bridge\": {\"devices\": [";
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    (void)fputs("[{\"devices\": [", stream);
    for (int i = 0; i < 300; i++) {
        (void)fputs(open, stream);
    }
    for (int i = 0; i < 300; i++) {
        (void)fputs("]}}", stream);
    }
    (void)fputs("]}]", stream);
    ck_assert_int_eq(fclose(stream), 0);
    ck_assert_int_eq(read_text(text), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "nested too deep"));
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("qemu_list");
    TCase *lists = tcase_create("lists");

    tcase_add_test(lists, functions_behind_bridges_are_found_and_all_are_in_order);
    tcase_add_test(lists, no_buses_are_no_functions);
    tcase_add_loop_test(lists, malformed_lists_are_errors_and_leave_the_outputs, 0,
                        sizeof malformed / sizeof malformed[0]);
    tcase_add_test(lists, nesting_deeper_than_buses_is_an_error);
    suite_add_tcase(suite, lists);
    return suite;
}
