/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims that ran nowhere. A skip is right in a world that lacks something; a claim
 * that is skipped in all of them says nothing, and nobody would notice. Those that
 * can run nowhere are in tests/claims/untouched.def; the list is held against what
 * happened, both ways.
 */
#include <stdio.h>

#include "sim/world/matrix_internal.h"

/* The claims made from untouched.def, by number in the registry. */
static const unsigned int listed[] = {
#define U(field, why) SIM_MATRIX_CLAIM_##field##_changes_alone,
#include "tests/claims/untouched.def"
#undef U
};

static bool is_listed(unsigned int claim)
{
    for (unsigned int i = 0; i < sizeof listed / sizeof listed[0]; i++) {
        if (listed[i] == claim) {
            return true;
        }
    }
    return false;
}

/* Skipped in every column, of which there is one at least. */
static bool ran_nowhere(const struct sim_matrix *matrix, unsigned int claim)
{
    for (int world = 0; world < matrix->worlds; world++) {
        if (matrix->world[world].cells[claim].state != SIM_CELL_SKIP) {
            return false;
        }
    }
    return matrix->worlds > 0;
}

static bool ran_somewhere(const struct sim_matrix *matrix, unsigned int claim)
{
    for (int world = 0; world < matrix->worlds; world++) {
        if (matrix->world[world].cells[claim].state == SIM_CELL_SUCCESS) {
            return true;
        }
    }
    return false;
}

enum sim_matrix_presence sim_matrix_presence(const struct sim_matrix *matrix, unsigned int claim)
{
    if (!matrix->chosen[claim]) {
        return SIM_MATRIX_RAN;
    }
    if (ran_nowhere(matrix, claim)) {
        return is_listed(claim) ? SIM_MATRIX_NOWHERE_LISTED : SIM_MATRIX_NOWHERE;
    }
    return is_listed(claim) && ran_somewhere(matrix, claim) ? SIM_MATRIX_RAN_LISTED
                                                            : SIM_MATRIX_RAN;
}

unsigned int sim_matrix_count(const struct sim_matrix *matrix, enum sim_matrix_presence presence)
{
    unsigned int count = 0;

    for (unsigned int claim = 0; claim < SIM_MATRIX_CLAIMS; claim++) {
        count += matrix->chosen[claim] && sim_matrix_presence(matrix, claim) == presence;
    }
    return count;
}

void sim_matrix_print_nowhere(FILE *file, const struct sim_matrix *matrix)
{
    for (unsigned int claim = 0; claim < SIM_MATRIX_CLAIMS; claim++) {
        const char *name = sim_matrix_claim_name(claim);

        switch (sim_matrix_presence(matrix, claim)) {
        case SIM_MATRIX_NOWHERE:
            (void)fprintf(file, "NOWHERE: %s: %s\n", name, matrix->world[0].cells[claim].text);
            break;
        case SIM_MATRIX_RAN_LISTED:
            (void)fprintf(file, "LISTED: %s ran, and tests/claims/untouched.def says it cannot\n",
                          name);
            break;
        case SIM_MATRIX_RAN:
        case SIM_MATRIX_NOWHERE_LISTED:
            break;
        }
    }
}
