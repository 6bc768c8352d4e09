/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * QEMU's monitor protocol: one command, one answer.
 */
#ifndef DRYDOCK_SIM_QMP_H
#define DRYDOCK_SIM_QMP_H

#include <jansson.h>

#include "sim/util/deadline.h"
#include "sim/util/error.h"

/**
 * Have QEMU execute a command without arguments. The first command of a connection must be
 * "qmp_capabilities".
 *
 * @param monitor      socket connected to the monitor
 * @param deadline     when to give up
 * @param[out] error   why there is no answer
 * @return the answer's "return", to be released with json_decref(); NULL on failure
 */
json_t *sim_qmp_execute(int monitor, const char *command, sim_deadline deadline,
                        struct sim_error *error);

#endif
