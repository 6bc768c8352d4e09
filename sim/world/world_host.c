/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world `host`: one program that runs the claims and prints a line for each. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/world/process.h"
#include "sim/world/world.h"

enum {
    HOST_SECONDS = 300
};

void sim_world_run_host(struct sim_matrix *matrix, int world, const char *claims_host,
                        const struct sim_world_options *options)
{
    const char *const arguments[] = {claims_host, options->dump, options->part, NULL};
    struct sim_process_outcome outcome;
    struct sim_error error;
    char reason[128] = "no result";

    if (sim_process_run(arguments, HOST_SECONDS, &outcome, &error) != 0) {
        sim_matrix_set_rest(matrix, world, SIM_CELL_ERROR, error.text);
        return;
    }
    sim_matrix_take_text(matrix, world, outcome.output);
    if (outcome.timed_out) {
        (void)snprintf(reason, sizeof reason, "the program did not end within %d s", HOST_SECONDS);
    } else if (outcome.status != 0) {
        (void)snprintf(reason, sizeof reason, "the program ended with status %d", outcome.status);
    }
    sim_matrix_set_rest(matrix, world, SIM_CELL_ERROR, reason);
    free(outcome.output);
}
