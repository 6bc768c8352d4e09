/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The worlds `qemu-…`: the whole kernel, booted; it runs all claims in one go. */
#include "sim/world/qemu.h"
#include "sim/world/world.h"
#include "sim/world/world_internal.h"

enum {
    BOOT_SECONDS = 120
};

static void take_outcome(struct sim_matrix *matrix, int world,
                         const struct sim_qemu_outcome *outcome)
{
    const struct sim_qemu_text end = sim_qemu_describe(outcome);
    const struct world_boot boot = {outcome->console, end.text, sim_qemu_succeeded(outcome)};

    sim_matrix_take_text(matrix, world, outcome->console);
    world_take_end(matrix, world, &boot);
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
