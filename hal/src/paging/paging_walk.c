/* SPDX-License-Identifier: MIT */
/*
 * The walk. It starts at the root and goes down while entries reference tables,
 * as the processor does, [SDM 3A] 4.5.4; it remembers the tables it passed, so
 * the next address costs a step up and down only where it leaves a table. An
 * entry that is not present is never followed. One that is present but breaks a
 * rule of the manual (a reserved bit set, [SDM 3A] tables 4-14 to 4-20, or a
 * table in no memory) ends the walk: whatever wrote it, it was not this library.
 * So does a table that is its own ancestor: a recursive slot does that on
 * purpose, but what is an entry of a page on this way is one of a table on
 * another, and changing it here would be wrong there.
 *
 * Every call goes over its request twice: once to check all of it, once to act.
 * So a call that fails has not begun to act.
 */
#include "paging_walk.h"

#include <stddef.h>

#include "tlb_note.h"

/* ---- Failures ---- */

enum dd_status dd_paging_fail_at(const struct dd_paging_walk *walk, enum dd_status status)
{
    return dd_paging_fail(
        walk->space,
        (struct dd_paging_error){status, walk->level, dd_vaddr_from(walk->address), walk->entry});
}

enum dd_status dd_paging_fail_in(const struct dd_paging_walk *walk, const struct dd_paging_run *run,
                                 unsigned int index, enum dd_status status)
{
    uint64_t vaddr = run->first + index * dd_table_entry_bytes(run->level);

    return dd_paging_fail(
        walk->space,
        (struct dd_paging_error){status, run->level, dd_vaddr_from(vaddr), run->entries[index]});
}

/* ---- Down ---- */

enum dd_status dd_paging_walk_start(struct dd_paging_walk *walk,
                                    const struct dd_address_space *space)
{
    unsigned int level = space->format.levels;

    walk->space = space;
    walk->reserved = dd_paging_reserved_in_table(&space->format);
    walk->address = 0;
    walk->entry = 0;
    walk->level = level;
    walk->again = false;
    walk->path[level].table =
        dd_paging_memory_table(space->memory, space->root, (struct dd_paging_place){level, {0}});
    walk->path[level].frame = space->root;
    walk->path[level].rights = DD_MAP_RIGHTS;
    return walk->path[level].table != NULL ? DD_OK : dd_paging_fail_at(walk, DD_EMALFORMED);
}

static bool is_ancestor(const struct dd_paging_walk *walk, dd_paddr frame)
{
    for (unsigned int level = walk->level; level <= walk->space->format.levels; level++) {
        if (walk->path[level].frame.raw == frame.raw) {
            return true;
        }
    }
    return false;
}

enum dd_status dd_paging_walk_descend(struct dd_paging_walk *walk)
{
    const struct dd_address_space *space = walk->space;
    dd_paddr frame = dd_paging_entry_table(&space->format, walk->entry);
    unsigned int below = walk->level - 1;
    volatile uint64_t *table = NULL;

    if ((walk->entry & walk->reserved) != 0) {
        return dd_paging_fail_at(walk, DD_EMALFORMED);
    }
    if (is_ancestor(walk, frame)) {
        return dd_paging_fail_at(walk, DD_ELOOP);
    }
    table = dd_paging_memory_table(space->memory, frame,
                                   (struct dd_paging_place){below, dd_vaddr_from(walk->address)});
    if (table == NULL) {
        return dd_paging_fail_at(walk, DD_EMALFORMED);
    }
    walk->path[below].table = table;
    walk->path[below].frame = frame;
    walk->path[below].rights = walk->path[walk->level].rights & dd_paging_entry_rights(walk->entry);
    walk->level = below;
    return DD_OK;
}

/* A present entry of a page with reserved bits set ends the walk. */
static enum dd_status check_entry(const struct dd_paging_walk *walk)
{
    if (dd_paging_entry_is_present(walk->entry) &&
        !dd_paging_entry_is_table(walk->level, walk->entry) &&
        (walk->entry & dd_paging_reserved_in_page(&walk->space->format, walk->level)) != 0) {
        return dd_paging_fail_at(walk, DD_EMALFORMED);
    }
    return DD_OK;
}

enum dd_status dd_paging_walk_to(struct dd_paging_walk *walk, uint64_t address, unsigned int level)
{
    walk->address = address;
    for (;;) {
        enum dd_status status = DD_OK;

        walk->entry = *dd_paging_walk_slot(walk);
        if (walk->level == level || !dd_paging_entry_is_present(walk->entry) ||
            !dd_paging_entry_is_table(walk->level, walk->entry)) {
            return check_entry(walk);
        }
        status = dd_paging_walk_descend(walk);
        if (status != DD_OK) {
            return status;
        }
    }
}

