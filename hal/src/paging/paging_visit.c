/* SPDX-License-Identifier: MIT */
/*
 * Visits. Entries are numbered by place: the address without its sign extension.
 * Places have no hole, and the one after the last of the address space still is
 * a number. A walk that is at an entry knows the tables above it, so the
 * next entry takes a step up or down only where a table ends or begins.
 * [SDM 3A] 4.5.4.
 */
#include "drydock/paging_visit.h"

#include <stddef.h>

#include "paging_walk.h"

/* Where the visits are. */
struct tour {
    const struct dd_address_space *space;
    uint64_t place;
    unsigned int level;
    uint64_t tables_left;
    /* By level, valid from `level` up. */
    struct {
        volatile uint64_t *table;
        dd_paddr frame;
        unsigned int rights; /* DD_MAP_… that the entries above the table grant */
    } path[DD_PAGING_LEVELS_MAX + 1];
};

static dd_vaddr address_of(const struct tour *tour, uint64_t place)
{
    return dd_vaddr_truncate(place, dd_paging_linear_width(&tour->space->format));
}

/* Whether a frame is that of a table on the path. */
static bool is_ancestor(const struct tour *tour, dd_paddr frame)
{
    for (unsigned int level = tour->level; level <= tour->space->format.levels; level++) {
        if (tour->path[level].frame.raw == frame.raw) {
            return true;
        }
    }
    return false;
}

static volatile uint64_t *table_of(const struct tour *tour, dd_paddr frame, unsigned int level)
{
    return dd_paging_memory_table(tour->space->memory, frame,
                                  (struct dd_paging_place){level, address_of(tour, tour->place)});
}

/* Stand at an entry of the root. */
static enum dd_status start(struct tour *tour, uint64_t place)
{
    unsigned int level = tour->space->format.levels;

    tour->place = place;
    tour->level = level;
    tour->path[level].table = table_of(tour, tour->space->root, level);
    tour->path[level].frame = tour->space->root;
    tour->path[level].rights = DD_MAP_RIGHTS;
    if (tour->path[level].table == NULL) {
        return dd_paging_fail(tour->space, (struct dd_paging_error){.status = DD_EMALFORMED});
    }
    return DD_OK;
}

/* The entry where the tour is. If a table is below it that can be entered, *below is that one. */
static struct dd_paging_visited look(const struct tour *tour, volatile uint64_t **below)
{
    const struct dd_paging_format *format = &tour->space->format;
    unsigned int level = tour->level;
    unsigned int index = dd_table_index(dd_vaddr_from(tour->place), level);
    unsigned int rights = tour->path[level].rights;
    struct dd_paging_visited visited = {
        .first = address_of(tour, dd_align_down(tour->place, dd_table_entry_bytes(level))),
        .last = address_of(tour, dd_paging_entry_last(level, tour->place)),
        .entry = dd_paging_entry_decode(format, level, tour->path[level].table[index]),
    };

    *below = NULL;
    if (visited.entry.state == DD_PAGING_PAGE) {
        visited.flags = visited.entry.flags & (rights | ~DD_MAP_RIGHTS);
    } else if (visited.entry.state == DD_PAGING_MALFORMED) {
        visited.status = DD_EMALFORMED;
    } else if (visited.entry.state == DD_PAGING_TABLE) {
        visited.flags = rights & dd_paging_entry_rights(visited.entry.raw);
        if (is_ancestor(tour, visited.entry.address)) {
            visited.status = DD_ELOOP;
        } else {
            *below = table_of(tour, visited.entry.address, level - 1);
            visited.status = *below == NULL ? DD_EMALFORMED : DD_OK;
        }
    }
    return visited;
}

static void enter(struct tour *tour, const struct dd_paging_visited *visited,
                  volatile uint64_t *table)
{
    tour->level--;
    tour->path[tour->level].table = table;
    tour->path[tour->level].frame = visited->entry.address;
    tour->path[tour->level].rights = visited->flags;
}

/* Go on to the next entry, up to where a table above has it. */
static void advance(struct tour *tour)
{
    tour->place = dd_paging_entry_last(tour->level, tour->place) + 1;
    while (tour->level < tour->space->format.levels &&
           dd_is_aligned(tour->place, dd_table_bytes(tour->level))) {
        tour->level++;
    }
}

/* Visit the entry where the tour is, and go on. */
static enum dd_status visit_one(struct tour *tour, const struct dd_paging_visits *visits)
{
    volatile uint64_t *below = NULL;
    struct dd_paging_visited visited = look(tour, &below);
    enum dd_status status = DD_OK;

    if (visited.entry.state != DD_PAGING_EMPTY) {
        status = visits->visit(visits->context, &visited);
    }
    if (status == DD_OK && below != NULL && tour->tables_left == 0) {
        status =
            dd_paging_fail(tour->space, (struct dd_paging_error){DD_ELOOP, tour->level,
                                                                 visited.first, visited.entry.raw});
    }
    if (status != DD_OK) {
        return status;
    }
    if (below != NULL) {
        tour->tables_left--;
        enter(tour, &visited, below);
    } else {
        advance(tour);
    }
    return DD_OK;
}

enum dd_status dd_paging_visit_range(const struct dd_address_space *space,
                                     const struct dd_paging_visits *visits)
{
    unsigned int width = dd_paging_linear_width(&space->format);
    struct tour tour = {.space = space, .tables_left = visits->tables_max - 1};
    uint64_t first = visits->range.start.raw & DD_MASK(width - 1, 0);
    enum dd_status status = DD_OK;

    if (visits->visit == NULL || visits->range.width != width || visits->tables_max == 0) {
        return dd_paging_fail(space, (struct dd_paging_error){.status = DD_EARG});
    }
    status = start(&tour, first);
    while (status == DD_OK && tour.place - first < visits->range.length) {
        status = visit_one(&tour, visits);
    }
    return status;
}

enum dd_status dd_paging_path(const struct dd_address_space *space, dd_vaddr vaddr,
                              struct dd_paging_path *path)
{
    unsigned int width = dd_paging_linear_width(&space->format);
    struct tour tour = {.space = space};
    struct dd_paging_path found = {.count = 0};
    volatile uint64_t *below = NULL;
    enum dd_status status = DD_OK;

    if (!dd_vaddr_is_canonical(vaddr, width)) {
        return dd_paging_fail(space,
                              (struct dd_paging_error){.status = DD_ECANONICAL, .vaddr = vaddr});
    }
    status = start(&tour, vaddr.raw & DD_MASK(width - 1, 0));
    if (status != DD_OK) {
        return status;
    }
    do {
        struct dd_paging_visited *visited = &found.entries[found.count++];

        *visited = look(&tour, &below);
        if (below != NULL) {
            enter(&tour, visited, below);
        }
    } while (below != NULL);
    *path = found;
    return DD_OK;
}
