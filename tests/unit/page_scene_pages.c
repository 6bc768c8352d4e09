/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about single pages: what they should do. */
#include "drydock/paging_cursor.h"
#include "drydock/paging_split.h"
#include "tests/unit/page_scene.h"
#include "tests/unit/page_world.h"

static unsigned int level_of(enum dd_page_size size)
{
    return size == DD_PAGE_4K ? 1 : size == DD_PAGE_2M ? 2 : 3;
}

/* What is at the place of a page. */
struct place {
    uint64_t key;
    unsigned int level;
    struct interval *interval; /* that the page would be in, or NULL */
    bool has_table;            /* where the page would be */
    unsigned int rights;       /* that the tables on the way grant */
};

static struct place find_place(const struct ask *ask)
{
    struct place place = {.key = scene_key(ask), .level = level_of(ask->size)};

    place.interval = page_map_at(&scene.map, place.key);
    place.has_table =
        place.level > 1 && page_map_table(&scene.map, place.key, place.level - 1) != NULL;
    place.rights = page_map_run(&scene.map, place.key, place.key).rights;
    if (place.has_table) {
        place.interval = NULL;
    }
    return place;
}

/* An interval that stands at the very place is of the same level. */
static bool is_larger(const struct place *place)
{
    return place->interval != NULL && place->interval->level > place->level;
}

static bool is_page(const struct place *place)
{
    return place->interval != NULL && place->interval->kind == INTERVAL_PAGES;
}

static uint64_t last_of(const struct place *place)
{
    return place->key + entry_bytes(place->level) - 1;
}

/* Add tables for an entry that is new; DD_ENOMEM if there are not enough frames. */
static enum dd_status add_tables(const struct place *place)
{
    struct page_map *map = &scene.map;
    unsigned int missing = 0;

    for (unsigned int level = place->level; level < map->format.levels; level++) {
        missing += page_map_table(map, place->key, level) == NULL;
    }
    if (missing > world_available()) {
        return DD_ENOMEM;
    }
    page_map_add_tables(map, place->key, place->level);
    return DD_OK;
}

/* ---- Mapping ---- */

static enum dd_status predict_map(const struct ask *ask)
{
    enum dd_status status = scene_check_flags(ask->flags);
    struct place place;

    if (status == DD_OK) {
        status = scene_check_page(ask, false);
    }
    if (status == DD_OK) {
        status = scene_check_physical(ask, (uint64_t)ask->size, (uint64_t)ask->size);
    }
    if (status != DD_OK) {
        return status;
    }
    place = find_place(ask);
    if (place.has_table || (is_larger(&place) && is_page(&place))) {
        return DD_EPAGESIZE;
    }
    if (place.interval != NULL) {
        return DD_EEXIST;
    }
    if ((ask->flags & DD_MAP_RIGHTS & ~place.rights) != 0) {
        return DD_ENOTSUP;
    }
    status = add_tables(&place);
    if (status == DD_OK) {
        page_map_add(&scene.map,
                     (struct interval){place.key, last_of(&place), place.level, INTERVAL_PAGES,
                                       ask->paddr, page_map_flags(&scene.map, ask->flags)});
    }
    return status;
}

static enum dd_status perform_map(const struct ask *ask)
{
    return dd_paging_map_page(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr),
                              dd_paddr_from(ask->paddr), ask->size, ask->flags);
}

/* A row of pages, as long as they can be mapped; the status is that of the first one that cannot. */
static struct ask page_of_row(const struct ask *ask, uint64_t i)
{
    struct ask page = *ask;

    page.size = DD_PAGE_4K;
    page.vaddr += i * DD_PAGE_4K;
    page.paddr += i * DD_PAGE_4K;
    page.flags ^= ask->value % 8 == i ? DD_MAP_WRITE : 0;
    return page;
}

static uint64_t length_of_row(const struct ask *ask)
{
    return 1 + ask->value % 13;
}

static enum dd_status predict_row(const struct ask *ask)
{
    enum dd_status status = DD_OK;
    unsigned int in_use = world.frames_in_use;
    unsigned int allowed = world.allocations_left;
    size_t before = scene.map.table_count;

    for (uint64_t i = 0; status == DD_OK && i < length_of_row(ask); i++) {
        struct ask page = page_of_row(ask, i);
        unsigned int added = (unsigned int)(scene.map.table_count - before);

        world.frames_in_use = in_use + added;
        world.allocations_left = allowed - added;
        status = predict_map(&page);
    }
    world.frames_in_use = in_use;
    world.allocations_left = allowed;
    return status;
}

static enum dd_status perform_row(const struct ask *ask)
{
    struct dd_paging_cursor cursor;
    enum dd_status status = DD_OK;

