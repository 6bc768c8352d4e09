/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/util/workers.c. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/util/workers.h"
#include "tests/unit/unit.h"

/* What was taken, in the order it came. */
struct taken {
    char text[256];
    size_t progress;
    pid_t parent;
    int signal; /* to interrupt it with */
};

static void take(void *context, size_t piece, const struct sim_worker_answer *answer)
{
    struct taken *taken = context;
    size_t length = strlen(taken->text);

    (void)snprintf(taken->text + length, sizeof taken->text - length, "%zu:%s/%d/%d ", piece,
                   answer->text, answer->signal, answer->status);
}

static void count(void *context, size_t done)
{
    struct taken *taken = context;

    ck_assert_uint_eq(done, taken->progress + 1);
    taken->progress = done;
}

static enum sim_workers_end run(struct taken *taken, size_t pieces, unsigned int jobs,
                                void (*work)(void *, size_t, FILE *))
{
    const struct sim_workers workers = {pieces, jobs, taken, work, take, count};
    enum sim_workers_end end = SIM_WORKERS_DONE;
    struct sim_error error = {""};

    taken->parent = getpid();
    ck_assert_msg(sim_workers_run(&workers, &end, &error) == 0, "%s", error.text);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
    return end;
}

/* The later the piece the sooner it is done. */
static void be_slow_at_first(void *context, size_t piece, FILE *answer)
{
    (void)context;
    (void)usleep((useconds_t)(4 - piece) * 20000);
    (void)fprintf(answer, "p%zu", piece);
}

START_TEST(answers_come_in_the_order_of_the_pieces)
{
    struct taken taken = {.progress = 0};

    ck_assert_int_eq(run(&taken, 5, (unsigned int)_i, be_slow_at_first), SIM_WORKERS_DONE);
    ck_assert_str_eq(taken.text, "0:p0/0/0 1:p1/0/0 2:p2/0/0 3:p3/0/0 4:p4/0/0 ");
    ck_assert_uint_eq(taken.progress, 5);
}
END_TEST

START_TEST(no_pieces_are_done_at_once)
{
    struct taken taken = {.progress = 0};

    ck_assert_int_eq(run(&taken, 0, 4, be_slow_at_first), SIM_WORKERS_DONE);
    ck_assert_str_eq(taken.text, "");
}
END_TEST

/* Piece 1 dies in the middle of its answer, piece 2 gives up. */
static void die_in_the_middle(void *context, size_t piece, FILE *answer)
{
    (void)context;
    (void)fputs("half", answer);
    (void)fflush(answer);
    if (piece == 1) {
        (void)raise(SIGKILL);
    }
    if (piece == 2) {
        _exit(7);
    }
    (void)fputs("+half", answer);
}

START_TEST(a_process_that_dies_is_an_answer_too)
{
    struct taken taken = {.progress = 0};

    ck_assert_int_eq(run(&taken, 4, 2, die_in_the_middle), SIM_WORKERS_DONE);
    ck_assert_str_eq(taken.text, "0:half+half/0/0 1:half/9/1 2:half/0/7 3:half+half/0/0 ");
}
END_TEST

/* More than a pipe holds. */
static void write_much(void *context, size_t piece, FILE *answer)
{
    (void)context;
    for (unsigned int i = 0; i < 300000; i++) {
        (void)fputc('a' + (int)piece, answer);
    }
}

static void measure(void *context, size_t piece, const struct sim_worker_answer *answer)
{
    size_t *lengths = context;

    lengths[piece] = strspn(answer->text, piece == 0 ? "a" : "b");
}

START_TEST(an_answer_may_be_longer_than_a_pipe)
{
    size_t lengths[2] = {0};
    const struct sim_workers workers = {2, 2, lengths, write_much, measure, NULL};
    enum sim_workers_end end = SIM_WORKERS_INTERRUPTED;
    struct sim_error error = {""};

    ck_assert_int_eq(sim_workers_run(&workers, &end, &error), 0);
    ck_assert_int_eq(end, SIM_WORKERS_DONE);
    ck_assert_uint_eq(lengths[0], 300000);
    ck_assert_uint_eq(lengths[1], 300000);
}
END_TEST

/* Piece 0 is done; piece 1 has the parent interrupted and would never end. */
static void interrupt(void *context, size_t piece, FILE *answer)
{
    const struct taken *taken = context;

    (void)fputs("ok", answer);
    if (piece == 1) {
        (void)usleep(100000);
        (void)kill(taken->parent, taken->signal);
        (void)pause();
    }
}

START_TEST(a_signal_ends_it_and_leaves_no_process)
{
    struct taken taken = {.progress = 0};
    sigset_t before;
    sigset_t after;

    taken.signal = _i == 0 ? SIGINT : SIGTERM;
    ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &before), 0);
    ck_assert_int_eq(run(&taken, 3, 1, interrupt), SIM_WORKERS_INTERRUPTED);
    ck_assert_str_eq(taken.text, "0:ok/0/0 ");
    ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &after), 0);
    ck_assert_int_eq(sigismember(&after, SIGINT), sigismember(&before, SIGINT));
}
END_TEST

START_TEST(there_is_at_least_one_processor)
{
    ck_assert_uint_ge(sim_workers_processors(), 1);
    ck_assert_uint_le(sim_workers_processors(), SIM_WORKERS_MAX);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("workers");
    TCase *workers = tcase_create("workers");

    tcase_add_loop_test(workers, answers_come_in_the_order_of_the_pieces, 1, 7);
    tcase_add_test(workers, no_pieces_are_done_at_once);
    tcase_add_test(workers, a_process_that_dies_is_an_answer_too);
    tcase_add_test(workers, an_answer_may_be_longer_than_a_pipe);
    tcase_add_loop_test(workers, a_signal_ends_it_and_leaves_no_process, 0, 2);
    tcase_add_test(workers, there_is_at_least_one_processor);
    suite_add_tcase(suite, workers);
    return suite;
}
