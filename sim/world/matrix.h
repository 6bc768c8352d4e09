/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The matrix: every claim down, every world across, what came out in each cell.
 */
#ifndef DRYDOCK_SIM_MATRIX_H
#define DRYDOCK_SIM_MATRIX_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#define SIM_MATRIX_MAX_WORLDS 12

enum sim_cell {
    SIM_CELL_MISSING, /**< the world gave no result: counts as an error */
    SIM_CELL_SUCCESS,
    SIM_CELL_SKIP,
    SIM_CELL_ERROR,
    SIM_CELL_FAILURE,
    SIM_CELL_NOT_CHOSEN, /**< left out on the command line */
};

/** Results of all claims of tests/claims/registry.def in a number of worlds. */
struct sim_matrix;

struct sim_matrix_totals {
    unsigned int claims;             /**< claims chosen */
    unsigned int success, skip, bad; /**< cells; bad: error, failure or missing, and
                                          worlds that printed what makes no sense */
    unsigned int disagreements;      /**< claims that one world confirms and another refutes */
};

/** A matrix without worlds; NULL without memory. */
struct sim_matrix *sim_matrix_create(void);

void sim_matrix_destroy(struct sim_matrix *matrix);

/** Number of claims in the registry, and the name of one (0 <= index < count). */
unsigned int sim_matrix_claim_count(void);
const char *sim_matrix_claim_name(unsigned int index);

/** Index of a claim by its name, -1 if there is none. */
int sim_matrix_find_claim(const char *name);

/**
 * Leave out every claim whose name does not contain @p part.
 *
 * @return how many claims are left
 */
unsigned int sim_matrix_choose(struct sim_matrix *matrix, const char *part);

/** Whether a claim was not left out. */
bool sim_matrix_is_chosen(const struct sim_matrix *matrix, unsigned int claim);

/** Add a column; at most SIM_MATRIX_MAX_WORLDS. @return its number, -1 if there is no room */
int sim_matrix_add_world(struct sim_matrix *matrix, const char *name);

/** Set a cell; @p text is copied. A second result for the same cell is an error of the world. */
void sim_matrix_set(struct sim_matrix *matrix, int world, unsigned int claim, enum sim_cell cell,
                    const char *text);

/** Set every cell of a column that has no result yet. */
void sim_matrix_set_rest(struct sim_matrix *matrix, int world, enum sim_cell cell,
                         const char *text);

/**
 * Take one console line: an "@claim NAME OUTCOME TEXT" line sets a cell, any other is ignored.
 * An unknown name or outcome is remembered as a fault of the world and makes the verdict bad.
 *
 * @return the claim that the line is about, -1 if it is about none that exists
 */
int sim_matrix_take_line(struct sim_matrix *matrix, int world, const char *line);

/** Take every line of a text. */
void sim_matrix_take_text(struct sim_matrix *matrix, int world, const char *text);

/**
 * Turn a result into a failure: something is wrong that the claim itself did not see. A cell that is
 * bad already keeps its result; @p text is added to it.
 */
void sim_matrix_refute(struct sim_matrix *matrix, int world, unsigned int claim, const char *text);

/** Remember a fault of a world as a whole, which makes the verdict bad. Only its first is kept. */
void sim_matrix_complain(struct sim_matrix *matrix, int world, const char *text);

struct sim_matrix_totals sim_matrix_totals(const struct sim_matrix *matrix);

/** Whether a claim ran in any world, and whether that is as tests/claims/untouched.def says. */
enum sim_matrix_presence {
    SIM_MATRIX_RAN,
    SIM_MATRIX_NOWHERE,        /**< every world skipped it: nothing is known about it */
    SIM_MATRIX_NOWHERE_LISTED, /**< the same, but it can run nowhere */
    SIM_MATRIX_RAN_LISTED,     /**< it ran, and the list says that it cannot */
};

/** Presence of a claim; SIM_MATRIX_RAN if it was left out. */
enum sim_matrix_presence sim_matrix_presence(const struct sim_matrix *matrix, unsigned int claim);

/** How many of the chosen claims have a presence. */
unsigned int sim_matrix_count(const struct sim_matrix *matrix, enum sim_matrix_presence presence);

/** Print a line for each claim whose presence is SIM_MATRIX_NOWHERE or SIM_MATRIX_RAN_LISTED. */
void sim_matrix_print_nowhere(FILE *file, const struct sim_matrix *matrix);

/** Print the table, the reasons of skips as footnotes, and what failed in full. */
void sim_matrix_print(FILE *file, const struct sim_matrix *matrix);

/** The same as a JSON object, to be released with json_decref; NULL without memory. */
json_t *sim_matrix_json(const struct sim_matrix *matrix);

#endif
