/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_boot IMAGE MACHINE-ARGUMENTS
 *
 * Boots the kernel image in QEMU: it ends with success, says the result of every
 * claim of the registry, and lists the PCI functions that QEMU's monitor lists.
 * Exit status 77, a skip, without QEMU.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/world/matrix.h"
#include "sim/world/qemu.h"

enum {
    EXIT_SKIP = 77,
    BOOT_SECONDS = 120,
    MECHANISMS = 2 /* ECAM and the ports of mechanism 1 */
};

static int check_claims(const struct sim_qemu_outcome *outcome)
{
    struct sim_matrix *matrix = sim_matrix_create();
    struct sim_matrix_totals totals;
    int world = 0;

    if (matrix == NULL) {
        (void)fputs("no memory\n", stderr);
        return 1;
    }
    world = sim_matrix_add_world(matrix, "qemu");
    sim_matrix_take_text(matrix, world, outcome->console);
    totals = sim_matrix_totals(matrix);
    if (totals.bad != 0 || totals.success == 0) {
        sim_matrix_print(stdout, matrix);
    }
    (void)printf("%u claims: %u success, %u skip, %u bad\n", totals.claims, totals.success,
                 totals.skip, totals.bad);
    sim_matrix_destroy(matrix);
    return totals.bad == 0 && totals.success != 0 ? 0 : 1;
}

static int check_pci(const struct sim_qemu_outcome *outcome)
{
    struct sim_error error;
    int reports = sim_qemu_compare_pci(outcome, &error);

    if (reports < 0) {
        (void)printf("%s\n", error.text);
        return 1;
    }
    (void)printf("%zu PCI functions in %d reports: as QEMU lists them\n", outcome->function_count,
                 reports);
    return outcome->function_count != 0 && reports == MECHANISMS ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct sim_qemu_options options = {.command_line = "hold", .seconds = BOOT_SECONDS};
    struct sim_qemu_outcome outcome;
    struct sim_error error;
    int problems = 0;

    if (argc != 3) {
        (void)fputs("usage: qemu_boot IMAGE MACHINE-ARGUMENTS\n", stderr);
        return EXIT_FAILURE;
    }
    options.image = argv[1];
    options.machine_arguments = argv[2];
    if (sim_qemu_run(&options, &outcome, &error) != 0) {
        (void)printf("%s\n", error.text);
        return EXIT_FAILURE;
    }
    (void)printf("%s\n", sim_qemu_describe(&outcome).text);
    if (outcome.end == SIM_QEMU_NOT_INSTALLED) {
        return EXIT_SKIP;
    }
    problems = check_claims(&outcome) + check_pci(&outcome);
    if (!sim_qemu_succeeded(&outcome)) {
        (void)printf("console:\n%s\nQEMU:\n%s\n", outcome.console, outcome.messages);
        problems++;
    }
    sim_qemu_outcome_free(&outcome);
    return problems == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
