/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Child processes: what they print, and how they end.
 */
#ifndef DRYDOCK_SIM_CHILD_H
#define DRYDOCK_SIM_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "sim/util/attributes.h"
#include "sim/util/deadline.h"

/** Output beyond this is thrown away, so that no program can fill the memory. */
#define SIM_CHILD_MAX_OUTPUT (16u << 20)

/** What a child has printed. All zero: nothing yet, and text is NULL. */
struct sim_child_output {
    char *text; /**< a string once something was appended, if only 0 bytes; to be freed */
    size_t length, capacity;
};

/**
 * Append what was read from a child; NUL bytes become '?'.
 *
 * @return 0, or -1 without memory; the output is then as before
 */
SIM_MUST_CHECK int sim_child_output_append(struct sim_child_output *output, const char *bytes,
                                           size_t length);

/**
 * Wait for a child's end, and bring it about if it does not come in time.
 *
 * @param[out] status  as waitpid() gives it
 * @return whether the child had to be killed
 */
bool sim_child_reap(pid_t child, sim_deadline deadline, int *status);

#endif
