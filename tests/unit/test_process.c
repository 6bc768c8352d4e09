/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/world/process.c. */
#include <stdlib.h>
#include <string.h>

#include "sim/world/process.h"
#include "tests/unit/unit.h"

static struct sim_process_outcome outcome;
static struct sim_error error;

static int shell(const char *script, unsigned int seconds)
{
    const char *const arguments[] = {"/bin/sh", "-c", script, NULL};

    return sim_process_run(arguments, seconds, &outcome, &error);
}

START_TEST(output_and_status_of_a_program_are_kept)
{
    ck_assert_int_eq(shell("echo one; echo two; exit 3", 10), 0);
    ck_assert_str_eq(outcome.output, "one\ntwo\n");
    ck_assert_int_eq(outcome.status, 3);
    ck_assert(!outcome.timed_out);
    free(outcome.output);
}
END_TEST

START_TEST(a_signal_is_128_plus_its_number)
{
    ck_assert_int_eq(shell("kill -TERM $$", 10), 0);
    ck_assert_int_eq(outcome.status, 143);
    free(outcome.output);
}
END_TEST

START_TEST(a_program_that_hangs_is_killed_with_or_without_its_output_open)
{
    ck_assert_int_eq(shell(_i == 0 ? "echo before; exec sleep 60" : "exec >&-; exec sleep 60", 1),
                     0);
    ck_assert(outcome.timed_out);
    ck_assert_int_eq(outcome.status, 137);
    ck_assert_str_eq(outcome.output, _i == 0 ? "before\n" : "");
    free(outcome.output);
}
END_TEST

START_TEST(nul_bytes_do_not_end_the_output)
{
    ck_assert_int_eq(shell("printf 'a\\0b'", 10), 0);
    ck_assert_str_eq(outcome.output, "a?b");
    free(outcome.output);
}
END_TEST

START_TEST(endless_output_is_cut)
{
    ck_assert_int_eq(shell("yes | head -c 20000000", 30), 0);
    ck_assert_uint_eq(strlen(outcome.output), 16777216);
    free(outcome.output);
}
END_TEST

START_TEST(a_program_that_is_not_there_is_an_error_with_its_name)
{
    const char *const arguments[] = {"/no/such/program", NULL};

    ck_assert_int_eq(sim_process_run(arguments, 10, &outcome, &error), -1);
    ck_assert_str_eq(error.text, "cannot start /no/such/program: No such file or directory");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("process");
    TCase *run = tcase_create("run");

    tcase_set_timeout(run, 50);
    tcase_add_test(run, output_and_status_of_a_program_are_kept);
    tcase_add_test(run, a_signal_is_128_plus_its_number);
    tcase_add_loop_test(run, a_program_that_hangs_is_killed_with_or_without_its_output_open, 0, 2);
    tcase_add_test(run, nul_bytes_do_not_end_the_output);
    tcase_add_test(run, endless_output_is_cut);
    tcase_add_test(run, a_program_that_is_not_there_is_an_error_with_its_name);
    suite_add_tcase(suite, run);
    return suite;
}