    dd_paging_cursor_init(&cursor, &scene.spaces[ask->space]);
    for (uint64_t i = 0; status == DD_OK && i < length_of_row(ask); i++) {
        struct ask page = page_of_row(ask, i);

        status = dd_paging_cursor_map(&cursor, dd_vaddr_from(page.vaddr), dd_paddr_from(page.paddr),
                                      page.flags);
    }
    return status;
}

/* ---- Unmapping ---- */

static struct dd_paging_entry expected_entry;

/* Empty the place; what was there is what the call has to hand out. */
static void empty(const struct ask *ask, const struct place *place)
{
    expected_entry.raw = page_map_raw(&scene.map, place->interval, place->key);
    expected_entry.level = place->level;
    scene_stale_pages(ask, place->key, last_of(place));
    page_map_remove(&scene.map, place->key, last_of(place));
    for (unsigned int level = place->level; level < scene.map.format.levels; level++) {
        struct table *table = page_map_table(&scene.map, place->key, level);

        if (!page_map_is_idle(&scene.map, table)) {
            break;
        }
        scene_drop_table(ask, table);
    }
}

static enum dd_status predict_unmap(const struct ask *ask)
{
    enum dd_status status = scene_check_page(ask, true);
    struct place place;

    if (status != DD_OK) {
        return status;
    }
    place = find_place(ask);
    if (place.has_table || (is_larger(&place) && is_page(&place))) {
        return DD_EPAGESIZE;
    }
    if (!is_page(&place)) {
        return DD_ENOTMAPPED;
    }
    empty(ask, &place);
    return DD_OK;
}

static enum dd_status predict_clear(const struct ask *ask)
{
    enum dd_status status = scene_check_page(ask, true);
    struct place place;

    if (status != DD_OK) {
        return status;
    }
    place = find_place(ask);
    if (place.has_table || is_larger(&place)) {
        return DD_EPAGESIZE;
    }
    if (place.interval == NULL) {
        return DD_ENOTMAPPED;
    }
    empty(ask, &place);
    return DD_OK;
}

typedef enum dd_status emptying(const struct dd_address_space *space, dd_vaddr vaddr,
                                enum dd_page_size size, struct dd_tlb_pending *pending,
                                struct dd_paging_entry *was);

static enum dd_status perform_emptying(emptying *function, const struct ask *ask)
{
    struct dd_paging_entry was = {.raw = 0xDEAD, .level = 77};
    enum dd_status status = function(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr),
                                     ask->size, scene_pending(ask), &was);

    if (status == DD_OK ? was.raw != expected_entry.raw || was.level != expected_entry.level
                        : was.raw != 0xDEAD || was.level != 77) {
        world_complain("what was there is handed out wrongly");
    }
    return status;
}

static enum dd_status perform_unmap(const struct ask *ask)
{
    return perform_emptying(dd_paging_unmap_page, ask);
}

static enum dd_status perform_clear(const struct ask *ask)
{
    return perform_emptying(dd_paging_clear, ask);
}

/* ---- Changing ---- */

static enum dd_status predict_protect(const struct ask *ask)
{
    enum dd_status status = scene_check_flags(ask->mask);
    unsigned int asked = ask->flags & ask->mask;
    struct place place;

    if (status == DD_OK) {
        status = scene_check_page(ask, true);
    }
    if (status != DD_OK) {
        return status;
    }
    place = find_place(ask);
    if (place.has_table || (is_larger(&place) && is_page(&place))) {
        return DD_EPAGESIZE;
    }
    if (!is_page(&place)) {
        return DD_ENOTMAPPED;
    }
    if ((asked & DD_MAP_RIGHTS & ~place.rights) != 0) {
        return DD_ENOTSUP;
    }
    scene_stale_pages(ask, place.key, last_of(&place));
    page_map_cut(&scene.map, place.key);
    page_map_cut(&scene.map, last_of(&place) + 1);
    place.interval = page_map_at(&scene.map, place.key);
    place.interval->flags =
        page_map_flags(&scene.map, (place.interval->flags & ~ask->mask) | asked);
    return DD_OK;
}

static enum dd_status perform_protect(const struct ask *ask)
{
    return dd_paging_protect_page(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr), ask->size,
                                  (struct dd_paging_change){ask->mask, ask->flags},
                                  scene_pending(ask));
}

static enum dd_status predict_software(const struct ask *ask)
{
    enum dd_status status = ask->value == 0 || (ask->value & 1) != 0 ? DD_EARG : DD_OK;
    struct place place;

