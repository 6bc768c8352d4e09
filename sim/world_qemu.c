/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The worlds `qemu-…`: the whole kernel, booted; it runs all claims in one go. */
#include <stdio.h>
#include <string.h>

#include "sim/qemu.h"
#include "sim/world.h"

enum {
    BOOT_SECONDS = 120
};

/* The first line for people after the last line for us: if the kernel died, that says why. */
static void copy_last_words(char *words, size_t size, const char *console)
{
    words[0] = '\0';
    while (*console != '\0') {
        size_t length = strcspn(console, "\r\n");

        if (*console == '@') {
            words[0] = '\0';
        } else if (words[0] == '\0') {
            (void)snprintf(words, size, "%.*s", (int)length, console);
        }
        console += length;
        console += strspn(console, "\r\n");
    }
}

static void take_outcome(struct sim_matrix *matrix, int world,
                         const struct sim_qemu_outcome *outcome)
{
    char words[120];
    char reason[400];

    copy_last_words(words, sizeof words, outcome->console);
    (void)snprintf(reason, sizeof reason, "%s%s%s", sim_qemu_describe(outcome).text,
                   words[0] == '\0' ? "" : "; it said: ", words);
    sim_matrix_take_text(matrix, world, outcome->console);
    sim_matrix_set_rest(matrix, world, SIM_CELL_ERROR, reason);
    if (!sim_qemu_succeeded(outcome)) {
        sim_matrix_complain(matrix, world, reason);
    }
}

void sim_world_run_qemu(struct sim_matrix *matrix, int world, const char *image,
                        const struct sim_world_options *options)
{
    const struct sim_qemu_options boot = {.image = image,
                                          .machine_arguments = options->machine_arguments,
                                          .command_line = "claims",
                                          .seconds = BOOT_SECONDS};
    struct sim_qemu_outcome outcome;
    struct sim_error error;

    if (sim_qemu_run(&boot, &outcome, &error) != 0) {
        sim_matrix_set_rest(matrix, world, SIM_CELL_ERROR, error.text);
        return;
    }
    if (outcome.end == SIM_QEMU_NOT_INSTALLED) {
        sim_matrix_set_rest(matrix, world, SIM_CELL_SKIP, sim_qemu_describe(&outcome).text);
    } else {
        take_outcome(matrix, world, &outcome);
    }
    sim_qemu_outcome_free(&outcome);
}
