/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every way a boot can end is told apart, and none of the bad ones looks like
 * success. The image is qemu_guest.S; without QEMU the program ends with 77.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/world/qemu.h"
#include "tests/unit/unit.h"

static const char machine[] = "fixtures/pci-dumps/machines/qemu-q35-claims.args";

static int try_boot(const char *command_line, unsigned int seconds,
                    struct sim_qemu_outcome *outcome, struct sim_error *error)
{
    const struct sim_qemu_options options = {.image = QEMU_GUEST,
                                             .machine_arguments = machine,
                                             .command_line = command_line,
                                             .seconds = seconds};

    return sim_qemu_run(&options, outcome, error);
}

static struct sim_qemu_outcome boot(const char *command_line, unsigned int seconds)
{
    struct sim_qemu_outcome outcome;
    struct sim_error error = {""};

    ck_assert_msg(try_boot(command_line, seconds, &outcome, &error) == 0, "%s", error.text);
    return outcome;
}

START_TEST(success_is_success_and_a_hold_is_answered)
{
    struct sim_qemu_outcome outcome = boot("s", 60);

    ck_assert_int_eq(outcome.end, SIM_QEMU_EXITED);
    ck_assert_int_eq(outcome.status, 33);
    ck_assert(sim_qemu_succeeded(&outcome));
    ck_assert(outcome.held);
    ck_assert_uint_eq(outcome.function_count, 18);
    ck_assert_str_eq(outcome.console, "a line\n@hold\n");
    sim_qemu_outcome_free(&outcome);
}
END_TEST

START_TEST(a_kernel_that_reports_failure_has_failed)
{
    struct sim_qemu_outcome outcome = boot("f", 60);

    ck_assert_int_eq(outcome.end, SIM_QEMU_EXITED);
    ck_assert_int_eq(outcome.status, 35);
    ck_assert(!sim_qemu_succeeded(&outcome));
    ck_assert(!outcome.held);
    ck_assert_str_eq(sim_qemu_describe(&outcome).text, "the kernel reported failure");
    sim_qemu_outcome_free(&outcome);
}
END_TEST

START_TEST(a_triple_fault_is_no_success_although_qemu_exits_with_0)
{
    struct sim_qemu_outcome outcome = boot("t", 60);

    ck_assert_int_eq(outcome.end, SIM_QEMU_EXITED);
    ck_assert_int_eq(outcome.status, 0);
    ck_assert(!sim_qemu_succeeded(&outcome));
    ck_assert_ptr_nonnull(strstr(sim_qemu_describe(&outcome).text, "triple fault"));
    sim_qemu_outcome_free(&outcome);
}
END_TEST

START_TEST(a_hang_ends_at_the_time_limit_and_keeps_the_console)
{
    struct sim_qemu_outcome outcome = boot("h", 4);

    ck_assert_int_eq(outcome.end, SIM_QEMU_TIMED_OUT);
    ck_assert(!sim_qemu_succeeded(&outcome));
    ck_assert_str_eq(outcome.console, "a line\n");
    sim_qemu_outcome_free(&outcome);
}
END_TEST

START_TEST(noise_without_end_ends_at_the_time_limit)
{
    struct sim_qemu_outcome outcome = boot("n", 4);

    ck_assert_int_eq(outcome.end, SIM_QEMU_TIMED_OUT);
    ck_assert(outcome.held);
    ck_assert_ptr_nonnull(strstr(outcome.console, "@hold\n?\xff"));
    sim_qemu_outcome_free(&outcome);
}
END_TEST

START_TEST(an_image_that_is_none_is_an_ending_with_qemus_reason)
{
    struct sim_qemu_options options = {
        .image = "CMakeLists.txt", .machine_arguments = machine, .command_line = "", .seconds = 60};
    struct sim_qemu_outcome outcome;
    struct sim_error error = {""};

    ck_assert_int_eq(sim_qemu_run(&options, &outcome, &error), 0);
    ck_assert_int_eq(outcome.end, SIM_QEMU_EXITED);
    ck_assert_int_eq(outcome.status, 1);
    ck_assert_ptr_nonnull(strstr(outcome.messages, "invalid kernel header"));
    ck_assert_ptr_nonnull(strstr(sim_qemu_describe(&outcome).text, "status 1: "));
    ck_assert_ptr_nonnull(strstr(sim_qemu_describe(&outcome).text, "invalid kernel header"));
    sim_qemu_outcome_free(&outcome);
}
END_TEST

START_TEST(missing_machine_arguments_are_an_error)
{
    struct sim_qemu_options options = {.image = QEMU_GUEST,
                                       .machine_arguments = "no/such.args",
                                       .command_line = "",
                                       .seconds = 60};
    struct sim_qemu_outcome outcome = {.status = 4711};
    struct sim_error error = {""};

    ck_assert_int_eq(sim_qemu_run(&options, &outcome, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "no/such.args"));
    ck_assert_int_eq(outcome.status, 4711);
}
END_TEST

/* Each test is a process of its own, so PATH is ours. */
START_TEST(a_path_without_qemu_is_told_apart)
{
    struct sim_qemu_outcome outcome;

    ck_assert_int_eq(setenv("PATH", "/nowhere", 1), 0);
    outcome = boot("s", 60);
    ck_assert_int_eq(outcome.end, SIM_QEMU_NOT_INSTALLED);
    ck_assert(!sim_qemu_succeeded(&outcome));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("qemu_endings");
    TCase *endings = tcase_create("endings");
    struct sim_qemu_outcome outcome;
    struct sim_error error;

    if (try_boot("f", 60, &outcome, &error) == 0) {
        if (outcome.end == SIM_QEMU_NOT_INSTALLED) {
            (void)puts(sim_qemu_describe(&outcome).text);
            exit(77);
        }
        sim_qemu_outcome_free(&outcome);
    }
    tcase_set_timeout(endings, 90);
    tcase_add_test(endings, success_is_success_and_a_hold_is_answered);
    tcase_add_test(endings, a_kernel_that_reports_failure_has_failed);
    tcase_add_test(endings, a_triple_fault_is_no_success_although_qemu_exits_with_0);
    tcase_add_test(endings, a_hang_ends_at_the_time_limit_and_keeps_the_console);
    tcase_add_test(endings, noise_without_end_ends_at_the_time_limit);
    tcase_add_test(endings, an_image_that_is_none_is_an_ending_with_qemus_reason);
    tcase_add_test(endings, missing_machine_arguments_are_an_error);
    tcase_add_test(endings, a_path_without_qemu_is_told_apart);
    suite_add_tcase(suite, endings);
    return suite;
}
