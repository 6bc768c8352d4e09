/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The matrix for people, as a table, and for programs, as JSON. */
#include <string.h>

#include "sim/world/matrix_internal.h"

/* Reasons of skips, numbered in the order they appear; several cells share one. */
struct footnotes {
    const char *reason[SIM_MATRIX_CLAIMS];
    int count;
};

static int footnote(struct footnotes *notes, const char *reason)
{
    for (int i = 0; i < notes->count; i++) {
        if (strcmp(notes->reason[i], reason) == 0) {
            return i + 1;
        }
    }
    if (notes->count == SIM_MATRIX_CLAIMS) {
        return SIM_MATRIX_CLAIMS;
    }
    notes->reason[notes->count++] = reason;
    return notes->count;
}

static void print_cell(FILE *file, const struct sim_matrix_cell *cell, int width,
                       struct footnotes *notes)
{
    char text[24];

    switch (cell->state) {
    case SIM_CELL_SUCCESS:
        (void)snprintf(text, sizeof text, "ok");
        break;
    case SIM_CELL_SKIP:
        (void)snprintf(text, sizeof text, "skip(%d)", footnote(notes, cell->text));
        break;
    case SIM_CELL_ERROR:
    case SIM_CELL_MISSING:
        (void)snprintf(text, sizeof text, "ERROR");
        break;
    case SIM_CELL_FAILURE:
        (void)snprintf(text, sizeof text, "FAIL");
        break;
    case SIM_CELL_NOT_CHOSEN:
        text[0] = '\0';
        break;
    }
    (void)fprintf(file, "  %-*s", width, text);
}

/* Columns are as wide as their title or a skip; the last one needs no filling. */
static int column_width(const struct sim_matrix *matrix, int world)
{
    int width = (int)strlen(matrix->world[world].name);

    if (world == matrix->worlds - 1) {
        return 0;
    }
    return width < 8 ? 8 : width;
}

static int widest_claim(const struct sim_matrix *matrix)
{
    int widest = (int)strlen("claim");

    for (unsigned int i = 0; i < SIM_MATRIX_CLAIMS; i++) {
        int width = (int)strlen(sim_matrix_claim_name(i));

        widest = matrix->chosen[i] && width > widest ? width : widest;
    }
    return widest;
}

static void print_table(FILE *file, const struct sim_matrix *matrix, struct footnotes *notes)
{
    int first = widest_claim(matrix);

    (void)fprintf(file, "%-*s", first, "claim");
    for (int world = 0; world < matrix->worlds; world++) {
        (void)fprintf(file, "  %-*s", column_width(matrix, world), matrix->world[world].name);
    }
    (void)fputc('\n', file);
    for (unsigned int claim = 0; claim < SIM_MATRIX_CLAIMS; claim++) {
        if (!matrix->chosen[claim]) {
            continue;
        }
        (void)fprintf(file, "%-*s", first, sim_matrix_claim_name(claim));
        for (int world = 0; world < matrix->worlds; world++) {
            print_cell(file, &matrix->world[world].cells[claim], column_width(matrix, world),
                       notes);
        }
        (void)fputc('\n', file);
    }
}

static void print_bad_cells(FILE *file, const struct sim_matrix *matrix,
                            const struct sim_matrix_world *world)
{
    for (unsigned int claim = 0; claim < SIM_MATRIX_CLAIMS; claim++) {
        const struct sim_matrix_cell *cell = &world->cells[claim];

        if (matrix->chosen[claim] && sim_matrix_cell_is_bad(cell->state)) {
            (void)fprintf(file, "%s in %s: %s: %s\n",
                          cell->state == SIM_CELL_FAILURE ? "FAIL" : "ERROR", world->name,
                          sim_matrix_claim_name(claim),
                          cell->state == SIM_CELL_MISSING ? "no result" : cell->text);
        }
    }
    if (world->complaint[0] != '\0') {
        (void)fprintf(file, "ERROR in %s: %s\n", world->name, world->complaint);
    }
}

void sim_matrix_print(FILE *file, const struct sim_matrix *matrix)
{
    struct footnotes notes = {.count = 0};

    print_table(file, matrix, &notes);
    for (int i = 0; i < notes.count; i++) {
        (void)fprintf(file, "%sskip(%d): %s\n", i == 0 ? "\n" : "", i + 1, notes.reason[i]);
    }
    (void)fputc('\n', file);
    for (int world = 0; world < matrix->worlds; world++) {
        print_bad_cells(file, matrix, &matrix->world[world]);
    }
}

static const char *cell_word(enum sim_cell cell)
{
    switch (cell) {
    case SIM_CELL_SUCCESS:
        return "ok";
    case SIM_CELL_SKIP:
        return "skip";
    case SIM_CELL_FAILURE:
        return "fail";
    case SIM_CELL_ERROR:
    case SIM_CELL_MISSING:
    case SIM_CELL_NOT_CHOSEN:
        break;
    }
    return "error";
}

static json_t *claim_json(const struct sim_matrix *matrix, unsigned int claim)
{
    enum sim_matrix_presence presence = sim_matrix_presence(matrix, claim);
    json_t *results = json_object();

    for (int world = 0; world < matrix->worlds; world++) {
        const struct sim_matrix_cell *cell = &matrix->world[world].cells[claim];

        (void)json_object_set_new(
            results, matrix->world[world].name,
            json_pack("{s:s, s:s}", "result", cell_word(cell->state), "text",
                      cell->state == SIM_CELL_MISSING ? "no result" : cell->text));
    }
    return json_pack("{s:s, s:b, s:o}", "claim", sim_matrix_claim_name(claim), "nowhere",
                     presence == SIM_MATRIX_NOWHERE || presence == SIM_MATRIX_NOWHERE_LISTED,
                     "worlds", results);
}

json_t *sim_matrix_json(const struct sim_matrix *matrix)
{
    json_t *worlds = json_array();
    json_t *rows = json_array();
    struct sim_matrix_totals totals = sim_matrix_totals(matrix);

    for (int world = 0; world < matrix->worlds; world++) {
        (void)json_array_append_new(worlds,
                                    json_pack("{s:s, s:s}", "name", matrix->world[world].name,
                                              "complaint", matrix->world[world].complaint));
    }
    for (unsigned int claim = 0; claim < SIM_MATRIX_CLAIMS; claim++) {
        if (matrix->chosen[claim]) {
            (void)json_array_append_new(rows, claim_json(matrix, claim));
        }
    }
    return json_pack("{s:o, s:o, s:{s:i, s:i, s:i, s:i, s:i}}", "worlds", worlds, "claims", rows,
                     "totals", "claims", (int)totals.claims, "ok", (int)totals.success, "skip",
                     (int)totals.skip, "bad", (int)totals.bad, "disagreements",
                     (int)totals.disagreements);
}
