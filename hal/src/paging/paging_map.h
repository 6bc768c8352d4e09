/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What mapping a page is also needed for.
 */
#ifndef DRYDOCK_PAGING_MAP_H
#define DRYDOCK_PAGING_MAP_H

#include "paging_walk.h"

/** Whether the tables above the walk's entry grant the rights: DD_OK or DD_ENOTSUP. */
DD_MUST_CHECK enum dd_status dd_paging_check_rights(const struct dd_paging_walk *walk,
                                                    unsigned int rights);

/**
 * Write an entry of a level for the walk's address, with all tables that are missing on the way.
 *
 * @param walk   stands at an entry of this level, or at an empty one above
 * @param level  of the entry
 * @param entry  whole
 * @return DD_OK, DD_ENOMEM, or DD_EMALFORMED (a frame out of reach); then nothing is changed
 */
DD_MUST_CHECK enum dd_status dd_paging_install(const struct dd_paging_walk *walk,
                                               unsigned int level, uint64_t entry);

/**
 * Walk to where a page can be mapped.
 *
 * @param[out] walk  stands at an empty entry
 * @return DD_OK, or why the page cannot be mapped
 */
DD_MUST_CHECK enum dd_status dd_paging_walk_to_hole(struct dd_paging_walk *walk,
                                                    const struct dd_paging_request *request);

#endif
