/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * How the simulator's functions say what went wrong: one sentence for people.
 */
#ifndef DRYDOCK_SIM_ERROR_H
#define DRYDOCK_SIM_ERROR_H

#include "sim/util/attributes.h"

/** A sentence without a final newline; empty while nothing went wrong. */
struct sim_error {
    char text[512];
};

/** Write the sentence, cut to fit. Always returns -1, so `return sim_error_set(…);` reads well. */
SIM_PRINTF(2, 3) int sim_error_set(struct sim_error *error, const char *format, ...);

#endif
