/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Sentences made of parts, in a buffer that is never left.
 */
#ifndef DRYDOCK_SIM_TEXT_H
#define DRYDOCK_SIM_TEXT_H

#include <stddef.h>

#include "sim/util/attributes.h"

/** Add to the string in @p text, which has room for @p size bytes; cut to fit. */
SIM_PRINTF(3, 4) void sim_text_append(char *text, size_t size, const char *format, ...);

#endif
