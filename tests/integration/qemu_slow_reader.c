/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_slow_reader IMAGE MACHINE-ARGUMENTS
 *
 * The console of a kernel in QEMU holds a few hundred bytes that nobody has read; then its port
 * takes no more. A reader that comes seconds late has to get every byte all the same.
 * Exit status 77, a skip, without QEMU.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/util/child.h"
#include "sim/world/qemu.h"
#include "sim/world/qemu_process.h"

enum {
    EXIT_SKIP = 77,
    LATE_SECONDS = 4,
    BOOT_SECONDS = 60
};

/* What a late reader gets; NULL on failure. */
static char *read_late(const struct sim_qemu_options *options)
{
    struct sim_qemu_process process;
    struct sim_child_output output = {0};
    struct sim_error error;
    char buffer[4096];
    ssize_t length = 0;
    int status = 0;

    if (sim_qemu_process_start(options, &process, &error) != 0) {
        (void)puts(error.text);
        return NULL;
    }
    (void)sleep(LATE_SECONDS);
    do {
        length = read(process.console, buffer, sizeof buffer);
        status = sim_child_output_append(&output, buffer, length > 0 ? (size_t)length : 0);
    } while (length > 0 && status == 0);
    (void)kill(process.child, SIGKILL);
    (void)waitpid(process.child, NULL, 0);
    return output.text;
}

int main(int argc, char **argv)
{
    struct sim_qemu_options options = {.command_line = "pci", .seconds = BOOT_SECONDS};
    struct sim_qemu_outcome prompt;
    struct sim_error error;
    char *late = NULL;
    int differ = 0;

    if (argc != 3) {
        (void)fputs("usage: qemu_slow_reader IMAGE MACHINE-ARGUMENTS\n", stderr);
        return EXIT_FAILURE;
    }
    options.image = argv[1];
    options.machine_arguments = argv[2];
    if (sim_qemu_run(&options, &prompt, &error) != 0) {
        (void)puts(error.text);
        return EXIT_FAILURE;
    }
    if (prompt.end == SIM_QEMU_NOT_INSTALLED) {
        (void)puts(sim_qemu_describe(&prompt).text);
        return EXIT_SKIP;
    }
    late = read_late(&options);
    differ = late == NULL || !sim_qemu_succeeded(&prompt) || strcmp(late, prompt.console) != 0;
    (void)printf("read at once: %zu bytes, %s; read late: %zu bytes%s\n", strlen(prompt.console),
                 sim_qemu_describe(&prompt).text, late == NULL ? 0 : strlen(late),
                 differ ? ", and they differ" : "");
    free(late);
    sim_qemu_outcome_free(&prompt);
    return differ ? EXIT_FAILURE : EXIT_SUCCESS;
}
