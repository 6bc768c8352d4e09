/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Frames for tables: all that a call needs are allocated before it changes anything.
 */
#ifndef DRYDOCK_PAGING_FRAMES_H
#define DRYDOCK_PAGING_FRAMES_H

#include "drydock/paging_space.h"

/** Frames kept for tables; the first 8 bytes of each hold the address of the next. */
struct dd_paging_chain {
    const struct dd_paging_memory *memory;
    dd_paddr first;
    dd_paddr last;
    uint64_t length;
};

/**
 * Allocate frames until there are @p count.
 *
 * @return DD_OK, or DD_ENOMEM, DD_EMALFORMED (out of reach) and no frame is kept
 */
DD_MUST_CHECK enum dd_status dd_paging_chain_fill(struct dd_paging_chain *chain, uint64_t count);

/** Take the frame that was allocated first; there is one. If frames come zeroed, all of it is zero. */
dd_paddr dd_paging_chain_take(struct dd_paging_chain *chain);

/** Allocate one frame that can be reached: DD_OK, DD_ENOMEM or DD_EMALFORMED. */
DD_MUST_CHECK enum dd_status dd_paging_frame_alloc(const struct dd_paging_memory *memory,
                                                   dd_paddr *frame);

/** Make entries of a frame from dd_paging_frame_alloc() or dd_paging_chain_take() zero. */
void dd_paging_frame_clear(const struct dd_paging_memory *memory, volatile uint64_t *entries,
                           unsigned int count);

#endif
