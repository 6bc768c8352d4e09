/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/world/matrix_nowhere.c. CR0.PE is a field of tests/claims/untouched.def. */
#include <stdlib.h>
#include <string.h>

#include "sim/world/matrix.h"
#include "tests/unit/unit.h"

static struct sim_matrix *matrix;
static int host;
static int guest;
static unsigned int fixed;
static unsigned int other;

static void open_two_worlds(void)
{
    matrix = sim_matrix_create();
    ck_assert_ptr_nonnull(matrix);
    host = sim_matrix_add_world(matrix, "host");
    guest = sim_matrix_add_world(matrix, "guest");
    fixed = (unsigned int)sim_matrix_find_claim("DD_CR0_PE_changes_alone");
    other = (unsigned int)sim_matrix_find_claim("DD_CR0_MP_changes_alone");
}

static void close_matrix(void)
{
    sim_matrix_destroy(matrix);
}

static void is_printed(const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    sim_matrix_print_nowhere(file, matrix);
    (void)fclose(file);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(a_claim_that_all_worlds_skip_ran_nowhere)
{
    sim_matrix_set(matrix, host, other, SIM_CELL_SKIP, "no such bit");
    ck_assert_int_eq(sim_matrix_presence(matrix, other), SIM_MATRIX_RAN); /* the guest is missing */
    sim_matrix_set(matrix, guest, other, SIM_CELL_SKIP, "no such bit");
    ck_assert_int_eq(sim_matrix_presence(matrix, other), SIM_MATRIX_NOWHERE);
    ck_assert_uint_eq(sim_matrix_count(matrix, SIM_MATRIX_NOWHERE), 1);
    is_printed("NOWHERE: DD_CR0_MP_changes_alone: no such bit\n");
}
END_TEST

START_TEST(one_world_is_enough)
{
    sim_matrix_set(matrix, host, other, SIM_CELL_SKIP, "no such bit");
    sim_matrix_set(matrix, guest, other, SIM_CELL_SUCCESS, "");
    ck_assert_int_eq(sim_matrix_presence(matrix, other), SIM_MATRIX_RAN);
    is_printed("");
}
END_TEST

START_TEST(a_failure_is_reported_as_a_failure_only)
{
    sim_matrix_set(matrix, host, other, SIM_CELL_SKIP, "no such bit");
    sim_matrix_set(matrix, guest, other, SIM_CELL_FAILURE, "wrong");
    ck_assert_int_eq(sim_matrix_presence(matrix, other), SIM_MATRIX_RAN);
    sim_matrix_set(matrix, host, fixed, SIM_CELL_FAILURE, "wrong");
    ck_assert_int_eq(sim_matrix_presence(matrix, fixed), SIM_MATRIX_RAN);
}
END_TEST

START_TEST(fields_that_stay_untouched_are_listed)
{
    sim_matrix_set(matrix, host, fixed, SIM_CELL_SKIP, "needed");
    sim_matrix_set(matrix, guest, fixed, SIM_CELL_SKIP, "needed");
    ck_assert_int_eq(sim_matrix_presence(matrix, fixed), SIM_MATRIX_NOWHERE_LISTED);
    ck_assert_uint_eq(sim_matrix_count(matrix, SIM_MATRIX_NOWHERE), 0);
    ck_assert_uint_eq(sim_matrix_count(matrix, SIM_MATRIX_NOWHERE_LISTED), 1);
    is_printed("");
}
END_TEST

START_TEST(a_listed_claim_that_ran_is_reported)
{
    sim_matrix_set(matrix, host, fixed, SIM_CELL_SKIP, "needed");
    sim_matrix_set(matrix, guest, fixed, SIM_CELL_SUCCESS, "");
    ck_assert_int_eq(sim_matrix_presence(matrix, fixed), SIM_MATRIX_RAN_LISTED);
    is_printed(
        "LISTED: DD_CR0_PE_changes_alone ran, and tests/claims/untouched.def says it cannot\n");
}
END_TEST

START_TEST(claims_left_out_do_not_count)
{
    ck_assert_uint_eq(sim_matrix_choose(matrix, "DD_CR0_MP"), 1);
    sim_matrix_set(matrix, host, fixed, SIM_CELL_SKIP, "needed");
    ck_assert_int_eq(sim_matrix_presence(matrix, fixed), SIM_MATRIX_RAN);
    ck_assert_uint_eq(sim_matrix_count(matrix, SIM_MATRIX_NOWHERE_LISTED), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("matrix_nowhere");
    TCase *tests = tcase_create("matrix_nowhere");

    tcase_add_checked_fixture(tests, open_two_worlds, close_matrix);
    tcase_add_test(tests, a_claim_that_all_worlds_skip_ran_nowhere);
    tcase_add_test(tests, one_world_is_enough);
    tcase_add_test(tests, a_failure_is_reported_as_a_failure_only);
    tcase_add_test(tests, fields_that_stay_untouched_are_listed);
    tcase_add_test(tests, a_listed_claim_that_ran_is_reported);
    tcase_add_test(tests, claims_left_out_do_not_count);
    suite_add_tcase(suite, tests);
    return suite;
}
