/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/base/status.c. */
#include <string.h>

#include "drydock/status.h"
#include "tests/unit/unit.h"

START_TEST(every_code_from_0_to_17_has_its_own_name_and_meaning)
{
    const char *name = dd_status_name((enum dd_status)_i);

    ck_assert_int_eq(strncmp(name, "DD_", 3), 0);
    ck_assert_str_ne(name, "DD_EUNKNOWN");
    ck_assert_str_ne(dd_status_text((enum dd_status)_i), "unknown status");
    for (int other = 0; other < _i; other++) {
        ck_assert_str_ne(name, dd_status_name((enum dd_status)other));
        ck_assert_str_ne(dd_status_text((enum dd_status)_i), dd_status_text((enum dd_status)other));
    }
}
END_TEST

START_TEST(codes_outside_the_list_are_unknown)
{
    ck_assert_str_eq(dd_status_name((enum dd_status)18), "DD_EUNKNOWN");
    ck_assert_str_eq(dd_status_text((enum dd_status)18), "unknown status");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("status");
    TCase *names = tcase_create("names");

    tcase_add_loop_test(names, every_code_from_0_to_17_has_its_own_name_and_meaning, 0, 18);
    tcase_add_test(names, codes_outside_the_list_are_unknown);
    suite_add_tcase(suite, names);
    return suite;
}
