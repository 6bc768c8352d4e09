/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Changing what a range maps: the check that all such changes share.
 */
#ifndef DRYDOCK_PAGING_CHANGE_H
#define DRYDOCK_PAGING_CHANGE_H

#include "drydock/paging_range.h"
#include "paging_frames.h"
#include "paging_walk.h"

/** Entries, or-ed together and and-ed together. */
struct dd_paging_sum {
    uint64_t any;
    uint64_t all;
};

/** A change of a range: what is checked, and what the check finds out. */
struct dd_paging_range_change {
    struct dd_paging_request request;
    enum dd_paging_partly partly;
    uint64_t ignored; /**< all ones: entries that are not present are all right; or 0 */
    struct dd_tlb_pending *pending;
    struct dd_paging_sum sum; /**< of all entries that are present, after the check */
    uint64_t tables_needed;   /**< to split large pages */
    struct dd_paging_chain frames;
};

/**
 * Check the arguments and every entry of a range, and allocate the frames it takes to split.
 *
 * @param[in,out] change  request.space, request.rights, partly, ignored and pending are set
 * @return DD_OK, or why the range cannot be changed; then nothing is
 */
DD_MUST_CHECK enum dd_status dd_paging_change_check(struct dd_paging_range_change *change,
                                                    dd_vaddr vaddr, uint64_t length);

/** Note that the pages of a run are not what they were. */
void dd_paging_change_note(const struct dd_paging_range_change *change,
                           const struct dd_paging_run *run);

/**
 * Whether a run is a large page that has to be split first; then it is, and the visit goes on below.
 */
bool dd_paging_change_splits(struct dd_paging_range_change *change, struct dd_paging_walk *walk,
                             const struct dd_paging_run *run);

#endif
