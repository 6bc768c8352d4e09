/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Isolated tests by snapshot, and what the machine's own MMU and its audit cost. */
#include <stdio.h>
#include <string.h>

#include "sim/machine/snapshot.h"
#include "tests/bench/bench.h"

enum {
    TESTS = 50000,
    PAGES = 16,
    LOADS = 20000000
};

#define RAM   (UINT64_C(16) << 20)
#define PAGE  UINT64_C(0x1000)
#define FIRST UINT64_C(0x200000)

/* mov $16, %ecx; mov $0x200000, %edi; 1: mov %rcx, (%rdi); add $0x1000, %rdi; dec %ecx; jnz 1b */
static const uint8_t write_pages[] = {0xB9, 0x10, 0x00, 0x00, 0x00, 0xBF, 0x00, 0x00,
                                      0x20, 0x00, 0x48, 0x89, 0x0F, 0x48, 0x81, 0xC7,
                                      0x00, 0x10, 0x00, 0x00, 0xFF, 0xC9, 0x75, 0xF2};

/*
 * 1: mov 0x200000(%rdx), %rax; add $64, %edx; and $0xFFFF, %edx; dec %ecx; jnz 1b: loads from each
 * line of 64 KiB, as many as RCX says.
 */
static const uint8_t load_64k[] = {0x48, 0x8B, 0x82, 0x00, 0x00, 0x20, 0x00, 0x83, 0xC2, 0x40,
                                   0x81, 0xE2, 0xFF, 0xFF, 0x00, 0x00, 0xFF, 0xC9, 0x75, 0xEC};

static struct sim_machine *open_machine(enum sim_mmu_kind mmu, enum sim_machine_audit audit)
{
    const struct sim_machine_options options = {.ram_bytes = RAM, .mmu = mmu, .audit = audit};
    struct sim_error error;
    struct sim_machine *machine = sim_machine_create_with(&options, &error);

    if (machine == NULL) {
        (void)fprintf(stderr, "bench: %s\n", error.text);
    }
    return machine;
}

/* One test: registers, the function, a look at the result, and everything back. */
static bool run_test(struct sim_machine *machine, const struct sim_snapshot *snapshot)
{
    struct sim_registers registers = {.rax = 1};
    struct sim_error error;
    struct sim_result result =
        sim_machine_execute(machine, write_pages, sizeof write_pages, &registers);

    return result.stop == SIM_STOP_RETURNED && registers.rdi == FIRST + PAGES * PAGE &&
           sim_machine_restore(machine, snapshot, &error) == 0;
}

static double time_isolated(enum sim_machine_audit audit)
{
    struct sim_machine *machine = open_machine(SIM_MMU_OWN, audit);
    struct sim_registers registers = {0};
    struct sim_snapshot *snapshot = NULL;
    struct sim_error error;
    double before = 0;

    if (machine == NULL) {
        return 0;
    }
    (void)sim_machine_execute(machine, write_pages, sizeof write_pages, &registers);
    memset(sim_machine_ram(machine, FIRST, PAGES * PAGE), 0, PAGES * PAGE);
    snapshot = sim_machine_snapshot(machine, &error);
    before = bench_seconds();
    for (int i = 0; snapshot != NULL && i < TESTS; i++) {
        if (!run_test(machine, snapshot)) {
            (void)fprintf(stderr, "bench: an isolated test failed\n");
            break;
        }
    }
    before = bench_seconds() - before;
    sim_snapshot_free(snapshot);
    sim_machine_destroy(machine);
    return before;
}

static double time_loads(enum sim_mmu_kind mmu, enum sim_machine_audit audit)
{
    struct sim_machine *machine = open_machine(mmu, audit);
    struct sim_registers registers = {.rcx = LOADS};
    double before = 0;

    if (machine == NULL) {
        return 0;
    }
    before = bench_seconds();
    if (sim_machine_execute(machine, load_64k, sizeof load_64k, &registers).stop !=
        SIM_STOP_RETURNED) {
        (void)fprintf(stderr, "bench: the load loop did not end\n");
    }
    before = bench_seconds() - before;
    sim_machine_destroy(machine);
    return before;
}

void bench_isolation(void)
{
    double base = 0;

    printf("\nisolated test: registers, 16 pages written, checked, everything restored\n");
    (void)bench_report("without audit", time_isolated(SIM_MACHINE_UNAUDITED), TESTS, 0);
    (void)bench_report("with audit", time_isolated(SIM_MACHINE_AUDITED), TESTS, 0);
    printf("\nload loop over 64 KiB, for each load\n");
    base = bench_report("the engine's own MMU", time_loads(SIM_MMU_ENGINE, SIM_MACHINE_UNAUDITED),
                        LOADS, 0);
    (void)bench_report("the machine's MMU, without audit",
                       time_loads(SIM_MMU_OWN, SIM_MACHINE_UNAUDITED), LOADS, base);
    (void)bench_report("the machine's MMU, with audit",
                       time_loads(SIM_MMU_OWN, SIM_MACHINE_AUDITED), LOADS, base);
}
