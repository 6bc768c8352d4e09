/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/world/qmp.c: what a monitor may send is written into one end of a socket pair before. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/world/qmp.h"
#include "tests/unit/unit.h"

enum {
    OURS,
    THEIRS
};

static int ends[2];
static struct sim_error error;

static void connect_monitor(void)
{
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    error.text[0] = '\0';
}

static void disconnect_monitor(void)
{
    (void)close(ends[OURS]);
    (void)close(ends[THEIRS]);
}

static void monitor_sends(const char *text)
{
    ck_assert_int_eq(send(ends[THEIRS], text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

static json_t *execute(const char *command)
{
    return sim_qmp_execute(ends[OURS], command, sim_deadline_in(10), &error);
}

START_TEST(answers_follow_greeting_and_events)
{
    char sent[128] = "";
    json_t *answer = NULL;

    monitor_sends("{\"QMP\": {\"version\": {}}}\r\n{\"return\": {}}\r\n"
                  "{\"event\": \"RESET\", \"data\": {\"return\": 1}}\r\n{\"return\": [1, 2]}\r\n");
    answer = execute("qmp_capabilities");
    ck_assert_msg(json_is_object(answer), "%s", error.text);
    json_decref(answer);
    answer = execute("query-pci");
    ck_assert_uint_eq(json_array_size(answer), 2);
    json_decref(answer);
    ck_assert_int_gt(recv(ends[THEIRS], sent, sizeof sent - 1, 0), 0);
    ck_assert_str_eq(sent, "{\"execute\": \"qmp_capabilities\"}\n{\"execute\": \"query-pci\"}\n");
}
END_TEST

START_TEST(a_refusal_is_an_error_in_the_monitors_words)
{
    monitor_sends("{\"error\": {\"class\": \"X\", \"desc\": \"not now\"}}\n");
    ck_assert_ptr_null(execute("query-pci"));
    ck_assert_str_eq(error.text, "QEMU's monitor: query-pci: not now");
}
END_TEST

static const char *const malformed[] = {"nonsense",        "{\"return\": ",  "[",
                                        "{\"return\": 1]", "{\"error\": 7}", "\xff\xfe{}",
                                        "\"text\""};

START_TEST(malformed_answers_are_errors)
{
    monitor_sends(malformed[_i]);
    (void)shutdown(ends[THEIRS], SHUT_WR);
    ck_assert_ptr_null(execute("query-pci"));
    ck_assert_str_ne(error.text, "");
}
END_TEST

START_TEST(nesting_without_end_is_an_error)
{
    char brackets[5001];

    memset(brackets, '[', sizeof brackets - 1);
    brackets[sizeof brackets - 1] = '\0';
    monitor_sends(brackets);
    ck_assert_ptr_null(execute("query-pci"));
    ck_assert_str_ne(error.text, "");
}
END_TEST

START_TEST(silence_ends_at_the_deadline)
{
    monitor_sends("{\"QMP\": {}}\n");
    ck_assert_ptr_null(sim_qmp_execute(ends[OURS], "query-pci", sim_deadline_in(1), &error));
    ck_assert_str_eq(error.text, "QEMU's monitor: query-pci: no answer in time");
}
END_TEST

START_TEST(a_closed_connection_is_an_error)
{
    (void)close(ends[THEIRS]);
    ck_assert_ptr_null(execute("query-pci"));
    ck_assert_str_ne(error.text, "");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("qmp");
    TCase *answers = tcase_create("answers");

    tcase_add_checked_fixture(answers, connect_monitor, disconnect_monitor);
    tcase_add_test(answers, answers_follow_greeting_and_events);
    tcase_add_test(answers, a_refusal_is_an_error_in_the_monitors_words);
    tcase_add_loop_test(answers, malformed_answers_are_errors, 0,
                        sizeof malformed / sizeof malformed[0]);
    tcase_add_test(answers, nesting_without_end_is_an_error);
    tcase_add_test(answers, silence_ends_at_the_deadline);
    tcase_add_test(answers, a_closed_connection_is_an_error);
    suite_add_tcase(suite, answers);
    return suite;
}
