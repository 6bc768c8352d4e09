/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The replay part of `drydock verify`: all dumps of a folder, each in a process of its own. */
#include "sim/cli/replay_folder.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/pci/report/pci_replay.h"
#include "sim/util/workers.h"

static int is_dump(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".lspci") == 0;
}

/* A folder that is replayed. */
struct folder {
    const char *name;
    struct sim_pci_kernel kernel;
    struct dirent **entries;
    struct replay_totals *totals;
};

static bool is_meant_to_be_bad(const struct folder *folder, size_t number)
{
    return strncmp(folder->entries[number]->d_name, "bad-", 4) == 0;
}

static void replay(const char *path, struct sim_pci_kernel *kernel, FILE *answer)
{
    struct sim_pci_verdict verdict;
    struct sim_error error;

    if (sim_pci_replay_file(path, kernel, &verdict, &error) != 0) {
        (void)fprintf(answer, "0 0\n  UNUSABLE: %s\n", error.text);
        return;
    }
    (void)fprintf(answer, "%d %zu\n", verdict.differences == 0, verdict.guest.ecam.count);
    cli_print_lines(answer, &(struct cli_prefix){"  DIFFERENCE: ", path, ""},
                    verdict.difference_text);
    sim_pci_verdict_free(&verdict);
}

/* A dump that is wrong on purpose must be refused before anything is run. */
static void refuse(const char *path, FILE *answer)
{
    struct sim_dump dump;
    struct sim_error error;
    bool accepted = sim_dump_read(path, &dump, &error) == 0;

    (void)fprintf(answer, "%d 0\n", !accepted);
    if (accepted) {
        sim_dump_free(&dump);
        (void)fprintf(answer, "  ACCEPTED although it is bad: %s\n", path);
    }
}

/* In a process of its own: the answer is "WELL FUNCTIONS", and lines about what is wrong. */
static void work(void *context, size_t number, FILE *answer)
{
    struct folder *folder = context;
    char path[PATH_MAX];

    (void)snprintf(path, sizeof path, "%s/%s", folder->name, folder->entries[number]->d_name);
    if (is_meant_to_be_bad(folder, number)) {
        refuse(path, answer);
    } else {
        replay(path, &folder->kernel, answer);
    }
}

static void take(void *context, size_t number, const struct sim_worker_answer *answer)
{
    const struct folder *folder = context;
    struct replay_totals *totals = folder->totals;
    char *end = NULL;
    bool well = strtoul(answer->text, &end, 10) == 1;

    totals->functions += (unsigned int)strtoul(end, &end, 10);
    if (answer->status != 0 || *end != '\n') {
        (void)printf("  DIED: the process of %s/%s\n", folder->name,
                     folder->entries[number]->d_name);
        well = false;
    } else {
        (void)fputs(end + 1, stdout);
    }
    if (is_meant_to_be_bad(folder, number)) {
        totals->refused += well;
        totals->accepted += !well;
    } else {
        totals->dumps++;
        totals->agree += well;
    }
}

static void print_totals(const char *title, const struct replay_totals *totals)
{
    (void)printf("%s: %u of %u dumps replayed without a difference, %u functions", title,
                 totals->agree, totals->dumps, totals->functions);
    if (totals->refused + totals->accepted > 0) {
        (void)printf("; %u of %u bad ones refused", totals->refused,
                     totals->refused + totals->accepted);
    }
    (void)printf("\n");
    (void)fflush(stdout);
}

struct replay_totals replay_folder(const char *title, const char *folder, const char *image)
{
    struct replay_totals totals = {0};
    struct folder replayed = {folder, {.path = image}, NULL, &totals};
    int count = scandir(folder, &replayed.entries, is_dump, alphasort);
    const struct sim_workers workers = {
        .count = count > 0 ? (size_t)count : 0,
        .jobs = sim_workers_processors(),
        .context = &replayed,
        .work = work,
        .take = take,
    };
    enum sim_workers_end end = SIM_WORKERS_DONE;
    struct sim_error error;

    if (count <= 0) {
        (void)printf("  no file called *.lspci in %s\n", folder);
    }
    (void)fflush(stdout);
    sim_pci_kernel_prepare(&replayed.kernel);
    if (sim_workers_run(&workers, &end, &error) != 0) {
        (void)printf("  %s\n", error.text);
        totals.dumps++;
    }
    if (end == SIM_WORKERS_INTERRUPTED) {
        (void)printf("  interrupted\n");
        totals.dumps++;
    }
    sim_pci_kernel_free(&replayed.kernel);
    for (int i = 0; i < count; i++) {
        free(replayed.entries[i]);
    }
    free(replayed.entries);
    print_totals(title, &totals);
    return totals;
}

bool replay_is_well(const struct replay_totals *totals)
{
    return totals->dumps > 0 && totals->agree == totals->dumps && totals->accepted == 0;
}
