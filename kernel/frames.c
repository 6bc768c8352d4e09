/* SPDX-License-Identifier: MIT */
/*
 * Frames of physical memory.
 *
 * Frames above `fresh` were never used; frames given back are a list that runs
 * through their own first bytes. A frame is filled with a pattern before it is
 * handed out: its contents are undefined by contract, and code that relies on
 * zeros shall be found out here.
 */
#include "kernel/frames.h"

#include <stdbool.h>
#include <stddef.h>

#include "drydock/kernel_api.h"
#include "kernel/exit.h"
#include "kernel/memory.h"

enum {
    FRAME_SIZE = 4096,
    PATTERN = 0xA5
};

struct free_frame {
    struct free_frame *next;
};

/* The range is first..limit; from fresh on it was never used. */
static uint64_t first, fresh, limit;
static struct free_frame *free_list;
static uint64_t in_use;
static uint32_t allowed;

void kframes_init(uint64_t base, uint64_t end)
{
    first = base;
    fresh = base;
    limit = end;
    free_list = NULL;
    in_use = 0;
    allowed = KFRAMES_NO_LIMIT;
}

void kframes_limit(uint32_t count)
{
    allowed = count;
}

uint64_t kframes_in_use(void)
{
    return in_use;
}

static bool is_ours(dd_paddr frame)
{
    return frame.raw >= first && frame.raw < fresh && dd_is_aligned(frame.raw, FRAME_SIZE);
}

enum dd_status dd_kernel_frame_alloc(dd_paddr *frame)
{
    uint64_t address;

    if (allowed == 0 || (free_list == NULL && fresh == limit)) {
        return DD_ENOMEM;
    }
    if (allowed != KFRAMES_NO_LIMIT) {
        allowed--;
    }
    if (free_list != NULL) {
        address = (uint64_t)free_list;
        free_list = free_list->next;
    } else {
        address = fresh;
        fresh += FRAME_SIZE;
    }
    in_use++;
    memset((void *)address, PATTERN, FRAME_SIZE);
    *frame = dd_paddr_from(address);
    return DD_OK;
}

void dd_kernel_frame_free(dd_paddr frame)
{
    struct free_frame *freed = (struct free_frame *)frame.raw;

    if (!is_ours(frame) || in_use == 0) {
        kfail("a frame was freed that was never handed out");
    }
    freed->next = free_list;
    free_list = freed;
    in_use--;
}

void *dd_kernel_frame_pointer(dd_paddr frame)
{
    return is_ours(frame) ? (void *)frame.raw : NULL;
}
