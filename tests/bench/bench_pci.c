/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replay of dumps as `drydock pci` does it, from reading to the verdict: of the corpus
 * that DRYDOCK_PCI_CORPUS names, or of a fixture, three times. What libpci says of the
 * same file is part of it, and a process for each dump.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/world/process.h"
#include "tests/bench/bench.h"

enum {
    SECONDS = 600
};

static double elapsed_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The last line of the table: how many dumps and functions there are. */
static void print_totals(const char *table, double processor, double elapsed)
{
    const char *last = strstr(table, " dumps: ");
    double dumps = 0;
    double functions = 0;

    while (last != NULL && last > table && last[-1] != '\n') {
        last--;
    }
    if (last == NULL || sscanf(last, "%lf dumps: %*[^;]; %lf functions", &dumps, &functions) != 2) {
        (void)fprintf(stderr, "bench: drydock pci printed no totals\n");
        return;
    }
    printf(
        "\nreplay of %.0f dumps, read to verdict: %.2f s of a processor, %.2f s on all of them\n",
        dumps, processor, elapsed);
    (void)bench_report("for each dump", processor, dumps, 0);
    (void)bench_report("for each function", processor, functions, 0);
}

void bench_pci(const char *dump)
{
    const char *corpus = getenv("DRYDOCK_PCI_CORPUS");
    char own[PATH_MAX];
    char program[PATH_MAX + sizeof "/drydock"];
    char hex[PATH_MAX];
    const char *const arguments[] = {program, "pci", hex, corpus == NULL ? dump : NULL, dump, NULL};
    struct sim_process_outcome outcome;
    struct sim_error error;
    double processor = bench_children_seconds();
    double start = elapsed_seconds();

    if (sim_process_own_folder(own, sizeof own, &error) != 0) {
        (void)fprintf(stderr, "bench: %s\n", error.text);
        return;
    }
    (void)snprintf(program, sizeof program, "%s/drydock", own);
    (void)snprintf(hex, sizeof hex, "%s%s", corpus == NULL ? dump : corpus,
                   corpus == NULL ? "" : "/hex");
    if (sim_process_run(arguments, SECONDS, &outcome, &error) != 0) {
        (void)fprintf(stderr, "bench: %s\n", error.text);
        return;
    }
    print_totals(outcome.output, bench_children_seconds() - processor, elapsed_seconds() - start);
    free(outcome.output);
}
