/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of the processors, for command lines. */
#include "sim/cpu/processor.h"

#include <stddef.h>
#include <string.h>

bool sim_processor_find(const char *name, enum sim_processor *processor)
{
    static const char *const names[] = {"executed", "intel", "amd"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            *processor = (enum sim_processor)i;
            return true;
        }
    }
    return false;
}
