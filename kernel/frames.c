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

#include "kernel/exit.h"

enum {
    FRAME_SIZE = 4096
};

/* As an entry of a page table it is present, and reserved bits are set. */
#define PATTERN UINT64_C(0xA5A5A5A5B5A5A5A5)

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

/* By words: emulated processors take as long for a byte, and most of what a boot writes is this. */
static void fill(uint64_t frame)
{
    uint64_t *words = (uint64_t *)frame;

    for (unsigned int i = 0; i < FRAME_SIZE / sizeof *words; i++) {
        words[i] = PATTERN;
    }
}

static bool is_ours(dd_paddr frame)
{
    return frame.raw >= first && frame.raw < fresh && dd_is_aligned(frame.raw, FRAME_SIZE);
}

enum dd_status kframe_alloc(void *context, dd_paddr *frame)
{
    uint64_t address;

    (void)context;
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
    fill(address);
    *frame = dd_paddr_from(address);
    return DD_OK;
}

void kframe_free(void *context, dd_paddr frame)
{
    struct free_frame *freed = (struct free_frame *)frame.raw;

    (void)context;
    if (!is_ours(frame) || in_use == 0) {
        kfail("a frame was freed that was never handed out");
    }
    freed->next = free_list;
    free_list = freed;
    in_use--;
}

void *kframe_pointer(dd_paddr frame)
{
    return is_ours(frame) ? (void *)frame.raw : NULL;
}

static void *table_pointer(void *context, dd_paddr frame, struct dd_paging_place place)
{
    (void)context;
    (void)place;
    return kframe_pointer(frame);
}

const struct dd_paging_memory kframes_memory = {
    .alloc = kframe_alloc,
    .free = kframe_free,
    .pointer = table_pointer,
    .frames = DD_PAGING_FRAMES_UNDEFINED,
};
