/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The worlds: places where the claims run. Each function fills one column of
 * the matrix and never fails as a whole: what goes wrong is said in the cells.
 */
#ifndef DRYDOCK_SIM_WORLD_H
#define DRYDOCK_SIM_WORLD_H

#include "sim/cpu/processor.h"
#include "sim/world/matrix.h"

/** What the worlds need from outside. Paths that do not exist are reported in the cells. */
struct sim_world_options {
    const char *part;              /**< only claims whose name contains this; "" for all */
    const char *dump;              /**< lspci dump of the machine that the claims know */
    const char *machine_arguments; /**< QEMU's arguments for the same machine, one a line */
    enum sim_processor processor;  /**< of `machine-…`; the others have SIM_PROCESSOR_EXECUTED */
    const char *command_line; /**< of the kernel in `machine-…`: "claims", or with more words */
};

/** `host`: the program @p claims_host, hal compiled for this host under sanitizers. */
void sim_world_run_host(struct sim_matrix *matrix, int world, const char *claims_host,
                        const struct sim_world_options *options);

/** `guest-…`: the kernel image @p image called in the simulated machine, a new one for each claim. */
void sim_world_run_guest(struct sim_matrix *matrix, int world, const char *image,
                         const struct sim_world_options *options);

/** `machine-…`: the kernel image @p image booted in the simulated PC, on the processor chosen. */
void sim_world_run_machine(struct sim_matrix *matrix, int world, const char *image,
                           const struct sim_world_options *options);

/** `qemu-…`: the kernel image @p image booted by QEMU; every cell is a skip without QEMU. */
void sim_world_run_qemu(struct sim_matrix *matrix, int world, const char *image,
                        const struct sim_world_options *options);

#endif
