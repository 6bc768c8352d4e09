/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting QEMU.
 *
 * Console and monitor are socket pairs of which QEMU inherits one end each, so
 * no name in the file system can be left behind or be somebody else's. A third
 * pair of ends, closed by a successful exec, carries the reason of a failed one.
 */
#include "sim/world/qemu_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MAX_FILE = 1 << 16,
    MAX_ARGUMENTS = 1024
};

/* QEMU's argv. */
struct arguments {
    char *file; /* the machine's arguments, cut into strings */
    char console[64], monitor[64];
    const char *vector[MAX_ARGUMENTS + 1];
    size_t count;
};

/* Ends of the four connections; [0] is ours, [1] the child's. */
struct ends {
    int console[2], monitor[2], messages[2], failure[2];
};

static int add(struct arguments *arguments, const char *argument, struct sim_error *error)
{
    if (arguments->count == MAX_ARGUMENTS) {
        return sim_error_set(error, "more than %d arguments for QEMU", MAX_ARGUMENTS);
    }
    arguments->vector[arguments->count++] = argument;
    return 0;
}

/* Read a file into a string on the heap. */
static char *read_file(const char *path, struct sim_error *error)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, MAX_FILE);
    size_t length = 0;

    if (file == NULL || text == NULL) {
        (void)sim_error_set(error, "cannot read %s: %s", path, strerror(errno));
    } else {
        length = fread(text, 1, MAX_FILE, file);
        if (ferror(file) != 0 || length == MAX_FILE) {
            (void)sim_error_set(error, "cannot read %s, or it is longer than %d bytes", path,
                                MAX_FILE - 1);
            length = MAX_FILE;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    if (file == NULL || length == MAX_FILE) {
        free(text);
        return NULL;
    }
    return text;
}

/* Blank out comments, then cut at white space. */
static int add_machine(struct arguments *arguments, const char *path, struct sim_error *error)
{
    char *position = NULL;

    arguments->file = read_file(path, error);
    if (arguments->file == NULL) {
        return -1;
    }
    for (char *comment = strchr(arguments->file, '#'); comment != NULL;
         comment = strchr(comment, '#')) {
        memset(comment, ' ', strcspn(comment, "\n"));
    }
    for (char *word = strtok_r(arguments->file, " \t\r\n", &position); word != NULL;
         word = strtok_r(NULL, " \t\r\n", &position)) {
        if (add(arguments, word, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int make_arguments(struct arguments *arguments, const struct sim_qemu_options *options,
                          const struct ends *ends, struct sim_error *error)
{
    const char *const rest[] = {
        "-accel",     "tcg",
        "-cpu",       "max",
        "-display",   "none",
        "-device",    "isa-debug-exit,iobase=0xf4,iosize=0x04",
        "-kernel",    options->image,
        "-append",    options->command_line,
        "-chardev",   arguments->console,
        "-serial",    "chardev:console",
        "-chardev",   arguments->monitor,
        "-mon",       "chardev=monitor,mode=control",
        "-no-reboot",
    };

    (void)snprintf(arguments->console, sizeof arguments->console, "socket,id=console,fd=%d",
                   ends->console[1]);
    (void)snprintf(arguments->monitor, sizeof arguments->monitor, "socket,id=monitor,fd=%d",
                   ends->monitor[1]);
    if (add(arguments, "qemu-system-x86_64", error) != 0 ||
        add_machine(arguments, options->machine_arguments, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
        if (add(arguments, rest[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

static void close_pair(const int pair[2])
{
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0) {
            (void)close(pair[i]);
        }
    }
}

static void close_all(const struct ends *ends)
{
    close_pair(ends->console);
    close_pair(ends->monitor);
    close_pair(ends->messages);
    close_pair(ends->failure);
}

static int open_all(struct ends *ends, struct sim_error *error)
{
    *ends = (struct ends){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends->console) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends->monitor) != 0 ||
        pipe2(ends->messages, O_CLOEXEC) != 0 || pipe2(ends->failure, O_CLOEXEC) != 0) {
        (void)sim_error_set(error, "cannot connect to QEMU: %s", strerror(errno));
        close_all(ends);
        return -1;
    }
    return 0;
}

/* In the child: become QEMU, or say why not. */
static _Noreturn void become(const struct ends *ends, const struct arguments *arguments,
                             pid_t parent)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int reason = 0;

    /* A run that nobody waits for any more must not go on for ever. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent && nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
        dup2(ends->messages[1], STDOUT_FILENO) >= 0 &&
        dup2(ends->messages[1], STDERR_FILENO) >= 0 && fcntl(ends->console[1], F_SETFD, 0) == 0 &&
        fcntl(ends->monitor[1], F_SETFD, 0) == 0) {
        /* execvp does not change the strings; its prototype is older than const. */
        (void)execvp(arguments->vector[0], (char *const *)arguments->vector);
    }
    reason = errno;
    (void)!write(ends->failure[1], &reason, sizeof reason);
    _exit(127);
}

static int spawn(const struct ends *ends, const struct arguments *arguments,
                 struct sim_qemu_process *process, struct sim_error *error)
{
    pid_t parent = getpid();
    pid_t child = fork();
    int reason = 0;

    if (child == 0) {
        become(ends, arguments, parent);
    }
    reason = errno;
    (void)close(ends->failure[1]);
    if (child < 0) {
        return sim_error_set(error, "cannot start QEMU: %s", strerror(reason));
    }
    if (read(ends->failure[0], &reason, sizeof reason) == sizeof reason) {
        (void)waitpid(child, NULL, 0);
        if (reason != ENOENT) {
            return sim_error_set(error, "cannot start QEMU: %s", strerror(reason));
        }
        child = 0;
    }
    *process = (struct sim_qemu_process){.child = child,
                                         .console = ends->console[0],
                                         .monitor = ends->monitor[0],
                                         .messages = ends->messages[0]};
    return 0;
}

int sim_qemu_process_start(const struct sim_qemu_options *options, struct sim_qemu_process *process,
                           struct sim_error *error)
{
    struct arguments arguments = {.file = NULL};
    struct ends ends;
    int status = open_all(&ends, error);

    if (status != 0) {
        return -1;
    }
    status = make_arguments(&arguments, options, &ends, error);
    if (status == 0) {
        status = spawn(&ends, &arguments, process, error);
        ends.failure[1] = -1;
    }
    free(arguments.file);
    if (status == 0 && process->child != 0) {
        ends.console[0] = ends.monitor[0] = ends.messages[0] = -1; /* the process has them */
    }
    close_all(&ends);
    return status;
}