enum dd_status dd_paging_walk_check_page(const struct dd_paging_walk *walk,
                                         const struct dd_paging_request *request)
{
    if (dd_paging_entry_is_present(walk->entry) &&
        (walk->level > request->level || dd_paging_entry_is_table(walk->level, walk->entry))) {
        return dd_paging_fail_at(walk, DD_EPAGESIZE);
    }
    return DD_OK;
}

/* ---- Up ---- */

bool dd_paging_is_empty(const volatile uint64_t *table, unsigned int near)
{
    if (table[(near - 1) % DD_TABLE_ENTRIES] != 0) {
        return false;
    }
    for (unsigned int i = 0; i < DD_TABLE_ENTRIES; i++) {
        if (table[(near + i) % DD_TABLE_ENTRIES] != 0) {
            return false;
        }
    }
    return true;
}

bool dd_paging_walk_can_unlink(const struct dd_paging_walk *walk)
{
    const struct dd_paging_format *format = &walk->space->format;
    bool is_upper = walk->address >> (dd_paging_linear_width(format) - 1) != 0;

    return walk->level < format->levels - (is_upper ? 1u : 0u);
}

void dd_paging_walk_unlink(struct dd_paging_walk *walk, struct dd_tlb_pending *pending)
{
    dd_paddr frame = walk->path[walk->level].frame;
    struct dd_paging_place place = {walk->level, dd_vaddr_from(walk->address)};

    walk->level++;
    *dd_paging_walk_slot(walk) = 0;
    dd_tlb_note_place(pending, walk->space, place);
    dd_tlb_note_table(pending, walk->space, frame, walk->address);
}

void dd_paging_walk_reclaim(struct dd_paging_walk *walk, struct dd_tlb_pending *pending)
{
    while (dd_paging_walk_can_unlink(walk) &&
           dd_paging_is_empty(walk->path[walk->level].table,
                              dd_table_index(dd_vaddr_from(walk->address), walk->level))) {
        dd_paging_walk_unlink(walk, pending);
    }
}

/* ---- Along ---- */

/* The run that begins at the walk's address. */
static struct dd_paging_run run_here(const struct dd_paging_walk *walk, uint64_t last)
{
    struct dd_paging_run run = {.entries = dd_paging_walk_slot(walk),
                                .count = 1,
                                .level = walk->level,
                                .first = walk->address};

    run.last =
        dd_paging_smaller(dd_paging_entry_last(walk->level > 1 ? walk->level : 2, run.first), last);
    if (walk->level == 1) {
        run.count = (unsigned int)((run.last - run.first) / DD_PAGE_4K) + 1;
    }
    return run;
}

/* Leave the tables that end with an address; all of them, if it is the last one of the request. */
static void ascend(struct dd_paging_walk *walk, const struct dd_paging_visitor *visitor,
                   uint64_t end, bool is_last)
{
    unsigned int top = walk->space->format.levels;

    while (walk->level < top && (is_last || end == dd_paging_entry_last(walk->level + 1, end))) {
        unsigned int level = walk->level;

        if (visitor->leave != NULL) {
            visitor->leave(walk, visitor->operand);
        }
        walk->level = level + 1;
    }
}

/* Stand at an entry that references no table, or at level 1. */
static enum dd_status settle(struct dd_paging_walk *walk)
{
    while (walk->level > 1) {
        enum dd_status status = DD_OK;

        walk->entry = *dd_paging_walk_slot(walk);
        if (!dd_paging_entry_is_present(walk->entry) ||
            !dd_paging_entry_is_table(walk->level, walk->entry)) {
            return check_entry(walk);
        }
        status = dd_paging_walk_descend(walk);
        if (status != DD_OK) {
            return status;
        }
    }
    return DD_OK;
}

enum dd_status dd_paging_visit(const struct dd_paging_request *request,
                               const struct dd_paging_visitor *visitor)
{
    struct dd_paging_walk walk;
    enum dd_status status = dd_paging_walk_start(&walk, request->space);

    walk.address = request->first;
    while (status == DD_OK) {
        struct dd_paging_run run;

        status = settle(&walk);
        if (status != DD_OK) {
            break;
        }
        run = run_here(&walk, request->last);
        walk.again = false;
        status = visitor->visit(&walk, &run, visitor->operand);
        if (status != DD_OK || walk.again) {
            continue;
        }
        walk.address = run.last;
        ascend(&walk, visitor, run.last, run.last == request->last);
        if (run.last == request->last) {
            break;
        }
        walk.address = run.last + 1;
    }
    return status;
}
