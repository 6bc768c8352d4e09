/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames of the simulated machine's RAM for the library under test.
 *
 * A byte for each frame says whether it is handed out, so that a double free or
 * the free of a foreign frame ends the claim at once. Contents are poisoned
 * both ways: code that relies on zeros, or reads a freed table, is found out.
 */
#include "tests/claims/host/frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/claims/world.h"

enum {
    FRAME = 4096,
    FRESH = 0xA5,
    FREED = 0xDE
};

static struct sim_machine *machine;
static uint64_t first;
static uint64_t frame_count;
static unsigned char *handed_out; /* one for each frame */
static uint64_t in_use;
static uint32_t limit;

int host_frames_open(struct sim_machine *of, uint64_t base, uint64_t end)
{
    machine = of;
    first = base;
    frame_count = (end - base) / FRAME;
    in_use = 0;
    limit = UINT32_MAX;
    handed_out = calloc(frame_count, 1);
    return handed_out == NULL ? -1 : 0;
}

void host_frames_close(void)
{
    free(handed_out);
    handed_out = NULL;
}

enum dd_status world_frame_alloc(dd_paddr *frame)
{
    const unsigned char *found = memchr(handed_out, 0, frame_count);
    uint64_t index = 0;

    if (limit == 0 || found == NULL) {
        return DD_ENOMEM;
    }
    if (limit != UINT32_MAX) {
        limit--;
    }
    index = (uint64_t)(found - handed_out);
    handed_out[index] = 1;
    in_use++;
    *frame = dd_paddr_from(first + index * FRAME);
    memset(world_frame_pointer(*frame), FRESH, FRAME);
    return DD_OK;
}

void world_frame_free(dd_paddr frame)
{
    uint64_t index = (frame.raw - first) / FRAME;

    if (frame.raw < first || frame.raw % FRAME != 0 || index >= frame_count || !handed_out[index]) {
        (void)fprintf(stderr, "frame 0x%llx was freed but is not handed out\n",
                      (unsigned long long)frame.raw);
        abort();
    }
    handed_out[index] = 0;
    in_use--;
    memset(world_frame_pointer(frame), FREED, FRAME);
}

void *world_frame_pointer(dd_paddr frame)
{
    return sim_machine_ram(machine, frame.raw, FRAME);
}

static enum dd_status alloc_table(void *context, dd_paddr *frame)
{
    (void)context;
    return world_frame_alloc(frame);
}

static void free_table(void *context, dd_paddr frame)
{
    (void)context;
    world_frame_free(frame);
}

static void *table_pointer(void *context, dd_paddr frame, struct dd_paging_place place)
{
    (void)context;
    (void)place;
    return world_frame_pointer(frame);
}

const struct dd_paging_memory *world_memory(void)
{
    static const struct dd_paging_memory memory = {
        .alloc = alloc_table, .free = free_table, .pointer = table_pointer};

    return &memory;
}

void world_limit_frames(uint32_t count)
{
    limit = count;
}

uint64_t world_frames_in_use(void)
{
    return in_use;
}
