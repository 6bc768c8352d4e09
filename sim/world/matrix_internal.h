/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What a matrix consists of; for matrix.c, which fills it in, and matrix_report.c, which shows it.
 */
#ifndef DRYDOCK_SIM_MATRIX_INTERNAL_H
#define DRYDOCK_SIM_MATRIX_INTERNAL_H

#include "sim/world/matrix.h"

enum {
#define X(name) SIM_MATRIX_CLAIM_##name,
#include "tests/claims/registry.def"
#undef X
    SIM_MATRIX_CLAIMS
};

#define SIM_MATRIX_TEXT 800 /* a claim's own text and a finding */

struct sim_matrix_cell {
    enum sim_cell state;
    char text[SIM_MATRIX_TEXT];
};

struct sim_matrix_world {
    char name[32];
    char complaint[SIM_MATRIX_TEXT]; /* first line from this world that made no sense */
    struct sim_matrix_cell cells[SIM_MATRIX_CLAIMS];
};

struct sim_matrix {
    int worlds;
    struct sim_matrix_world world[SIM_MATRIX_MAX_WORLDS];
    bool chosen[SIM_MATRIX_CLAIMS];
};

/** Whether a cell makes the verdict bad. */
static inline bool sim_matrix_cell_is_bad(enum sim_cell cell)
{
    return cell == SIM_CELL_ERROR || cell == SIM_CELL_FAILURE || cell == SIM_CELL_MISSING;
}

#endif
