/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about ranges: what they should do. A range is judged run by run, upwards. */
#include "tests/unit/page_scene.h"
#include "tests/unit/page_world.h"

/* The key of an address's place in a range, and the last key that has the same owner. */
static uint64_t last_of_owner(const struct ask *ask, uint64_t address, uint64_t last)
{
    unsigned int top = scene.map.format.levels;
    uint64_t here = address | (entry_bytes(top) - 1);

    return page_map_key(&scene.map, ask->space, here < last ? here : last);
}

/* Do something with each run of a range until it fails. */
typedef enum dd_status visitor(const struct ask *ask, const struct page_run *run);

static enum dd_status for_each_run(const struct ask *ask, visitor *visit)
{
    uint64_t last = ask->vaddr + ask->length - 1;

    for (uint64_t at = ask->vaddr;;) {
        struct page_run run = page_map_run(&scene.map, page_map_key(&scene.map, ask->space, at),
                                           last_of_owner(ask, at, last));
        uint64_t end = at + (run.last - run.first);
        enum dd_status status = visit(ask, &run);

        if (status != DD_OK || end == last) {
            return status;
        }
        at = end + 1;
    }
}

/* ---- Mapping ---- */

static unsigned int frames_needed;

static enum dd_status judge_hole(const struct ask *ask, const struct page_run *run)
{
    if (page_map_is_used(&scene.map, run->first, run->last)) {
        return DD_EEXIST;
    }
    return (ask->flags & DD_MAP_RIGHTS & ~run->rights) != 0 ? DD_ENOTSUP : DD_OK;
}

static uint64_t physical_of(const struct ask *ask, uint64_t key)
{
    return ask->paddr + (page_map_address(&scene.map, key) - ask->vaddr);
}

static bool can_be_large(const struct ask *ask, unsigned int level)
{
    return level <= (scene.map.format.pages_1g ? 3 : 2) &&
           (ask->paddr - ask->vaddr) % entry_bytes(level) == 0;
}

static void fill(const struct ask *ask, unsigned int level, uint64_t first, uint64_t last);

/* One entry of a level, of which the range has first to last. */
static void fill_entry(const struct ask *ask, unsigned int level, uint64_t first, uint64_t last)
{
    if (frames_needed > world_available()) {
        return;
    }
    frames_needed++;
    if (frames_needed <= world_available()) {
        page_map_add_tables(&scene.map, first, level - 1);
    }
    fill(ask, level - 1, first, last);
}

static void add_pages(const struct ask *ask, unsigned int level, uint64_t first, uint64_t last)
{
    page_map_add(&scene.map,
                 (struct interval){first, last, level, INTERVAL_PAGES, physical_of(ask, first),
                                   page_map_flags(&scene.map, ask->flags)});
}

/* Entries of one table: those the range has a part of, and those it has all of. */
static void fill(const struct ask *ask, unsigned int level, uint64_t first, uint64_t last)
{
    uint64_t mask = entry_bytes(level) - 1;

    while (first <= last && frames_needed <= world_available()) {
        uint64_t end = (first | mask) < last ? first | mask : last;

        if (can_be_large(ask, level) && (first & mask) == 0 && (end & mask) == mask) {
            end = ((last + 1) & ~mask) - 1;
            add_pages(ask, level, first, end);
        } else if (level == 1) {
            add_pages(ask, level, first, end);
        } else {
            fill_entry(ask, level, first, end);
        }
        first = end + 1;
    }
}

static enum dd_status fill_run(const struct ask *ask, const struct page_run *run)
{
    fill(ask, run->level, run->first, run->last);
    return DD_OK;
}

static enum dd_status predict_map_range(const struct ask *ask)
{
    static struct page_map before;
    enum dd_status status = scene_check_flags(ask->flags);

    if (status == DD_OK) {
        status = scene_check_range(ask, false);
    }
    if (status == DD_OK) {
        status = scene_check_physical(ask, ask->length, DD_PAGE_4K);
    }
    if (status == DD_OK) {
        status = for_each_run(ask, judge_hole);
    }
    if (status != DD_OK) {
        return status;
    }
    before = scene.map;
    frames_needed = 0;
    status = for_each_run(ask, fill_run);
    if (frames_needed > world_available()) {
        scene.map = before;
        return DD_ENOMEM;
    }
    return status;
}

static enum dd_status perform_map_range(const struct ask *ask)
{
    return dd_paging_map_range(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr),
                               dd_paddr_from(ask->paddr), ask->length, ask->flags);
}

static struct ask identity_of(const struct ask *ask)
{
    struct ask identity = *ask;

    identity.vaddr = ask->paddr;
    return identity;
}

static enum dd_status predict_identity(const struct ask *ask)
{
    struct ask identity = identity_of(ask);

    return predict_map_range(&identity);
}

static enum dd_status perform_identity(const struct ask *ask)
{
    return dd_paging_map_identity(&scene.spaces[ask->space], dd_paddr_from(ask->paddr), ask->length,
                                  ask->flags);
}

/* ---- Changing ---- */

static enum dd_status judge_partly(const struct ask *ask, const struct page_run *run)
{
    const struct interval *entry = page_map_at(&scene.map, run->first);
    bool is_partly =
        entry != NULL && run->level > 1 && run->last - run->first != entry_bytes(run->level) - 1;

    return is_partly && (ask->partly == DD_PARTLY_REFUSE || entry->kind == INTERVAL_SOFTWARE)
               ? DD_EPAGESIZE
               : DD_OK;
}

