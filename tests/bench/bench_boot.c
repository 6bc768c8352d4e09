/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel with all its claims: booted in the simulated machine, and by QEMU's q35. In turns, so
 * that all meet the same load of the host; the median of each counts.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/boot/boot_protocol.h"
#include "sim/pci/dump/dump.h"
#include "sim/machine/pc.h"
#include "tests/bench/bench.h"

enum {
    BOOTS = 9,
    STATUS_SUCCESS = 33 /* 0x10 written to isa-debug-exit */
};

static void drop(void *self, uint8_t byte)
{
    (void)self;
    (void)byte;
}

static bool boot(const char *image, struct sim_pci_topology *topology, enum sim_machine_audit audit)
{
    const struct sim_pc_options options = {
        .machine = {.ram_bytes = UINT64_C(64) << 20, .audit = audit},
        .topology = topology,
        .serial = {drop, NULL},
    };
    const struct sim_boot_request request = {.cmdline = NULL};
    struct sim_pc *pc = calloc(1, sizeof *pc);
    struct sim_error error;
    bool succeeds = false;

    if (pc != NULL && sim_pc_open(pc, &options, &error) == 0 &&
        sim_pc_start(pc, image, &request, &error) == 0) {
        succeeds = sim_machine_run(pc->machine).value == STATUS_SUCCESS;
    }
    if (pc != NULL) {
        sim_pc_close(pc);
    }
    free(pc);
    return succeeds;
}

static double time_machine(const char *image, const char *path, enum sim_machine_audit audit)
{
    struct sim_dump dump = {0};
    struct sim_pci_topology topology;
    struct sim_error error;
    double before = bench_seconds();

    if (sim_dump_read(path, &dump, &error) != 0 ||
        sim_pci_topology_init(&topology, &dump, &error) != 0) {
        (void)fprintf(stderr, "bench: %s\n", error.text);
        sim_dump_free(&dump);
        return 0;
    }
    if (!boot(image, &topology, audit)) {
        (void)fprintf(stderr, "bench: the kernel did not succeed\n");
    }
    sim_pci_topology_free(&topology);
    sim_dump_free(&dump);
    return bench_seconds() - before;
}

static double children_seconds(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

/* Whatever the kernel says of QEMU's devices, it has booted and run its claims. */
static void run_qemu(const char *image)
{
    pid_t child = fork();

    if (child == 0) {
        int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

        (void)dup2(nowhere, STDOUT_FILENO);
        (void)dup2(nowhere, STDERR_FILENO);
        (void)execlp("qemu-system-x86_64", "qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-m",
                     "64", "-nodefaults", "-display", "none", "-no-reboot", "-device",
                     "isa-debug-exit,iobase=0xf4,iosize=4", "-serial", "null", "-kernel", image,
                     (char *)NULL);
        _exit(127);
    }
    if (child > 0) {
        (void)waitpid(child, NULL, 0);
    }
}

static double time_qemu(const char *image)
{
    double before = children_seconds();

    run_qemu(image);
    return children_seconds() - before;
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

void bench_boot(const char *image, const char *dump)
{
    double qemu[BOOTS];
    double unaudited[BOOTS];
    double audited[BOOTS];
    double base = 0;

    for (int i = 0; i < BOOTS; i++) {
        qemu[i] = time_qemu(image);
        unaudited[i] = time_machine(image, dump, SIM_MACHINE_UNAUDITED);
        audited[i] = time_machine(image, dump, SIM_MACHINE_AUDITED);
    }
    printf("\nboot of the kernel and all its claims, processor time, median of %d\n", BOOTS);
    base = bench_report("QEMU, q35, TCG", median(qemu), 1, 0);
    (void)bench_report("the machine, without audit", median(unaudited), 1, base);
    (void)bench_report("the machine, with audit", median(audited), 1, base);
}
