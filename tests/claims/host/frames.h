/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Frames of the machine's RAM for the hosted world.
 */
#ifndef DRYDOCK_TESTS_HOST_FRAMES_H
#define DRYDOCK_TESTS_HOST_FRAMES_H

#include "sim/util/attributes.h"
#include "sim/machine/machine.h"

/**
 * Hand out frames from @p base up to @p end from now on.
 *
 * @return 0, or -1 without memory
 */
SIM_MUST_CHECK int host_frames_open(struct sim_machine *machine, uint64_t base, uint64_t end);

void host_frames_close(void);

#endif
