/* SPDX-License-Identifier: MIT */
/*
 * Many addresses at once. Their walks go down together, level by level: while
 * one waits for an entry that is in no cache, the others are under way too.
 * What is not usual (paging_quick.h) stays behind, and is walked by itself.
 */
#include <stddef.h>

#include "paging_frames.h"
#include "paging_quick.h"

enum {
    SIDE_BY_SIDE = 32 /* walks at once: more than a core keeps cache misses going */
};

/* What all walks of a call have in common. */
struct common {
    const struct dd_address_space *space;
    volatile uint64_t *root;
    uint64_t usual; /* bits of which only P may be 1 in an ordinary table's entry */
};

/* Walks side by side. */
struct walks {
    volatile uint64_t *slots[SIDE_BY_SIDE]; /* NULL: left behind */
    uint64_t all[SIDE_BY_SIDE];             /* of the entries above */
    uint64_t any[SIDE_BY_SIDE];
    unsigned int count;
};

static void start(struct walks *walks, const struct common *common, const dd_vaddr *vaddrs)
{
    const struct dd_paging_format *format = &common->space->format;
    unsigned int width = dd_paging_linear_width(format);

    for (unsigned int i = 0; i < walks->count; i++) {
        walks->slots[i] = dd_vaddr_is_canonical(vaddrs[i], width)
                              ? common->root + dd_table_index(vaddrs[i], format->levels)
                              : NULL;
        walks->all[i] = ~UINT64_C(0);
        walks->any[i] = 0;
    }
}

/* One step of each walk, from the tables of a level to those below. */
static void step(struct walks *walks, const struct common *common, const dd_vaddr *vaddrs,
                 unsigned int level)
{
    uint64_t window = common->space->memory->window.raw;
    uint64_t window_bytes = common->space->memory->window_bytes;

    for (unsigned int i = 0; i < walks->count; i++) {
        uint64_t entry = walks->slots[i] == NULL ? 0 : *walks->slots[i];
        uint64_t frame = entry & DD_BITS(DD_PDE_ADDRESS);

        if ((entry & common->usual) != DD_BITS(DD_PDE_P) || frame >= window_bytes) {
            walks->slots[i] = NULL;
            continue;
        }
        walks->slots[i] =
            (volatile uint64_t *)(uintptr_t)(window + frame) + dd_table_index(vaddrs[i], level - 1);
        DD_PREFETCH(walks->slots[i]);
        walks->all[i] &= entry;
        walks->any[i] |= entry;
    }
}

static struct common common_of(const struct dd_address_space *space)
{
    return (struct common){space, dd_paging_root_table(space),
                           dd_paging_usual_bits(&space->format)};
}

static unsigned int as_many_as_go(size_t count)
{
    return count < SIDE_BY_SIDE ? (unsigned int)count : SIDE_BY_SIDE;
}

/* Walk to the tables of a level for the first of some addresses: as many as go side by side. */
static void walk(struct walks *walks, const struct common *common, const dd_vaddr *vaddrs,
                 size_t count, unsigned int lowest)
{
    walks->count = as_many_as_go(count);
    start(walks, common, vaddrs);
    for (unsigned int level = common->space->format.levels; level > lowest; level--) {
        step(walks, common, vaddrs, level);
    }
}

/* Whether walks can go side by side. */
static bool is_usual(const struct dd_address_space *space)
{
    return dd_paging_is_usual(space) && dd_paging_root_table(space) != NULL;
}

static void translate(const struct walks *walks, const struct dd_address_space *space,
                      const dd_vaddr *vaddrs, struct dd_translation_result *results)
{
    for (unsigned int i = 0; i < walks->count; i++) {
        struct dd_paging_path path = {walks->slots[i] == NULL ? 0 : *walks->slots[i], walks->all[i],
                                      walks->any[i]};

        results[i].status =
            dd_paging_quick_page(&space->format, vaddrs[i], path, &results[i].translation)
                ? DD_OK
                : dd_paging_translate(space, vaddrs[i], &results[i].translation);
    }
}

void dd_paging_translate_many(const struct dd_address_space *space, const dd_vaddr *vaddrs,
                              size_t count, struct dd_translation_result *results)
{
    struct dd_address_space silent = *space;
    struct common common = common_of(space);
    struct walks walks;

    silent.error = NULL;
    for (size_t done = 0; done < count; done += walks.count) {
        if (is_usual(space)) {
            walk(&walks, &common, vaddrs + done, count - done, 1);
            translate(&walks, &silent, vaddrs + done, results + done);
        } else {
            walks.count = 1;
            results[done].status =
                dd_paging_translate(&silent, vaddrs[done], &results[done].translation);
        }
    }
}

void dd_paging_prefetch(const struct dd_address_space *space, const dd_vaddr *vaddrs, size_t count)
{
    struct common common = common_of(space);
    struct walks walks;

    for (size_t done = 0; is_usual(space) && done < count; done += walks.count) {
        walk(&walks, &common, vaddrs + done, count - done, 1);
    }
}

/* ---- Mapping ---- */

/* Link an empty page table for a page that can be mapped, if that is all that is missing. */
static void make_page_table(const struct dd_address_space *space,
                            const struct dd_paging_mapping *mapping, unsigned int flags)
{
    struct dd_paging_quick quick;
    dd_paddr frame = {0};

    if (!dd_paging_quick_allows(space, mapping->vaddr, mapping->paddr, flags) ||
        !dd_paging_quick_walk(space, mapping->vaddr, &quick) || quick.level != 2 ||
        quick.entry != 0 || !dd_paging_quick_grants(&quick, flags) ||
        dd_paging_frame_alloc(space->memory, &frame) != DD_OK) {
        return;
    }
    dd_paging_frame_clear(space->memory, dd_paging_memory_unlinked(space->memory, frame),
                          DD_TABLE_ENTRIES);
    *quick.slot = dd_paging_entry_for_table(&space->format, frame);
}

/* Walk to where pages go, and make what is missing of the last step. */
static void reach(const struct common *common, const struct dd_paging_mapping *mappings,
                  unsigned int count, unsigned int flags)
{
    dd_vaddr vaddrs[SIDE_BY_SIDE] = {{0}};
    struct walks walks;

    for (unsigned int i = 0; i < count; i++) {
        vaddrs[i] = mappings[i].vaddr;
    }
    walk(&walks, common, vaddrs, count, 2);
    for (unsigned int i = 0; i < count; i++) {
        if (walks.slots[i] != NULL && *walks.slots[i] == 0) {
            make_page_table(common->space, &mappings[i], flags);
        }
    }
    step(&walks, common, vaddrs, 2);
}

size_t dd_paging_map_many(const struct dd_address_space *space, struct dd_paging_mapping *mappings,
                          size_t count, unsigned int flags)
{
    struct dd_address_space silent = *space;
    struct common common = common_of(space);
    size_t mapped = 0;

    silent.error = NULL;
    for (size_t i = 0; i < count; i++) {
        if (is_usual(space) && i % SIDE_BY_SIDE == 0) {
            reach(&common, mappings + i, as_many_as_go(count - i), flags);
        }
        mappings[i].status =
            dd_paging_map_page(&silent, mappings[i].vaddr, mappings[i].paddr, DD_PAGE_4K, flags);
        mapped += mappings[i].status == DD_OK;
    }
    return mapped;
}
