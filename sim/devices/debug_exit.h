/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * QEMU's isa-debug-exit: a write ends the run. It has no state.
 */
#ifndef DRYDOCK_SIM_DEVICES_DEBUG_EXIT_H
#define DRYDOCK_SIM_DEVICES_DEBUG_EXIT_H

#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/machine/machine.h"

/**
 * Connect the device to a machine: writing v, one, two or four bytes wide, ends the run with
 * SIM_STOP_EXITED and value 2v + 1.
 *
 * @param port  first of four, e.g. 0xF4; reads as 0
 */
SIM_MUST_CHECK int sim_debug_exit_connect(struct sim_machine *machine, uint16_t port,
                                          struct sim_error *error);

#endif
