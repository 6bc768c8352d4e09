/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The baseline: a walk from the root for each page, as an ordinary mapper does it. */
#include <string.h>

#include "tests/bench/paging_loops.h"

enum {
    ENTRIES = 512,
    PAGE = 4096
};

#define ADDRESS UINT64_C(0x000FFFFFFFFFF000)
#define TABLE   UINT64_C(0x7)
#define LEAF    UINT64_C(0x8000000000000003) /* present, writable, not executable */
#define CHANGED UINT64_C(0x8000000000000001)

static uint64_t *table_at(const struct dd_address_space *space, uint64_t frame)
{
    return (uint64_t *)(uintptr_t)(space->memory->window.raw + frame);
}

static unsigned int index_of(uint64_t vaddr, unsigned int shift)
{
    return (unsigned int)(vaddr >> shift) % ENTRIES;
}

static uint64_t *find(const struct dd_address_space *space, uint64_t vaddr)
{
    uint64_t *table = table_at(space, space->root.raw);

    for (unsigned int shift = 39; shift > 12; shift -= 9) {
        uint64_t entry = table[index_of(vaddr, shift)];

        if ((entry & 0x81) != 1) {
            return NULL;
        }
        table = table_at(space, entry & ADDRESS);
    }
    return &table[index_of(vaddr, 12)];
}

/* Reference a new table; whether there was a frame. */
static bool make_table(const struct dd_paging_memory *memory, uint64_t *slot)
{
    dd_paddr frame = {0};

    if (memory->alloc(memory->allocator, &frame) != DD_OK) {
        return false;
    }
    if (memory->frames != DD_PAGING_FRAMES_ZEROED) {
        memset((void *)(uintptr_t)(memory->window.raw + frame.raw), 0, PAGE);
    }
    *slot = frame.raw | TABLE;
    return true;
}

static uint64_t *find_or_make(const struct dd_address_space *space, uint64_t vaddr)
{
    uint64_t *table = table_at(space, space->root.raw);

    for (unsigned int shift = 39; shift > 12; shift -= 9) {
        uint64_t *slot = &table[index_of(vaddr, shift)];

        if (*slot == 0 ? !make_table(space->memory, slot) : (*slot & 0x81) != 1) {
            return NULL;
        }
        table = table_at(space, *slot & ADDRESS);
    }
    return &table[index_of(vaddr, 12)];
}

static uint64_t vaddr_of(const struct bench_pages *pages, size_t i)
{
    return pages->vaddrs != NULL ? pages->vaddrs[i].raw : pages->first + i * PAGE;
}

bool bench_walk_map(const struct dd_address_space *space, const struct bench_pages *pages)
{
    for (size_t i = 0; i < pages->count; i++) {
        uint64_t *slot = find_or_make(space, vaddr_of(pages, i));

        if (slot == NULL || *slot != 0) {
            return false;
        }
        *slot = (pages->target + i * PAGE) | LEAF;
    }
    return true;
}

bool bench_walk_protect(const struct dd_address_space *space, const struct bench_pages *pages)
{
    for (size_t i = 0; i < pages->count; i++) {
        uint64_t *slot = find(space, vaddr_of(pages, i));

        if (slot == NULL || (*slot & 1) == 0) {
            return false;
        }
        *slot = (*slot & ADDRESS) | CHANGED;
    }
    return true;
}

/* Give back the empty tables below a table; whether it is empty then itself. */
static bool reclaim(const struct dd_address_space *space, uint64_t frame, unsigned int level)
{
    uint64_t *table = table_at(space, frame);
    bool empty = true;

    for (unsigned int i = 0; i < ENTRIES; i++) {
        if (level > 1 && (table[i] & 0x81) == 1 && reclaim(space, table[i] & ADDRESS, level - 1)) {
            space->memory->free(space->memory->allocator, dd_paddr_from(table[i] & ADDRESS));
            table[i] = 0;
        }
        empty = empty && table[i] == 0;
    }
    return empty;
}

bool bench_walk_unmap(const struct dd_address_space *space, const struct bench_pages *pages)
{
    for (size_t i = 0; i < pages->count; i++) {
        uint64_t *slot = find(space, vaddr_of(pages, i));

        if (slot == NULL || (*slot & 1) == 0) {
            return false;
        }
        *slot = 0;
    }
    return reclaim(space, space->root.raw, 4);
}

bool bench_walk_translate(const struct dd_address_space *space, const struct bench_pages *pages)
{
    for (size_t i = 0; i < pages->count; i++) {
        const uint64_t *slot = find(space, vaddr_of(pages, i));

        if (slot == NULL || (*slot & ADDRESS) != pages->target + i * PAGE) {
            return false;
        }
    }
    return true;
}
