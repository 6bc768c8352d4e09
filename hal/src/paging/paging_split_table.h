/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What changing a part of a large page needs of splitting it.
 */
#ifndef DRYDOCK_PAGING_SPLIT_TABLE_H
#define DRYDOCK_PAGING_SPLIT_TABLE_H

#include "drydock/tlb.h"
#include "paging_walk.h"

/**
 * Put a table with 512 smaller pages in the place of the large page where the walk stands.
 *
 * @param frame  of the table, linked to none; its contents do not matter
 */
void dd_paging_split_entry(struct dd_paging_walk *walk, dd_paddr frame,
                           struct dd_tlb_pending *pending);

/** Tables it takes to split a page of a level so that first to last, a part of it, is pages. */
uint64_t dd_paging_count_splits(unsigned int level, uint64_t first, uint64_t last);

#endif
