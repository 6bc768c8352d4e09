/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Run a program and keep what it printed.
 */
#ifndef DRYDOCK_SIM_PROCESS_H
#define DRYDOCK_SIM_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"

struct sim_process_outcome {
    char *output;   /**< standard output as a string, see sim_child_output; to be freed */
    int status;     /**< exit status, 128 + signal number if a signal ended it */
    bool timed_out; /**< it was killed because the time was over */
};

/**
 * Run a program to its end. Standard input is empty; standard error goes where ours goes.
 *
 * @param arguments    argv, ended by NULL; arguments[0] is searched in PATH if it has no slash
 * @param seconds      most it may take, then it is killed
 * @param[out] outcome filled in on success, untouched on failure
 * @return 0, or -1 with *error set: it could not be started
 */
SIM_MUST_CHECK int sim_process_run(const char *const arguments[], unsigned int seconds,
                                   struct sim_process_outcome *outcome, struct sim_error *error);

/** Folder of the running program, without a final slash. @return 0 or -1 with *error set */
SIM_MUST_CHECK int sim_process_own_folder(char *folder, size_t size, struct sim_error *error);

#endif
