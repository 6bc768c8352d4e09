/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a boot, in the cells of the claims that did not come to run. */
#include "sim/world/world_internal.h"

#include <stdio.h>
#include <string.h>

enum {
    WORDS_BYTES = 120,
    REASON_BYTES = 800
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

void world_take_end(struct sim_matrix *matrix, int world, const struct world_boot *boot)
{
    char words[WORDS_BYTES];
    char reason[REASON_BYTES];

    copy_last_words(words, sizeof words, boot->console);
    (void)snprintf(reason, sizeof reason, "%s%s%s", boot->end,
                   words[0] == '\0' ? "" : "; it said: ", words);
    sim_matrix_set_rest(matrix, world, SIM_CELL_ERROR, reason);
    if (!boot->is_well) {
        sim_matrix_complain(matrix, world, reason);
    }
}
