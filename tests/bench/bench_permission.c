/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The permission matrix: pages mapped by the library, accesses translated by the machine. */
#include <stdio.h>

#include "tests/bench/bench.h"
#include "tests/unit/permission_matrix.h"

#define RAM (UINT64_C(16) << 20)

enum {
    CASES = 100 /* of each page */
};

void bench_permission(void)
{
    static struct permission_matrix matrix;
    const struct sim_machine_options options = {.ram_bytes = RAM, .audit = SIM_MACHINE_UNAUDITED};
    struct sim_error error;
    struct sim_machine *machine = sim_machine_create_with(&options, &error);
    double before = bench_seconds();
    double seconds = 0;

    if (machine == NULL) {
        (void)fprintf(stderr, "bench: %s\n", error.text);
        return;
    }
    if (!permission_matrix_open(&matrix, machine) || !permission_matrix_run(&matrix, CASES)) {
        (void)fprintf(stderr, "bench: %s\n", matrix.failure);
    }
    seconds = bench_seconds() - before;
    permission_matrix_close(&matrix);
    sim_machine_destroy(machine);
    printf("\npermission matrix, for each access\n");
    (void)bench_report("predicted, translated and compared", seconds, (double)matrix.accesses, 0);
    printf("  %.0f accesses a second\n", (double)matrix.accesses / seconds);
}
