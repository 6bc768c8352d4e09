/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worlds `guest-…`: the kernel image's functions called in the simulated
 * machine. Every claim gets a board of its own, so none can disturb the next.
 * What the machine found while a claim ran makes it fail.
 */
#include <stdio.h>
#include <string.h>

#include "sim/machine/board.h"
#include "sim/pci/dump.h"
#include "sim/world/world.h"
#include "sim/world/world_internal.h"

/* Basic blocks a claim may execute: the longest takes a few million. */
#define BUDGET UINT64_C(100000000)

enum {
    FINDING_BYTES = 640
};

/* The column that is being filled. */
struct column {
    struct sim_matrix *matrix;
    int world;
    const char *image;
    const struct sim_dump *dump;
};

static void set_error(const struct column *column, unsigned int claim, const char *text)
{
    sim_matrix_set(column->matrix, column->world, claim, SIM_CELL_ERROR, text);
}

/* A function did not return: the cell says what the machine says. */
static void set_stopped(const struct column *column, unsigned int claim, enum sim_cell cell,
                        const char *function, const struct sim_result *result)
{
    char end[384];
    char text[512];

    sim_result_describe(result, end, sizeof end);
    (void)snprintf(text, sizeof text, "%s(): %s", function, end);
    sim_matrix_set(column->matrix, column->world, claim, cell, text);
}

static void run_on_board(const struct column *column, unsigned int claim, struct sim_board *board)
{
    struct sim_result result;
    char found[FINDING_BYTES];
    size_t before = 0;

    sim_machine_set_budget(board->machine, BUDGET);
    result = sim_call(board->machine, "kinit", board->description);
    before = sim_board_output_size(board);
    if (result.stop != SIM_STOP_RETURNED) {
        set_stopped(column, claim, SIM_CELL_ERROR, "kinit", &result);
        return;
    }
    if (world_take_findings(board->machine, found, sizeof found)) {
        set_error(column, claim, found);
        return;
    }
    result = sim_call(board->machine, "kclaim_run", claim);
    if (result.stop != SIM_STOP_RETURNED) {
        set_stopped(column, claim, SIM_CELL_FAILURE, sim_matrix_claim_name(claim), &result);
    } else {
        sim_matrix_take_text(column->matrix, column->world, sim_board_output(board, before));
    }
    if (world_take_findings(board->machine, found, sizeof found)) {
        sim_matrix_refute(column->matrix, column->world, claim, found);
    }
}

static void run_claim(const struct column *column, unsigned int claim)
{
    struct sim_board board;
    struct sim_pci_topology topology;
    struct sim_error error;

    if (sim_pci_topology_init(&topology, column->dump, &error) != 0) {
        set_error(column, claim, error.text);
        return;
    }
    if (sim_board_open(&board, &topology, 0, column->image, &error) != 0) {
        set_error(column, claim, error.text);
    } else {
        run_on_board(column, claim, &board);
    }
    sim_board_close(&board);
    sim_pci_topology_free(&topology);
}

void sim_world_run_guest(struct sim_matrix *matrix, int world, const char *image,
                         const struct sim_world_options *options)
{
    struct sim_dump dump;
    struct column column = {matrix, world, image, &dump};
    struct sim_error error;

    if (sim_dump_read(options->dump, &dump, &error) != 0) {
        sim_matrix_set_rest(matrix, world, SIM_CELL_ERROR, error.text);
        return;
    }
    for (unsigned int claim = 0; claim < sim_matrix_claim_count(); claim++) {
        if (sim_matrix_is_chosen(matrix, claim)) {
            run_claim(&column, claim);
        }
    }
    sim_dump_free(&dump);
}
