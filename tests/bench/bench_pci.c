/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replay of a dump: the whole flow, and the libpci part of it is included. */
#include <stdio.h>

#include "sim/pci/report/pci_replay.h"
#include "tests/bench/bench.h"

enum {
    REPLAYS = 20
};

void bench_pci(const char *image, const char *dump)
{
    struct sim_pci_verdict verdict;
    struct sim_error error;
    double functions = 0;
    double before = bench_seconds();

    for (int i = 0; i < REPLAYS; i++) {
        if (sim_pci_replay_file(dump, image, &verdict, &error) != 0) {
            (void)fprintf(stderr, "bench: %s\n", error.text);
            return;
        }
        functions += (double)verdict.guest.ecam.count;
        sim_pci_verdict_free(&verdict);
    }
    printf("\nreplay of a dump, read to verdict\n");
    (void)bench_report("for each dump", bench_seconds() - before, REPLAYS, 0);
    (void)bench_report("for each function in it", bench_seconds() - before, functions, 0);
}
