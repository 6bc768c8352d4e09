/* SPDX-License-Identifier: MIT */
/** @file Memory types as the PAT and the MTRRs encode them. Not public. */
#ifndef DRYDOCK_SRC_MEMORY_TYPE_H
#define DRYDOCK_SRC_MEMORY_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/paging_entry.h"

/** UC, WC, WT, WP, WB: what an MTRR may say. Spec: [SDM 3A] 11.11, table 11-8. */
static inline bool memory_type_is_valid(uint64_t type)
{
    return type <= DD_CACHE_WRITE_COMBINING ||
           (type >= DD_CACHE_WRITE_THROUGH && type <= DD_CACHE_WRITE_BACK);
}

/** The same, and UC-: what the PAT may say. Spec: [SDM 3A] table 11-10. */
static inline bool memory_type_is_valid_in_pat(uint64_t type)
{
    return memory_type_is_valid(type) || type == DD_CACHE_UNCACHED;
}

#endif
