/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run a program and keep what it printed.
 *
 * One pipe, one loop: poll() with the time that is left, read what is there,
 * and kill the child when the time is over. The child is always waited for.
 */
#include "sim/world/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/util/child.h"

/* Read until the other end is closed, or the time is over. */
static void drain(int file, sim_deadline deadline, struct sim_child_output *output)
{
    char buffer[65536];

    for (;;) {
        int left = sim_deadline_left(deadline);
        struct pollfd ready = {.fd = file, .events = POLLIN};
        ssize_t length = 0;

        if (left == 0) {
            return;
        }
        if (poll(&ready, 1, left) <= 0) {
            continue;
        }
        length = read(file, buffer, sizeof buffer);
        if (length == 0 || (length < 0 && errno != EINTR)) {
            return;
        }
        if (sim_child_output_append(output, buffer, length > 0 ? (size_t)length : 0) != 0) {
            return; /* what could be kept is kept */
        }
    }
}

static int start(const char *const arguments[], int output, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    int failure = posix_spawn_file_actions_init(&actions);

    if (failure != 0) {
        return failure;
    }
    failure = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (failure == 0) {
        failure = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    }
    if (failure == 0) {
        /* posix_spawn does not change the strings; its prototype is older than const. */
        failure =
            posix_spawnp(child, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return failure;
}

int sim_process_run(const char *const arguments[], unsigned int seconds,
                    struct sim_process_outcome *outcome, struct sim_error *error)
{
    sim_deadline deadline = sim_deadline_in(seconds);
    struct sim_child_output output = {.text = NULL};
    int ends[2];
    pid_t child = 0;
    int failure = 0;
    int raw = 0;
    bool killed = false;

    if (sim_child_output_append(&output, "", 0) != 0 || pipe2(ends, O_CLOEXEC) != 0) {
        free(output.text);
        return sim_error_set(error, "cannot start %s: %s", arguments[0], strerror(errno));
    }
    failure = start(arguments, ends[1], &child);
    (void)close(ends[1]);
    if (failure != 0) {
        (void)close(ends[0]);
        free(output.text);
        return sim_error_set(error, "cannot start %s: %s", arguments[0], strerror(failure));
    }
    drain(ends[0], deadline, &output);
    (void)close(ends[0]);
    killed = sim_child_reap(child, deadline, &raw);
    *outcome = (struct sim_process_outcome){
        .output = output.text,
        .status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw),
        .timed_out = killed,
    };
    return 0;
}

int sim_process_own_folder(char *folder, size_t size, struct sim_error *error)
{
    ssize_t length = readlink("/proc/self/exe", folder, size - 1);
    char *slash = NULL;

    if (length < 0) {
        return sim_error_set(error, "cannot find the program's own folder: %s", strerror(errno));
    }
    folder[length] = '\0';
    slash = strrchr(folder, '/');
    if (slash == NULL) {
        return sim_error_set(error, "cannot find the program's own folder");
    }
    *slash = '\0';
    return 0;
}
