/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Page tables in words.
 *
 * A line for what decides about addresses next to each other in the same way:
 *
 *     4 levels, root 0000000000001000, 46 physical bits, no-execute, 1-GByte pages
 *     0000000000000000-00000000003fffff -> 0000000000000000-00000000003fffff  2M  rw-s   WB identity
 *     0000000000400000-00007fffffffffff    not mapped
 *     ffff800000000000-ffff80003fffffff -> 0000000000000000-000000003fffffff  1G  r-xu  UC- global key 3
 *
 * Rights are those that every entry on the path grants: r, w, x, and u for user
 * or s for supervisor only. Accessed and dirty bits are not told.
 */
#ifndef DRYDOCK_PAGING_DUMP_H
#define DRYDOCK_PAGING_DUMP_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/paging_space.h"
#include "drydock/range.h"
#include "drydock/status.h"

enum {
    DD_PAGING_DUMP_LINE = 160, /**< characters of a line at most, the 0 at its end included */
};

/** What is told, and to whom. */
struct dd_paging_dump {
    struct dd_vaddr_range
        range;           /**< any, also across the hole; of the width of the address space */
    uint64_t pat;        /**< value of IA32_PAT, for the memory types */
    uint64_t tables_max; /**< tables that may be entered, the root among them */

    /** Called for each line: a string without the end of line, valid during the call. */
    void (*emit)(void *context, const char *line);
    void *context; /**< passed to it */
};

/**
 * Tell what a range of an address space maps.
 *
 * @param dump  what and to whom
 * @retval DD_OK          all was told; after a failure, part of the lines were
 * @retval DD_EARG        the range is of another width, `tables_max` is 0, or there is no `emit`
 * @retval DD_ELOOP       more tables than `tables_max`
 * @retval DD_EMALFORMED  the root is out of reach
 *
 * Spec: [SDM 3A] 4.5.4, 4.6.1, 4.9.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_dump(const struct dd_address_space *space,
                                            const struct dd_paging_dump *dump);

#endif
