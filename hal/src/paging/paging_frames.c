/* SPDX-License-Identifier: MIT */
/*
 * Frames for tables. A call counts them first, and gets all or none. Until they
 * are used they are a chain through their own first words, so that any number
 * takes no other storage.
 */
#include "paging_frames.h"

#include <stddef.h>

#include "drydock/arch/insn.h"

enum dd_status dd_paging_frame_alloc(const struct dd_paging_memory *memory, dd_paddr *frame)
{
    dd_paddr allocated = {0};
    enum dd_status status = memory->alloc(memory->allocator, &allocated);

    if (status != DD_OK) {
        return status;
    }
    if (dd_paging_memory_unlinked(memory, allocated) == NULL) {
        memory->free(memory->allocator, allocated);
        return DD_EMALFORMED;
    }
    *frame = allocated;
    return DD_OK;
}

void dd_paging_frame_clear(const struct dd_paging_memory *memory, volatile uint64_t *entries,
                           unsigned int count)
{
    if (memory->frames != DD_PAGING_FRAMES_ZEROED) {
        dd_stos64(entries, 0, count);
    }
}

dd_paddr dd_paging_chain_take(struct dd_paging_chain *chain)
{
    dd_paddr frame = chain->first;
    volatile uint64_t *next = dd_paging_memory_unlinked(chain->memory, frame);

    chain->first = dd_paddr_from(*next);
    chain->length--;
    *next = 0;
    return frame;
}

/* At the end: what comes from the kernel in the order of addresses is used in that order. */
static void append(struct dd_paging_chain *chain, dd_paddr frame)
{
    if (chain->length == 0) {
        chain->first = frame;
    } else {
        *dd_paging_memory_unlinked(chain->memory, chain->last) = frame.raw;
    }
    chain->last = frame;
    chain->length++;
}

static void give_back(struct dd_paging_chain *chain)
{
    while (chain->length > 0) {
        chain->memory->free(chain->memory->allocator, dd_paging_chain_take(chain));
    }
}

enum dd_status dd_paging_chain_fill(struct dd_paging_chain *chain, uint64_t count)
{
    const struct dd_paging_memory *memory = chain->memory;

    while (chain->length < count) {
        dd_paddr frame = {0};
        enum dd_status status = dd_paging_frame_alloc(memory, &frame);

        if (status != DD_OK) {
            give_back(chain);
            return status;
        }
        append(chain, frame);
    }
    return DD_OK;
}
