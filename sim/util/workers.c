/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of work in child processes.
 *
 * A child writes its answer into a pipe and ends; the end of the pipe is the end of
 * the work, whether the child came to it or was killed on the way, so nothing here
 * can wait for a child that is no more. Signals that interrupt come through a
 * descriptor, which poll() watches beside the pipes.
 */
#include "sim/util/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/util/child.h"

/* A piece of work. */
struct piece {
    pid_t child; /* 0: not started, or over */
    int pipe;
    bool done;
    int raw; /* as waitpid() gives it */
    struct sim_child_output output;
};

struct pool {
    const struct sim_workers *workers;
    struct piece *pieces;
    size_t started, done, taken;
    struct pollfd *ready; /* the signals, and a pipe for each piece that runs */
    size_t *ready_pieces;
    sigset_t mask; /* of signals before */
    int signals;
};

unsigned int sim_workers_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return (unsigned int)count < SIM_WORKERS_MAX ? (unsigned int)count : SIM_WORKERS_MAX;
}

SIM_NORETURN static void be_worker(const struct pool *pool, size_t number, int output)
{
    FILE *answer = fdopen(output, "w");

    (void)sigprocmask(SIG_SETMASK, &pool->mask, NULL);
    if (answer == NULL) {
        _exit(1);
    }
    pool->workers->work(pool->workers->context, number, answer);
    _exit(fclose(answer) == 0 ? 0 : 1);
}

static int start_next(struct pool *pool, struct sim_error *error)
{
    struct piece *piece = &pool->pieces[pool->started];
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return sim_error_set(error, "no pipe to a process: %s", strerror(errno));
    }
    piece->child = fork();
    if (piece->child == 0) {
        (void)close(ends[0]);
        be_worker(pool, pool->started, ends[1]);
    }
    (void)close(ends[1]);
    if (piece->child < 0) {
        piece->child = 0;
        (void)close(ends[0]);
        return sim_error_set(error, "no process more: %s", strerror(errno));
    }
    piece->pipe = ends[0];
    pool->started++;
    return 0;
}

/* Start what may be started. Without a process more, those that there are must do. */
static int start_pieces(struct pool *pool, struct sim_error *error)
{
    while (pool->started < pool->workers->count &&
           pool->started - pool->done < pool->workers->jobs) {
        if (start_next(pool, error) != 0) {
            return pool->started > pool->done ? 0 : -1;
        }
    }
    return 0;
}

/* Wait for a child's end. */
static void reap(struct piece *piece)
{
    (void)close(piece->pipe);
    while (waitpid(piece->child, &piece->raw, 0) < 0 && errno == EINTR) {
    }
    piece->child = 0;
}

/* A child has closed its pipe. */
static void finish(struct pool *pool, struct piece *piece)
{
    reap(piece);
    piece->done = true;
    pool->done++;
    if (pool->workers->progress != NULL) {
        pool->workers->progress(pool->workers->context, pool->done);
    }
}

static int read_answer(struct pool *pool, struct piece *piece, struct sim_error *error)
{
    char buffer[65536];
    ssize_t length = read(piece->pipe, buffer, sizeof buffer);

    if (length == 0 || (length < 0 && errno != EINTR)) {
        finish(pool, piece);
    } else if (length > 0 && sim_child_output_append(&piece->output, buffer, (size_t)length) != 0) {
        return sim_error_set(error, "no memory for what a process answers");
    }
    return 0;
}

static void take_answers(struct pool *pool)
{
    const struct sim_workers *workers = pool->workers;

    for (; pool->taken < workers->count && pool->pieces[pool->taken].done; pool->taken++) {
        struct piece *piece = &pool->pieces[pool->taken];
        const struct sim_worker_answer answer = {
            .text = piece->output.text == NULL ? "" : piece->output.text,
            .signal = WIFSIGNALED(piece->raw) ? WTERMSIG(piece->raw) : 0,
            .status = WIFEXITED(piece->raw) ? WEXITSTATUS(piece->raw) : 1,
        };

        workers->take(workers->context, pool->taken, &answer);
        free(piece->output.text);
        piece->output = (struct sim_child_output){.text = NULL};
    }
}

/* What poll() has to watch; returns how many. */
static nfds_t watch(struct pool *pool)
{
    nfds_t count = 1;

    pool->ready[0] = (struct pollfd){.fd = pool->signals, .events = POLLIN};
    for (size_t i = pool->taken; i < pool->started; i++) {
        if (pool->pieces[i].child != 0) {
            pool->ready[count] = (struct pollfd){.fd = pool->pieces[i].pipe, .events = POLLIN};
            pool->ready_pieces[count++] = i;
        }
    }
    return count;
}

/* Whether a signal came; if so it is taken, and will not be delivered once more. */
static bool was_interrupted(const struct pool *pool)
{
    struct signalfd_siginfo signal;

    return pool->ready[0].revents != 0 &&
           read(pool->signals, &signal, sizeof signal) == (ssize_t)sizeof signal;
}

/* Read what poll() found in the pipes. */
static int read_answers(struct pool *pool, nfds_t count, struct sim_error *error)
{
    for (nfds_t i = 1; i < count; i++) {
        if (pool->ready[i].revents != 0 &&
            read_answer(pool, &pool->pieces[pool->ready_pieces[i]], error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Work until all is done or a signal comes. */
static int work(struct pool *pool, enum sim_workers_end *end, struct sim_error *error)
{
    while (pool->taken < pool->workers->count) {
        nfds_t count;

        if (start_pieces(pool, error) != 0) {
            return -1;
        }
        count = watch(pool);
        if (poll(pool->ready, count, -1) < 0) {
            continue;
        }
        if (was_interrupted(pool)) {
            *end = SIM_WORKERS_INTERRUPTED;
            return 0;
        }
        if (read_answers(pool, count, error) != 0) {
            return -1;
        }
        take_answers(pool);
    }
    *end = SIM_WORKERS_DONE;
    return 0;
}

/* End what still runs, and free everything. */
static void clean_up(struct pool *pool)
{
    for (size_t i = 0; pool->pieces != NULL && i < pool->started; i++) {
        struct piece *piece = &pool->pieces[i];

        if (piece->child != 0) {
            (void)kill(piece->child, SIGKILL);
            reap(piece);
        }
        free(piece->output.text);
    }
    free(pool->pieces);
    free(pool->ready);
    free(pool->ready_pieces);
    if (pool->signals >= 0) {
        (void)close(pool->signals);
    }
    (void)sigprocmask(SIG_SETMASK, &pool->mask, NULL);
}

int sim_workers_run(const struct sim_workers *workers, enum sim_workers_end *end,
                    struct sim_error *error)
{
    struct pool pool = {
        .workers = workers,
        .pieces = calloc(workers->count + 1, sizeof *pool.pieces),
        .ready = calloc(workers->jobs + 1, sizeof *pool.ready),
        .ready_pieces = calloc(workers->jobs + 1, sizeof *pool.ready_pieces),
        .signals = -1,
    };
    sigset_t interrupting;
    int result;

    (void)sigemptyset(&interrupting);
    (void)sigaddset(&interrupting, SIGINT);
    (void)sigaddset(&interrupting, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &interrupting, &pool.mask);
    pool.signals = signalfd(-1, &interrupting, SFD_CLOEXEC | SFD_NONBLOCK);
    if (pool.pieces == NULL || pool.ready == NULL || pool.ready_pieces == NULL ||
        pool.signals < 0) {
        result = sim_error_set(error, "no memory for the processes");
    } else {
        result = work(&pool, end, error);
    }
    clean_up(&pool);
    return result;
}
