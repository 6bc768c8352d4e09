/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The simulated machine behind the hosted insn.h: every instruction of the
 * seam is executed, as itself, by the machine in use.
 */
#ifndef DRYDOCK_SIM_SEAM_H
#define DRYDOCK_SIM_SEAM_H

#include "sim/machine/machine.h"

/**
 * Told that an instruction of the seam did not complete: it faulted, halted, exited or reached
 * something that is not there. Must not return: it ends the process, the test, or jumps out.
 */
typedef void sim_seam_on_stop(void *context, const struct sim_result *result);

/**
 * Make a machine the one that instructions of the calling thread are executed on.
 *
 * A pointer that LGDT or LIDT is given and that points into the machine's RAM is loaded as the
 * physical address of what it points to; SGDT and SIDT give the pointer back. Other addresses
 * are the machine's own.
 *
 * @param machine  outlives its use; NULL ends it
 * @param on_stop  see above
 */
void sim_seam_use(struct sim_machine *machine, sim_seam_on_stop *on_stop, void *context);

#endif
