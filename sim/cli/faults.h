/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * `--inject FILE` of `drydock run`.
 */
#ifndef DRYDOCK_SIM_CLI_FAULTS_H
#define DRYDOCK_SIM_CLI_FAULTS_H

#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/machine/inject.h"

/**
 * Read a script and give it to a machine whose image is loaded.
 *
 * @param path            NULL: nothing goes wrong
 * @param[out] injection  what was read
 * @return 0, or -1 with *error set
 */
SIM_MUST_CHECK int cli_inject_faults(struct sim_machine *machine, const char *path,
                                     struct sim_injection *injection, struct sim_error *error);

/** Say on standard error which faults did not happen. */
void cli_report_faults(const struct sim_machine *machine, const struct sim_injection *injection);

#endif
