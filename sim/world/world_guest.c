/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worlds `guest-…`: the kernel image's functions called in the simulated
 * machine. Every claim begins with the board as kinit() left it, so none can
 * disturb the next: a snapshot is restored in between, which takes a fraction of
 * the time of a new board, whose code the engine would have to translate again.
 * What the machine found while a claim ran makes it fail.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/machine/board.h"
#include "sim/machine/snapshot.h"
#include "sim/pci/dump/dump.h"
#include "sim/world/world.h"
#include "sim/world/world_internal.h"

/* Basic blocks a claim may execute: the longest takes a few million. */
#define BUDGET UINT64_C(100000000)

enum {
    FINDING_BYTES = 640
};

/* The column that is being filled, and the board its claims run on. */
struct column {
    struct sim_matrix *matrix;
    int world;
    struct sim_board board;
    struct sim_snapshot *ready; /* after kinit() */
    size_t output;              /* what the console had got by then, in bytes */
};

/* A function did not return: what the machine says. */
static void describe_stop(const char *function, const struct sim_result *result, char *text,
                          size_t size)
{
    char end[384];

    sim_result_describe(result, end, sizeof end);
    (void)snprintf(text, size, "%s(): %s", function, end);
}

static void run_claim(struct column *column, unsigned int claim)
{
    struct sim_machine *machine = column->board.machine;
    struct sim_result result = sim_call(machine, "kclaim_run", claim);
    char text[FINDING_BYTES];

    if (result.stop != SIM_STOP_RETURNED) {
        describe_stop(sim_matrix_claim_name(claim), &result, text, sizeof text);
        sim_matrix_set(column->matrix, column->world, claim, SIM_CELL_FAILURE, text);
    } else {
        sim_matrix_take_text(column->matrix, column->world,
                             sim_board_output(&column->board, column->output));
    }
    if (world_take_findings(machine, text, sizeof text)) {
        sim_matrix_refute(column->matrix, column->world, claim, text);
    }
}

/* Brings the kernel to where claims can run. Returns 0, or -1 with *error set. */
static int start_kernel(struct column *column, struct sim_error *error)
{
    struct sim_machine *machine = column->board.machine;
    struct sim_result result;
    char text[FINDING_BYTES];

    sim_machine_set_budget(machine, BUDGET);
    result = sim_call(machine, "kinit", column->board.description);
    if (result.stop != SIM_STOP_RETURNED) {
        describe_stop("kinit", &result, text, sizeof text);
        return sim_error_set(error, "%s", text);
    }
    if (world_take_findings(machine, text, sizeof text)) {
        return sim_error_set(error, "%s", text);
    }
    column->output = sim_board_output_size(&column->board);
    column->ready = sim_machine_snapshot(machine, error);
    return column->ready == NULL ? -1 : 0;
}

static int run_claims(struct column *column, struct sim_error *error)
{
    for (unsigned int claim = 0; claim < sim_matrix_claim_count(); claim++) {
        if (!sim_matrix_is_chosen(column->matrix, claim)) {
            continue;
        }
        run_claim(column, claim);
        if (sim_machine_restore(column->board.machine, column->ready, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int run_on_board(struct column *column, const char *image, const struct sim_dump *dump,
                        struct sim_error *error)
{
    struct sim_pci_topology topology;
    int status = -1;

    if (sim_pci_topology_init(&topology, dump, error) != 0) {
        return -1;
    }
    if (sim_board_open(&column->board, image, error) == 0 &&
        sim_board_connect(&column->board, &topology, 0, error) == 0 &&
        start_kernel(column, error) == 0) {
        status = run_claims(column, error);
    }
    sim_snapshot_free(column->ready);
    sim_board_close(&column->board);
    sim_pci_topology_free(&topology);
    return status;
}

void sim_world_run_guest(struct sim_matrix *matrix, int world, const char *image,
                         const struct sim_world_options *options)
{
    struct column *column = calloc(1, sizeof *column);
    struct sim_dump dump = {0};
    struct sim_error error = {"out of memory"};

    if (column != NULL) {
        column->matrix = matrix;
        column->world = world;
    }
    if (column == NULL || sim_dump_read(options->dump, &dump, &error) != 0 ||
        run_on_board(column, image, &dump, &error) != 0) {
        sim_matrix_set_rest(matrix, world, SIM_CELL_ERROR, error.text);
    }
    sim_dump_free(&dump);
    free(column);
}
