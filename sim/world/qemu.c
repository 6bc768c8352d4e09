/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run in QEMU: read the console and QEMU's own messages side by side until
 * both are closed, answer an @hold, wait for the end. One deadline covers it
 * all; when it is over QEMU is killed.
 */
#include "sim/world/qemu.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/protocol.h"
#include "sim/util/child.h"
#include "sim/util/deadline.h"
#include "sim/world/qemu_list.h"
#include "sim/world/qemu_process.h"
#include "sim/world/qmp.h"

enum {
    CONSOLE,
    MESSAGES,
    STREAMS
};

struct run {
    struct sim_qemu_process process;
    sim_deadline deadline;
    struct sim_child_output output[STREAMS];
    struct sim_qemu_function *functions;
    size_t function_count;
    size_t line; /* start of the console line being read */
    bool held;
};

static int append(struct run *run, int stream, const char *bytes, size_t length,
                  struct sim_error *error)
{
    if (sim_child_output_append(&run->output[stream], bytes, length) != 0) {
        return sim_error_set(error, "no memory for QEMU's output");
    }
    return 0;
}

/* The kernel waits: get the list, let it go on. */
static int answer_hold(struct run *run, struct sim_error *error)
{
    json_t *answer =
        sim_qmp_execute(run->process.monitor, "qmp_capabilities", run->deadline, error);
    int status = 0;

    json_decref(answer);
    if (answer == NULL) {
        return -1;
    }
    answer = sim_qmp_execute(run->process.monitor, "query-pci", run->deadline, error);
    if (answer == NULL) {
        return -1;
    }
    status = sim_qemu_list_read(answer, &run->functions, &run->function_count, error);
    json_decref(answer);
    if (status == 0 && send(run->process.console, "\n", 1, MSG_NOSIGNAL) != 1) {
        return sim_error_set(error, "cannot write to the console: %s", strerror(errno));
    }
    return status;
}

/* Look at the console lines that became complete. Only the first @hold counts. */
static int read_lines(struct run *run, struct sim_error *error)
{
    const char *console = run->output[CONSOLE].text;
    const char *end = NULL;

    while (!run->held && (end = strchr(console + run->line, '\n')) != NULL) {
        const char *line = console + run->line;

        run->held = strcspn(line, "\r\n") == strlen(KPROTOCOL_HOLD) &&
                    strncmp(line, KPROTOCOL_HOLD, strlen(KPROTOCOL_HOLD)) == 0;
        run->line = (size_t)(end - console) + 1;
        if (run->held) {
            return answer_hold(run, error);
        }
    }
    return 0;
}

/* Read one stream that has something. Returns 1 at its end, 0 before, -1 on failure. */
static int read_stream(struct run *run, int file, int stream, struct sim_error *error)
{
    char buffer[65536];
    ssize_t length = read(file, buffer, sizeof buffer);

    if (length < 0 && errno == EINTR) {
        return 0;
    }
    if (length <= 0) {
        return 1; /* an error too: QEMU is gone */
    }
    if (append(run, stream, buffer, (size_t)length, error) != 0) {
        return -1;
    }
    return stream == CONSOLE ? read_lines(run, error) : 0;
}

/* Read the streams that have something; those at their end are taken out. */
static int read_ready(struct run *run, struct pollfd streams[STREAMS], struct sim_error *error)
{
    for (int i = 0; i < STREAMS; i++) {
        int status = 0;

        if (streams[i].fd < 0 || streams[i].revents == 0) {
            continue;
        }
        status = read_stream(run, streams[i].fd, i, error);
        if (status < 0) {
            return -1;
        }
        if (status == 1) {
            streams[i].fd = -1;
        }
    }
    return 0;
}

/* Read both streams to their ends or to the deadline. */
static int watch(struct run *run, struct sim_error *error)
{
    struct pollfd streams[STREAMS] = {
        [CONSOLE] = {.fd = run->process.console, .events = POLLIN},
        [MESSAGES] = {.fd = run->process.messages, .events = POLLIN},
    };
    int left = sim_deadline_left(run->deadline);

    while (left != 0 && (streams[CONSOLE].fd >= 0 || streams[MESSAGES].fd >= 0)) {
        if (poll(streams, STREAMS, left) > 0 && read_ready(run, streams, error) != 0) {
            return -1;
        }
        left = sim_deadline_left(run->deadline);
    }
    return 0;
}

