/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated machine: making one, calling a function of an image, and faults. */
#include <stdio.h>

#include "sim/machine/machine.h"
#include "tests/bench/bench.h"

enum {
    MACHINES = 200,
    CALLS = 20000,
    RAM = 64 << 20
};

static double time_machines(const char *image)
{
    struct sim_error error;
    double before = bench_seconds();

    for (int i = 0; i < MACHINES; i++) {
        struct sim_machine *machine = sim_machine_create(RAM, &error);

        if (machine == NULL || (image != NULL && sim_machine_load(machine, image, &error) != 0)) {
            (void)fprintf(stderr, "bench: %s\n", error.text);
        }
        sim_machine_destroy(machine);
    }
    return bench_seconds() - before;
}

static double time_calls(struct sim_machine *machine, const char *symbol)
{
    double before = bench_seconds();

    for (int i = 0; i < CALLS; i++) {
        struct sim_result result = sim_call(machine, symbol, 0);

        if (result.stop != SIM_STOP_RETURNED) {
            (void)fprintf(stderr, "bench: %s() did not return\n", symbol);
            break;
        }
    }
    return bench_seconds() - before;
}

static double time_executions(struct sim_machine *machine, const uint8_t *code, size_t size)
{
    struct sim_registers registers = {.rdx = 0xFFFFFF0000000000};
    double before = bench_seconds();

    for (int i = 0; i < CALLS; i++) {
        (void)sim_machine_execute(machine, code, size, &registers);
    }
    return bench_seconds() - before;
}

void bench_machine(const char *image)
{
    static const uint8_t nop[] = {0x90};
    static const uint8_t load[] = {0x48, 0x8B, 0x02}; /* mov (%rdx), %rax */
    struct sim_error error;
    struct sim_machine *machine = sim_machine_create(RAM, &error);
    double base = 0;

    if (machine == NULL || sim_machine_load(machine, image, &error) != 0) {
        (void)fprintf(stderr, "bench: %s\n", error.text);
        sim_machine_destroy(machine);
        return;
    }
    printf("\nsimulated machine, for each\n");
    (void)bench_report("new machine, and its end", time_machines(NULL), MACHINES, 0);
    (void)bench_report("new machine with the kernel image", time_machines(image), MACHINES, 0);
    base = bench_report("call of dd_status_name() by its symbol",
                        time_calls(machine, "dd_status_name"), CALLS, 0);
    (void)bench_report("one instruction", time_executions(machine, nop, sizeof nop), CALLS, base);
    (void)bench_report("one load that faults", time_executions(machine, load, sizeof load), CALLS,
                       base);
    sim_machine_destroy(machine);
}
