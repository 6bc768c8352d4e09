/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel booted in the simulated machine, and by QEMU's q35 as the worlds do it: with the same
 * devices, the same memory and all that TCG can do, so that both run the same claims. In turns, so
 * that all meet the same load of the host; the median of each counts.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/boot/boot_protocol.h"
#include "sim/pci/dump/dump.h"
#include "sim/machine/pc.h"
#include "sim/world/qemu.h"
#include "tests/bench/bench.h"

enum {
    BOOTS = 9,
    SECONDS = 120
};

/* What is booted. */
struct boot {
    const char *image, *dump;
    const char *machine_arguments; /* for QEMU: the machine that the dump is of */
    const char *command_line;      /* what the kernel does */
};

static void drop(void *self, uint8_t byte)
{
    (void)self;
    (void)byte;
}

static bool run_machine(const struct boot *boot, struct sim_pci_topology *topology,
                        enum sim_machine_audit audit)
{
    const struct sim_pc_options options = {
        .machine = {.ram_bytes = UINT64_C(128) << 20, .audit = audit},
        .topology = topology,
        .serial = {drop, NULL},
    };
    const struct sim_boot_request request = {.cmdline = boot->command_line};
    struct sim_pc *pc = calloc(1, sizeof *pc);
    struct sim_error error;
    bool succeeds = false;

    if (pc != NULL && sim_pc_open(pc, &options, &error) == 0 &&
        sim_pc_start(pc, boot->image, &request, &error) == 0) {
        succeeds = sim_machine_run(pc->machine).value == SIM_QEMU_STATUS_SUCCESS;
    }
    if (pc != NULL) {
        sim_pc_close(pc);
    }
    free(pc);
    return succeeds;
}

static double time_machine(const struct boot *boot, enum sim_machine_audit audit)
{
    struct sim_dump dump = {0};
    struct sim_pci_topology topology;
    struct sim_error error;
    double before = bench_seconds();

    if (sim_dump_read(boot->dump, &dump, &error) != 0 ||
        sim_pci_topology_init(&topology, &dump, &error) != 0) {
        (void)fprintf(stderr, "bench: %s\n", error.text);
        sim_dump_free(&dump);
        return 0;
    }
    if (!run_machine(boot, &topology, audit)) {
        (void)fprintf(stderr, "bench: the kernel did not succeed\n");
    }
    sim_pci_topology_free(&topology);
    sim_dump_free(&dump);
    return bench_seconds() - before;
}

static double time_qemu(const struct boot *boot)
{
    const struct sim_qemu_options options = {.image = boot->image,
                                             .machine_arguments = boot->machine_arguments,
                                             .command_line = boot->command_line,
                                             .seconds = SECONDS};
    struct sim_qemu_outcome outcome;
    struct sim_error error;
    double before = bench_children_seconds();

    if (sim_qemu_run(&options, &outcome, &error) != 0) {
        (void)fprintf(stderr, "bench: %s\n", error.text);
        return 0;
    }
    if (!sim_qemu_succeeded(&outcome)) {
        (void)fprintf(stderr, "bench: %s\n", sim_qemu_describe(&outcome).text);
    }
    sim_qemu_outcome_free(&outcome);
    return bench_children_seconds() - before;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median(double times[BOOTS])
{
    qsort(times, BOOTS, sizeof times[0], compare);
    return times[BOOTS / 2];
}

static void compare_boots(const struct boot *boot, const char *what)
{
    double qemu[BOOTS];
    double unaudited[BOOTS];
    double audited[BOOTS];
    double base = 0;

    for (int i = 0; i < BOOTS; i++) {
        qemu[i] = time_qemu(boot);
        unaudited[i] = time_machine(boot, SIM_MACHINE_UNAUDITED);
        audited[i] = time_machine(boot, SIM_MACHINE_AUDITED);
    }
    printf("\n%s, processor time, median of %d\n", what, BOOTS);
    base = bench_report("QEMU, q35, TCG", median(qemu), 1, 0);
    (void)bench_report("the machine, without audit", median(unaudited), 1, base);
    (void)bench_report("the machine, with audit", median(audited), 1, base);
}

void bench_boot(const char *image, const char *dump, const char *machine_arguments)
{
    struct boot boot = {image, dump, machine_arguments, "pci"};

    compare_boots(&boot, "boot of the kernel, which lists the PCI functions");
    boot.command_line = "claims pci";
    compare_boots(&boot, "boot of the kernel and all its claims");
}
