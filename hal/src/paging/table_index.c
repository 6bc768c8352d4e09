/* SPDX-License-Identifier: MIT */
/*
 * The way back from indices to an address. A linear address is, from the top:
 * copies of the highest implemented bit, nine bits for each level, and twelve
 * bits of offset, or as many more as a large page leaves out levels.
 * [SDM 3A] figures 4-8 to 4-10.
 */
#include "drydock/table_index.h"

enum {
    LEVELS_MIN = 4,
    LEVELS_MAX = 5,
};

enum dd_status dd_table_address(const unsigned int *indices, unsigned int levels,
                                unsigned int lowest, dd_vaddr *address)
{
    uint64_t raw = 0;

    if (levels < LEVELS_MIN || levels > LEVELS_MAX || lowest < 1 || lowest > levels) {
        return DD_EARG;
    }
    for (unsigned int level = levels; level >= lowest; level--) {
        unsigned int index = indices[levels - level];

        if (index >= DD_TABLE_ENTRIES) {
            return DD_EARG;
        }
        raw |= index * dd_table_entry_bytes(level);
    }
    *address = dd_vaddr_truncate(raw, 9 * levels + 12);
    return DD_OK;
}
