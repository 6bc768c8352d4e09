/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What several worlds need.
 */
#ifndef DRYDOCK_SIM_WORLD_INTERNAL_H
#define DRYDOCK_SIM_WORLD_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/machine/machine.h"
#include "sim/world/matrix.h"

/** A boot that is over. */
struct world_boot {
    const char *console; /**< what the kernel printed */
    const char *end;     /**< how the run ended, in words */
    bool is_well;        /**< it ended as it should */
};

/**
 * Claims without a result get the end of the run as their error, and so does the world if the run
 * did not end well.
 */
void world_take_end(struct sim_matrix *matrix, int world, const struct world_boot *boot);

/**
 * Look for what the guest did wrong unnoticed by itself: audits the TLB, then empties the machine's
 * findings. May be called while the guest runs.
 *
 * @param[out] text  the first one and how many more there are; untouched if there is none
 * @return whether there was any
 */
bool world_take_findings(struct sim_machine *machine, char *text, size_t size);

#endif
