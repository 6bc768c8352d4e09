/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The matrix of claims and worlds.
 *
 * Which claims exist is known from the registry alone, so a world that says
 * nothing about a claim leaves a hole that counts as an error; lines from a
 * world are text from outside and are trusted with nothing.
 */
#include "sim/world/matrix_internal.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/protocol.h"
#include "sim/util/text.h"

static const char *const claim_names[] = {
#define X(name) #name,
#include "tests/claims/registry.def"
#undef X
};

struct sim_matrix *sim_matrix_create(void)
{
    struct sim_matrix *matrix = calloc(1, sizeof *matrix);

    if (matrix != NULL) {
        (void)sim_matrix_choose(matrix, "");
    }
    return matrix;
}

void sim_matrix_destroy(struct sim_matrix *matrix)
{
    free(matrix);
}

unsigned int sim_matrix_claim_count(void)
{
    return SIM_MATRIX_CLAIMS;
}

const char *sim_matrix_claim_name(unsigned int index)
{
    return claim_names[index];
}

int sim_matrix_find_claim(const char *name)
{
    for (int i = 0; i < SIM_MATRIX_CLAIMS; i++) {
        if (strcmp(claim_names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

unsigned int sim_matrix_choose(struct sim_matrix *matrix, const char *part)
{
    unsigned int left = 0;

    for (int i = 0; i < SIM_MATRIX_CLAIMS; i++) {
        matrix->chosen[i] = strstr(claim_names[i], part) != NULL;
        left += matrix->chosen[i];
    }
    return left;
}

bool sim_matrix_is_chosen(const struct sim_matrix *matrix, unsigned int claim)
{
    return matrix->chosen[claim];
}

int sim_matrix_add_world(struct sim_matrix *matrix, const char *name)
{
    struct sim_matrix_world *world = &matrix->world[matrix->worlds];

    if (matrix->worlds == SIM_MATRIX_MAX_WORLDS) {
        return -1;
    }
    (void)snprintf(world->name, sizeof world->name, "%s", name);
    for (int i = 0; i < SIM_MATRIX_CLAIMS; i++) {
        world->cells[i].state = matrix->chosen[i] ? SIM_CELL_MISSING : SIM_CELL_NOT_CHOSEN;
    }
    return matrix->worlds++;
}

/* Copy a text from outside: what cannot be printed (and would not be valid in JSON) becomes '?'. */
static void copy_printable(char *target, size_t size, const char *text)
{
    (void)snprintf(target, size, "%s", text);
    for (; *target != '\0'; target++) {
        if (*target < ' ' || *target > '~') {
            *target = '?';
        }
    }
}

static void complain(struct sim_matrix_world *world, const char *what, const char *line)
{
    char sentence[SIM_MATRIX_TEXT];

    if (world->complaint[0] == '\0') {
        (void)snprintf(sentence, sizeof sentence, "%s: \"%.200s\"", what, line);
        copy_printable(world->complaint, sizeof world->complaint, sentence);
    }
}

void sim_matrix_set(struct sim_matrix *matrix, int world, unsigned int claim, enum sim_cell cell,
                    const char *text)
{
    struct sim_matrix_cell *target = &matrix->world[world].cells[claim];

    if (target->state == SIM_CELL_NOT_CHOSEN) {
        return;
    }
    if (target->state != SIM_CELL_MISSING) {
        complain(&matrix->world[world], "two results for one claim", claim_names[claim]);
        return;
    }
    target->state = cell;
    copy_printable(target->text, sizeof target->text, text);
}

void sim_matrix_set_rest(struct sim_matrix *matrix, int world, enum sim_cell cell, const char *text)
{
    for (unsigned int i = 0; i < SIM_MATRIX_CLAIMS; i++) {
        if (matrix->world[world].cells[i].state == SIM_CELL_MISSING) {
            sim_matrix_set(matrix, world, i, cell, text);
        }
    }
}

static enum sim_cell cell_from_word(const char *word)
{
    static const struct {
        const char *word;
        enum sim_cell cell;
    } words[] = {
        {"success", SIM_CELL_SUCCESS},
        {"skip", SIM_CELL_SKIP},
        {"error", SIM_CELL_ERROR},
        {"failure", SIM_CELL_FAILURE},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].word, word) == 0) {
            return words[i].cell;
        }
    }
    return SIM_CELL_MISSING;
}

int sim_matrix_take_line(struct sim_matrix *matrix, int world, const char *line)
{
    char name[200];
    char outcome[16];
    int text_start = 0;
    int claim = 0;
    enum sim_cell cell = SIM_CELL_MISSING;

    if (strcspn(line, " ") != strlen(KPROTOCOL_CLAIM) ||
        strncmp(line, KPROTOCOL_CLAIM, strlen(KPROTOCOL_CLAIM)) != 0) {
        return -1;
    }
    if (sscanf(line, KPROTOCOL_CLAIM " %199s %15s%n", name, outcome, &text_start) != 2) {
        complain(&matrix->world[world], "malformed result line", line);
        return -1;
    }
    claim = sim_matrix_find_claim(name);
    cell = cell_from_word(outcome);
    if (claim < 0 || cell == SIM_CELL_MISSING) {
        complain(&matrix->world[world], claim < 0 ? "unknown claim" : "unknown outcome", line);
        return -1;
    }
    line += text_start;
    sim_matrix_set(matrix, world, (unsigned int)claim, cell, line + (*line == ' '));
    return claim;
}

void sim_matrix_take_text(struct sim_matrix *matrix, int world, const char *text)
{
    char line[SIM_MATRIX_TEXT + 256];

    while (*text != '\0') {
        size_t length = strcspn(text, "\r\n");

        (void)snprintf(line, sizeof line, "%.*s",
                       (int)(length < sizeof line ? length : sizeof line), text);
        (void)sim_matrix_take_line(matrix, world, line);
        text += length;
        text += strspn(text, "\r\n");
    }
}

void sim_matrix_refute(struct sim_matrix *matrix, int world, unsigned int claim, const char *text)
{
    struct sim_matrix_cell *cell = &matrix->world[world].cells[claim];
    size_t used = 0;

    if (cell->state == SIM_CELL_NOT_CHOSEN) {
        return;
    }
    if (cell->state == SIM_CELL_ERROR || cell->state == SIM_CELL_FAILURE) {
        sim_text_append(cell->text, sizeof cell->text, "; ");
        used = strlen(cell->text);
    } else {
        cell->state = SIM_CELL_FAILURE;
    }
    copy_printable(cell->text + used, sizeof cell->text - used, text);
}

void sim_matrix_complain(struct sim_matrix *matrix, int world, const char *text)
{
    struct sim_matrix_world *target = &matrix->world[world];

    if (target->complaint[0] == '\0') {
        copy_printable(target->complaint, sizeof target->complaint, text);
    }
}

struct sim_matrix_totals sim_matrix_totals(const struct sim_matrix *matrix)
{
    struct sim_matrix_totals totals = {0};

    for (int claim = 0; claim < SIM_MATRIX_CLAIMS; claim++) {
        unsigned int confirmed = 0;
        unsigned int refuted = 0;

        for (int world = 0; world < matrix->worlds; world++) {
            enum sim_cell cell = matrix->world[world].cells[claim].state;

            confirmed += cell == SIM_CELL_SUCCESS;
            refuted += sim_matrix_cell_is_bad(cell);
            totals.skip += cell == SIM_CELL_SKIP;
        }
        totals.claims += matrix->chosen[claim];
        totals.success += confirmed;
        totals.bad += refuted;
        totals.disagreements += confirmed != 0 && refuted != 0;
    }
    for (int world = 0; world < matrix->worlds; world++) {
        totals.bad += matrix->world[world].complaint[0] != '\0';
    }
    return totals;
}