static enum dd_status judge_pages(const struct ask *ask, const struct page_run *run)
{
    for (uint64_t at = run->first; at <= run->last;) {
        const struct interval *page = page_map_at(&scene.map, at);

        if (page == NULL || page->kind != INTERVAL_PAGES) {
            return DD_ENOTMAPPED;
        }
        at = page->last + 1;
    }
    return judge_partly(ask, run);
}

static enum dd_status judge_protection(const struct ask *ask, const struct page_run *run)
{
    enum dd_status status = judge_pages(ask, run);

    if (status == DD_OK && (ask->flags & ask->mask & DD_MAP_RIGHTS & ~run->rights) != 0) {
        status = DD_ENOTSUP;
    }
    return status;
}

/* Split the page that a range's end is inside of, until it is at the end of one. */
static void split_at(const struct ask *ask, uint64_t key)
{
    for (;;) {
        const struct interval *page = page_map_at(&scene.map, key);
        uint64_t first = 0;

        if (page == NULL || page->kind != INTERVAL_PAGES) {
            return;
        }
        first = key & ~(entry_bytes(page->level) - 1);
        if (first == key) {
            return;
        }
        scene_stale_pages(ask, first, first + entry_bytes(page->level) - 1);
        page_map_split(&scene.map, key);
    }
}

/* Make the ends of a range ends of pages. */
static enum dd_status split_ends(const struct ask *ask)
{
    static struct page_map before;
    size_t stale_before = world.stale_count;
    uint64_t last = ask->vaddr + ask->length - 1;

    before = scene.map;
    split_at(ask, page_map_key(&scene.map, ask->space, ask->vaddr));
    split_at(ask, page_map_key(&scene.map, ask->space, last) + 1);
    if (scene.map.table_count - before.table_count > world_available()) {
        scene.map = before;
        world.stale_count = stale_before;
        return DD_ENOMEM;
    }
    return DD_OK;
}

static enum dd_status check_change(const struct ask *ask, visitor *judge)
{
    enum dd_status status = scene_check_range(ask, true);

    if (status == DD_OK) {
        status = for_each_run(ask, judge);
    }
    return status == DD_OK ? split_ends(ask) : status;
}

static enum dd_status protect_run(const struct ask *ask, const struct page_run *run)
{
    struct page_map *map = &scene.map;

    scene_stale_pages(ask, run->first, run->last);
    page_map_cut(map, run->first);
    page_map_cut(map, run->last + 1);
    for (size_t i = page_map_find(map, run->first);
         i < map->interval_count && map->intervals[i].first <= run->last; i++) {
        unsigned int flags = map->intervals[i].flags & ~ask->mask;

        map->intervals[i].flags = page_map_flags(map, flags | (ask->flags & ask->mask));
    }
    return DD_OK;
}

static enum dd_status predict_protect_range(const struct ask *ask)
{
    enum dd_status status = scene_check_flags(ask->mask);

    if (status == DD_OK) {
        status = check_change(ask, judge_protection);
    }
    return status == DD_OK ? for_each_run(ask, protect_run) : status;
}

static enum dd_status perform_protect_range(const struct ask *ask)
{
    struct dd_paging_protection protection = {{ask->mask, ask->flags}, ask->partly};

    return dd_paging_protect_range(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr),
                                   ask->length, protection, scene_pending(ask));
}

/* ---- Unmapping ---- */

static enum dd_status remove_run(const struct ask *ask, const struct page_run *run)
{
    scene_stale_pages(ask, run->first, run->last);
    page_map_remove(&scene.map, run->first, run->last);
    return DD_OK;
}

/* All tables of which the range has a part. */
static enum dd_status drop_tables(const struct ask *ask)
{
    uint64_t last = ask->vaddr + ask->length - 1;

    for (uint64_t at = ask->vaddr;;) {
        uint64_t first = page_map_key(&scene.map, ask->space, at);
        uint64_t end = last_of_owner(ask, at, last);

        scene_drop_idle(ask, first, end);
        at += end - first;
        if (at == last) {
            return DD_OK;
        }
        at++;
    }
}

static enum dd_status predict_emptying(const struct ask *ask, visitor *judge)
{
    enum dd_status status = check_change(ask, judge);

    if (status == DD_OK) {
        status = for_each_run(ask, remove_run);
    }
    return status == DD_OK ? drop_tables(ask) : status;
}

static enum dd_status predict_unmap_range(const struct ask *ask)
{
    return predict_emptying(ask, judge_pages);
}

static enum dd_status predict_clear_range(const struct ask *ask)
{
    return predict_emptying(ask, judge_partly);
}

static enum dd_status perform_unmap_range(const struct ask *ask)
{
    return dd_paging_unmap_range(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr), ask->length,
                                 ask->partly, scene_pending(ask));
}

static enum dd_status perform_clear_range(const struct ask *ask)
{
    return dd_paging_clear_range(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr), ask->length,
                                 ask->partly, scene_pending(ask));
}

static enum dd_status predict_reclaim(const struct ask *ask)
{
    enum dd_status status = scene_check_range(ask, true);

    return status == DD_OK ? drop_tables(ask) : status;
}

static enum dd_status perform_reclaim(const struct ask *ask)
{
    return dd_paging_reclaim(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr), ask->length,
                             scene_pending(ask));
}

const struct call range_calls[] = {
    {"map_range", 14, true, false, predict_map_range, perform_map_range},
    {"map_identity", 2, true, false, predict_identity, perform_identity},
    {"protect_range", 10, true, false, predict_protect_range, perform_protect_range},
    {"unmap_range", 10, true, false, predict_unmap_range, perform_unmap_range},
    {"clear_range", 8, true, false, predict_clear_range, perform_clear_range},
    {"reclaim", 4, true, false, predict_reclaim, perform_reclaim},
    {.name = NULL},
};