static void reap(const struct run *run, struct sim_qemu_outcome *outcome)
{
    int raw = 0;

    if (sim_child_reap(run->process.child, run->deadline, &raw)) {
        outcome->end = SIM_QEMU_TIMED_OUT;
        return;
    }
    outcome->end = WIFSIGNALED(raw) ? SIM_QEMU_SIGNALED : SIM_QEMU_EXITED;
    outcome->status = WIFSIGNALED(raw) ? WTERMSIG(raw) : WEXITSTATUS(raw);
}

static void finish(struct run *run, struct sim_qemu_outcome *outcome)
{
    reap(run, outcome);
    (void)close(run->process.console);
    (void)close(run->process.monitor);
    (void)close(run->process.messages);
    outcome->console = run->output[CONSOLE].text;
    outcome->messages = run->output[MESSAGES].text;
    outcome->held = run->held;
    outcome->functions = run->functions;
    outcome->function_count = run->function_count;
}

int sim_qemu_run(const struct sim_qemu_options *options, struct sim_qemu_outcome *outcome,
                 struct sim_error *error)
{
    struct run run = {.deadline = sim_deadline_in(options->seconds)};
    struct sim_qemu_outcome result = {.end = SIM_QEMU_NOT_INSTALLED};
    int status = 0;

    if (sim_qemu_process_start(options, &run.process, error) != 0) {
        return -1;
    }
    if (run.process.child != 0) {
        for (int i = 0; i < STREAMS && status == 0; i++) {
            status = append(&run, i, "", 0, error);
        }
        status = status == 0 ? watch(&run, error) : status;
        if (status != 0) {
            run.deadline = 0;
        }
        finish(&run, &result);
    }
    if (status != 0) {
        sim_qemu_outcome_free(&result);
        return -1;
    }
    *outcome = result;
    return 0;
}

void sim_qemu_outcome_free(struct sim_qemu_outcome *outcome)
{
    free(outcome->console);
    free(outcome->messages);
    free(outcome->functions);
    *outcome = (struct sim_qemu_outcome){0};
}

bool sim_qemu_succeeded(const struct sim_qemu_outcome *outcome)
{
    return outcome->end == SIM_QEMU_EXITED && outcome->status == SIM_QEMU_STATUS_SUCCESS;
}

/* What QEMU itself printed last: why it did not even start the kernel. */
static const char *last_line(const char *text)
{
    const char *line = text;

    for (const char *newline = strchr(text, '\n'); newline != NULL;
         newline = strchr(newline, '\n')) {
        newline++;
        line = *newline != '\0' ? newline : line;
    }
    return line;
}

struct sim_qemu_text sim_qemu_describe(const struct sim_qemu_outcome *outcome)
{
    struct sim_qemu_text result = {"qemu-system-x86_64 is not installed"};
    const char *format = NULL;

    switch (outcome->end) {
    case SIM_QEMU_NOT_INSTALLED:
        return result;
    case SIM_QEMU_TIMED_OUT:
        format = "QEMU was killed: the kernel did not end in time";
        break;
    case SIM_QEMU_SIGNALED:
        format = "QEMU was ended by signal %d";
        break;
    case SIM_QEMU_EXITED:
        switch (outcome->status) {
        case SIM_QEMU_STATUS_SUCCESS:
            format = "the kernel reported success";
            break;
        case SIM_QEMU_STATUS_FAILURE:
            format = "the kernel reported failure";
            break;
        case 0:
            format = "the machine was reset: a triple fault, most likely";
            break;
        default:
            format = "QEMU ended with status %d: %s";
            break;
        }
        break;
    }
    (void)snprintf(result.text, sizeof result.text, format, outcome->status,
                   last_line(outcome->messages));
    result.text[strcspn(result.text, "\n")] = '\0';
    return result;
}
