/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Starting QEMU with its console and monitor connected to us.
 */
#ifndef DRYDOCK_SIM_QEMU_PROCESS_H
#define DRYDOCK_SIM_QEMU_PROCESS_H

#include <sys/types.h>

#include "sim/world/qemu.h"

struct sim_qemu_process {
    pid_t child;  /**< killed when we end, whatever way; 0 if QEMU is not installed */
    int console;  /**< socket: COM1 */
    int monitor;  /**< socket: QMP */
    int messages; /**< pipe: QEMU's standard output and standard error */
};

/**
 * Start QEMU.
 *
 * @param[out] process  the child is to be waited for, the three files to be closed
 * @return 0, also if QEMU is not installed; -1 with *error set
 */
SIM_MUST_CHECK int sim_qemu_process_start(const struct sim_qemu_options *options,
                                          struct sim_qemu_process *process,
                                          struct sim_error *error);

#endif
