/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Looking through page tables: a visit to each entry of a range that is not
 * empty, and all entries on the path of one address.
 *
 * Nothing is changed, and nothing in the tables can make it go on for ever: a
 * table that is its own ancestor is shown, not entered, and the number of
 * tables that are entered has a bound.
 */
#ifndef DRYDOCK_PAGING_VISIT_H
#define DRYDOCK_PAGING_VISIT_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/paging_entry.h"
#include "drydock/paging_space.h"
#include "drydock/range.h"
#include "drydock/status.h"

/** An entry that is visited. */
struct dd_paging_visited {
    dd_vaddr first;               /**< first address it stands for; may be before the range */
    dd_vaddr last;                /**< last one */
    struct dd_paging_entry entry; /**< never in the state DD_PAGING_EMPTY */
    unsigned int flags;    /**< DD_MAP_… of a page, but only the rights that every entry on the
                                       path grants; of a table: the rights alone; otherwise 0 */
    enum dd_status status; /**< DD_OK; or why what is below is not visited: DD_ELOOP, the table
                                       is its own ancestor; DD_EMALFORMED, reserved bits are set or
                                       the table is out of reach */
};

/** What is visited, and by whom. */
struct dd_paging_visits {
    struct dd_vaddr_range
        range;           /**< any, also across the hole; of the width of the address space */
    uint64_t tables_max; /**< tables that may be entered, the root among them */

    /**
     * Called for each entry, upwards; for one that references a table before the entries of that
     * table. It changes no tables.
     *
     * @return DD_OK to go on, or what ends the visits
     */
    enum dd_status (*visit)(void *context, const struct dd_paging_visited *visited);
    void *context; /**< passed to it */
};

/**
 * Visit the entries of a range that are not empty.
 *
 * @param visits  what and by whom
 * @retval DD_OK          all were visited
 * @retval DD_EARG        no function, or the range is of another width
 * @retval DD_EMALFORMED  the root is out of reach
 * @retval DD_ELOOP       there are more tables than `tables_max`: some may be referenced more than
 *                        once
 * @return otherwise what `visit` returned, if not DD_OK
 *
 * After a failure, part of the range may have been visited. Spec: [SDM 3A] 4.5.4, 4.6.1.
 */
DD_MUST_CHECK enum dd_status dd_paging_visit_range(const struct dd_address_space *space,
                                                   const struct dd_paging_visits *visits);

/** What the processor reads for an address. */
struct dd_paging_path {
    unsigned int count; /**< entries that are valid, 1..5 */
    struct dd_paging_visited
        entries[DD_PAGING_LEVELS_MAX]; /**< from the root's on; the last one may
                                                                 be empty */
};

/**
 * All entries on the path of an address, with what they grant together up to each.
 *
 * @param vaddr      any canonical address
 * @param[out] path  the entries
 * @retval DD_OK          *path is valid
 * @retval DD_ECANONICAL  @p vaddr not canonical; *path untouched, as after the other failure
 * @retval DD_EMALFORMED  the root is out of reach
 *
 * Spec: [SDM 3A] 4.5.4, 4.6.1.
 */
DD_MUST_CHECK enum dd_status dd_paging_path(const struct dd_address_space *space, dd_vaddr vaddr,
                                            struct dd_paging_path *path);

#endif
