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

/* Walks side by side, down to some level. */
struct walks {
    /* By level, valid from where the walks are up. NULL: left behind. */
    volatile uint64_t *slots[DD_PAGING_LEVELS_MAX + 1][SIDE_BY_SIDE];
    uint64_t all[SIDE_BY_SIDE]; /* of the entries above */
    uint64_t any[SIDE_BY_SIDE];
    unsigned int count;
};

static void start(struct walks *walks, const struct common *common, const dd_vaddr *vaddrs)
{
    const struct dd_paging_format *format = &common->space->format;
    unsigned int width = dd_paging_linear_width(format);

    for (unsigned int i = 0; i < walks->count; i++) {
        walks->slots[format->levels][i] =
            dd_vaddr_is_canonical(vaddrs[i], width)
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
        volatile uint64_t *slot = walks->slots[level][i];
        uint64_t entry = slot == NULL ? 0 : *slot;
        uint64_t frame = entry & DD_BITS(DD_PDE_ADDRESS);

        if ((entry & common->usual) != DD_BITS(DD_PDE_P) || frame >= window_bytes) {
            walks->slots[level - 1][i] = NULL;
            continue;
        }
        slot =
            (volatile uint64_t *)(uintptr_t)(window + frame) + dd_table_index(vaddrs[i], level - 1);
        DD_PREFETCH(slot);
        walks->slots[level - 1][i] = slot;
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
        volatile uint64_t *slot = walks->slots[1][i];
        struct dd_paging_path path = {slot == NULL ? 0 : *slot, walks->all[i], walks->any[i]};

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

/* Pages that are mapped with the same flags, and the walks to them. */
struct mappings {
    const struct common *common;
    struct dd_paging_mapping *list;
    unsigned int flags;
    struct walks *walks;
};

static bool are_in_one_table(const volatile uint64_t *one, const volatile uint64_t *other)
{
    return ((uintptr_t)one ^ (uintptr_t)other) < DD_PAGE_4K;
}

/* Whether the table of a level is its own ancestor: that is not usual. */
static bool is_own_ancestor(const struct mappings *mappings, unsigned int i, unsigned int level)
{
    const struct walks *walks = mappings->walks;

    for (unsigned int above = mappings->common->space->format.levels; above > level; above--) {
        if (are_in_one_table(walks->slots[level][i], walks->slots[above][i])) {
            return true;
        }
    }
    return false;
}

/* Whether walk i has come to an empty entry of a level, in the usual way, where a page may go. */
static bool is_free(const struct mappings *mappings, unsigned int i, unsigned int level)
{
    const struct walks *walks = mappings->walks;
    const volatile uint64_t *slot = walks->slots[level][i];
    unsigned int rights = 0;

    if (slot == NULL || *slot != 0 || is_own_ancestor(mappings, i, level)) {
        return false;
    }
    rights = dd_paging_path_rights(walks->all[i], walks->any[i]);
    return (mappings->flags & DD_MAP_RIGHTS & ~rights) == 0;
}

/* Whether a page can be had, as far as its arguments and the tables above the last say. */
static bool is_usual_page(const struct mappings *mappings, unsigned int i)
{
    const struct dd_paging_mapping *mapping = &mappings->list[i];

    for (unsigned int level = mappings->common->space->format.levels - 1; level > 2; level--) {
        if (is_own_ancestor(mappings, i, level)) {
            return false;
        }
    }
    return dd_paging_quick_allows(mappings->common->space, mapping->vaddr, mapping->paddr,
                                  mappings->flags);
}

/* Walk to the page directories. */
static void approach(struct mappings *mappings, dd_vaddr *vaddrs, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        vaddrs[i] = mappings->list[i].vaddr;
    }
    walk(mappings->walks, mappings->common, vaddrs, count, 2);
    for (unsigned int i = 0; i < count; i++) {
        if (mappings->walks->slots[2][i] != NULL && !is_usual_page(mappings, i)) {
            mappings->walks->slots[2][i] = NULL;
        }
    }
}

/* Link an empty page table where that is all that is missing. */
static void make_page_tables(struct mappings *mappings)
{
    const struct dd_address_space *space = mappings->common->space;

    for (unsigned int i = 0; i < mappings->walks->count; i++) {
        dd_paddr frame = {0};

        if (is_free(mappings, i, 2) && dd_paging_frame_alloc(space->memory, &frame) == DD_OK) {
            dd_paging_frame_clear(space->memory, dd_paging_memory_unlinked(space->memory, frame),
                                  DD_TABLE_ENTRIES);
            *mappings->walks->slots[2][i] = dd_paging_entry_for_table(&space->format, frame);
        }
    }
}

/* Write the entries of the pages; what is not usual is done one by one. */
static size_t write_pages(struct mappings *mappings, const struct dd_address_space *silent)
{
    uint64_t entry = dd_paging_entry_for_page(&silent->format, 1, mappings->flags);
    size_t mapped = 0;

    for (unsigned int i = 0; i < mappings->walks->count; i++) {
        struct dd_paging_mapping *mapping = &mappings->list[i];

        if (is_free(mappings, i, 1)) {
            *mappings->walks->slots[1][i] = entry | mapping->paddr.raw;
            mapping->status = DD_OK;
        } else {
            mapping->status = dd_paging_map_page(silent, mapping->vaddr, mapping->paddr, DD_PAGE_4K,
                                                 mappings->flags);
        }
        mapped += mapping->status == DD_OK;
    }
    return mapped;
}

size_t dd_paging_map_many(const struct dd_address_space *space, struct dd_paging_mapping *mappings,
                          size_t count, unsigned int flags)
{
    struct dd_address_space silent = *space;
    struct common common = common_of(space);
    struct walks walks;
    struct mappings batch = {.common = &common, .flags = flags, .walks = &walks};
    dd_vaddr vaddrs[SIDE_BY_SIDE] = {{0}};
    size_t mapped = 0;

    silent.error = NULL;
    for (size_t done = 0; done < count; done += walks.count) {
        batch.list = mappings + done;
        if (is_usual(space)) {
            approach(&batch, vaddrs, as_many_as_go(count - done));
            make_page_tables(&batch);
            step(&walks, &common, vaddrs, 2);
        } else {
            walks.count = 1;
            walks.slots[1][0] = NULL;
        }
        mapped += write_pages(&batch, &silent);
    }
    return mapped;
}
