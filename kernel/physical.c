/* SPDX-License-Identifier: MIT */
/* Physical memory, mapped where it is by the boot tables. */
#include "kernel/physical.h"

#include <stddef.h>

const void *kphysical_memory(uint64_t address, uint64_t length)
{
    if (address == 0 || address >= KPHYSICAL_END || length > KPHYSICAL_END - address) {
        return NULL;
    }
    return (const void *)address;
}
