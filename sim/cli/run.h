/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The parts of `drydock run`: run.c reads the command line, run_machine.c boots
 * the machine, run_report.c and run_findings.c tell what came of it.
 */
#ifndef DRYDOCK_SIM_CLI_RUN_H
#define DRYDOCK_SIM_CLI_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/machine/machine.h"
#include "sim/machine/pc.h"

/** When the text screen is printed at the end. */
enum run_screen {
    RUN_SCREEN_IF_SILENT, /**< if the guest sends nothing to the serial port */
    RUN_SCREEN_ALWAYS,
    RUN_SCREEN_NEVER,
};

/** The command line. */
struct run_options {
    struct sim_machine_options machine;
    uint64_t budget;
    const char *cmdline, *initrd, *dump, *inject, *trace, *json, *image;
    enum run_screen screen;
};

/** Boot the image and report how it ended. Returns the exit status. */
int run_machine(const struct run_options *options);

/**
 * Say on standard error how a run ended, and what was found; print the screen unless it is never to
 * be printed, and write JSON if asked to. Returns the exit status.
 */
int run_report(struct sim_pc *pc, const struct sim_result *result,
               const struct run_options *options);

/** Print what was found in a run on standard error. */
void run_print_findings(struct sim_machine *machine);

#endif