    if (status == DD_OK) {
        status = scene_check_page(ask, true);
    }
    if (status != DD_OK) {
        return status;
    }
    place = find_place(ask);
    if (place.has_table || is_larger(&place)) {
        return DD_EPAGESIZE;
    }
    status = add_tables(&place);
    if (status == DD_OK) {
        scene_stale_pages(ask, place.key, last_of(&place));
        page_map_remove(&scene.map, place.key, last_of(&place));
        page_map_add(&scene.map, (struct interval){place.key, last_of(&place), place.level,
                                                   INTERVAL_SOFTWARE, ask->value, 0});
    }
    return status;
}

static enum dd_status perform_software(const struct ask *ask)
{
    return dd_paging_set_software(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr), ask->size,
                                  ask->value, scene_pending(ask));
}

static enum dd_status predict_split(const struct ask *ask)
{
    enum dd_status status = ask->size == DD_PAGE_4K ? DD_EARG : scene_check_page(ask, true);
    struct place place;

    if (status != DD_OK) {
        return status;
    }
    place = find_place(ask);
    if (!place.has_table && !is_page(&place)) {
        return DD_ENOTMAPPED;
    }
    if (place.has_table || is_larger(&place)) {
        return DD_EPAGESIZE;
    }
    if (world_available() == 0) {
        return DD_ENOMEM;
    }
    scene_stale_pages(ask, place.key, last_of(&place));
    page_map_split(&scene.map, place.key);
    return DD_OK;
}

static enum dd_status perform_split(const struct ask *ask)
{
    return dd_paging_split(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr), ask->size,
                           scene_pending(ask));
}

/* ---- Merging ---- */

static const unsigned int history = DD_MAP_ACCESSED | DD_MAP_DIRTY;

/* The page that the pages of a table are together, or why they are none. */
static enum dd_status join(const struct place *place, struct interval *joined)
{
    struct page_map *map = &scene.map;
    uint64_t bytes = entry_bytes(place->level - 1);

    for (uint64_t at = place->key; at <= last_of(place); at += bytes) {
        const struct interval *page = page_map_at(map, at);

        if (place->level == 3 && page_map_table(map, at, 1) != NULL) {
            return DD_EPAGESIZE;
        }
        if (page == NULL || page->kind != INTERVAL_PAGES) {
            return DD_ENOTMAPPED;
        }
        if (at == place->key) {
            *joined = *page;
            joined->value += at - page->first;
        }
        if (page->value + (at - page->first) != joined->value + (at - place->key) ||
            ((page->flags ^ joined->flags) & ~history) != 0) {
            return DD_EMIXED;
        }
        joined->flags |= page->flags & history;
    }
    joined->first = place->key;
    joined->last = last_of(place);
    joined->level = place->level;
    return joined->value % entry_bytes(place->level) == 0 ? DD_OK : DD_EALIGN;
}

static enum dd_status predict_merge(const struct ask *ask)
{
    enum dd_status status = ask->size == DD_PAGE_4K ? DD_EARG : scene_check_page(ask, true);
    struct interval joined = {0};
    struct table *table = NULL;
    struct place place;

    if (status != DD_OK) {
        return status;
    }
    place = find_place(ask);
    if (!place.has_table) {
        return is_page(&place) ? DD_EPAGESIZE : DD_ENOTMAPPED;
    }
    status = join(&place, &joined);
    if (status == DD_OK) {
        table = page_map_table(&scene.map, place.key, place.level - 1);
        joined.flags = page_map_flags(&scene.map, joined.flags & (table->rights | ~DD_MAP_RIGHTS));
        if (!scene.spaces[ask->space].exclusive) {
            joined.flags |=
                DD_MAP_ACCESSED | ((joined.flags & DD_MAP_WRITE) != 0 ? DD_MAP_DIRTY : 0u);
        }
        scene_stale_pages(ask, place.key, last_of(&place));
        page_map_remove(&scene.map, place.key, last_of(&place));
        page_map_add(&scene.map, joined);
        scene_drop_table(ask, table);
    }
    return status;
}

static enum dd_status perform_merge(const struct ask *ask)
{
    return dd_paging_merge(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr), ask->size,
                           scene_pending(ask));
}

const struct call page_calls[] = {
    {"map_page", 20, false, false, predict_map, perform_map},
    {"cursor_map", 6, false, false, predict_row, perform_row},
    {"unmap_page", 12, false, false, predict_unmap, perform_unmap},
    {"clear", 6, false, false, predict_clear, perform_clear},
    {"protect_page", 10, false, false, predict_protect, perform_protect},
    {"set_software", 6, false, false, predict_software, perform_software},
    {"split", 10, false, false, predict_split, perform_split},
    {"merge", 12, false, true, predict_merge, perform_merge},
    {.name = NULL},
};
