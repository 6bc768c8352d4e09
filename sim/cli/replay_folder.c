/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The replay part of `drydock verify`: all dumps of a folder. */
#include "sim/cli/replay_folder.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/pci/pci_replay.h"

static int is_dump(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".lspci") == 0;
}

static void replay(const char *path, const char *kernel, struct replay_totals *totals)
{
    struct sim_pci_verdict verdict;
    struct sim_error error;

    totals->dumps++;
    if (sim_pci_replay_file(path, kernel, &verdict, &error) != 0) {
        (void)printf("  UNUSABLE: %s\n", error.text);
        return;
    }
    totals->agree += verdict.differences == 0;
    totals->functions += (unsigned int)verdict.guest.ecam.count;
    cli_print_lines(stdout, &(struct cli_prefix){"  DIFFERENCE: ", path, ""},
                    verdict.difference_text);
    sim_pci_verdict_free(&verdict);
}

/* A dump that is wrong on purpose must be refused before anything is run. */
static void refuse(const char *path, struct replay_totals *totals)
{
    struct sim_dump dump;
    struct sim_error error;
    bool accepted = sim_dump_read(path, &dump, &error) == 0;

    if (accepted) {
        accepted = sim_dump_check_capabilities(&dump, &error) == 0;
        sim_dump_free(&dump);
    }
    totals->accepted += accepted;
    totals->refused += !accepted;
    if (accepted) {
        (void)printf("  ACCEPTED although it is bad: %s\n", path);
    }
}

struct replay_totals replay_folder(const char *title, const char *folder, const char *kernel)
{
    struct replay_totals totals = {0};
    struct dirent **entries = NULL;
    char path[PATH_MAX];
    int count = scandir(folder, &entries, is_dump, alphasort);

    for (int i = 0; i < count; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (strncmp(entries[i]->d_name, "bad-", 4) == 0) {
            refuse(path, &totals);
        } else {
            replay(path, kernel, &totals);
        }
        free(entries[i]);
    }
    free(entries);
    if (count <= 0) {
        (void)printf("  no file called *.lspci in %s\n", folder);
    }
    (void)printf("%s: %u of %u dumps replayed without a difference, %u functions", title,
                 totals.agree, totals.dumps, totals.functions);
    if (totals.refused + totals.accepted > 0) {
        (void)printf("; %u of %u bad ones refused", totals.refused,
                     totals.refused + totals.accepted);
    }
    (void)printf("\n");
    (void)fflush(stdout);
    return totals;
}

bool replay_is_well(const struct replay_totals *totals)
{
    return totals->dumps > 0 && totals->agree == totals->dumps && totals->accepted == 0;
}
