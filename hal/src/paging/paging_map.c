/* SPDX-License-Identifier: MIT */
/*
 * Mapping one page. The tables that are missing are made from the bottom up and
 * filled before the one entry that makes them reachable is written, so the
 * processor never sees them half done.
 *
 * New tables are writable, user and executable, and the entry of the page
 * decides: an access needs the right in every entry of its path, [SDM 3A] 4.6.1,
 * so what the page's own entry withholds stays withheld. An existing table that
 * grants less is not changed to grant more, since every other page below it
 * would get the right too.
 *
 * Entries turn from not present to present, and the processor caches nothing
 * about an entry that is not present: no invalidation is needed, [SDM 3A] 4.10.4.3.
 */
#include "paging_map.h"

#include <stddef.h>

#include "paging_frames.h"
#include "paging_quick.h"

enum dd_status dd_paging_check_rights(const struct dd_paging_walk *walk, unsigned int rights)
{
    if ((rights & ~walk->path[walk->level].rights) != 0) {
        return dd_paging_fail_at(walk, DD_ENOTSUP);
    }
    return DD_OK;
}

static void free_frames(const struct dd_paging_memory *memory, const dd_paddr *frames,
                        unsigned int count)
{
    while (count > 0) {
        memory->free(memory->allocator, frames[--count]);
    }
}

static enum dd_status alloc_frames(const struct dd_paging_memory *memory, dd_paddr *frames,
                                   unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        enum dd_status status = dd_paging_frame_alloc(memory, &frames[i]);

        if (status != DD_OK) {
            free_frames(memory, frames, i);
            return status;
        }
    }
    return DD_OK;
}

/* Write an entry of `level`, `count` levels below the slot. */
static enum dd_status install(const struct dd_paging_place *place,
                              const struct dd_address_space *space, volatile uint64_t *slot,
                              unsigned int count, uint64_t entry)
{
    dd_paddr frames[DD_PAGING_LEVELS_MAX];
    enum dd_status status = alloc_frames(space->memory, frames, count);

    if (status != DD_OK) {
        return status;
    }
    for (unsigned int i = 0; i < count; i++) {
        volatile uint64_t *table = dd_paging_memory_unlinked(space->memory, frames[i]);

        dd_paging_frame_clear(space->memory, table, DD_TABLE_ENTRIES);
        table[dd_table_index(place->vaddr, place->level + i)] = entry;
        entry = dd_paging_entry_for_table(&space->format, frames[i]);
    }
    *slot = entry;
    return DD_OK;
}

enum dd_status dd_paging_install(const struct dd_paging_walk *walk, unsigned int level,
                                 uint64_t entry)
{
    struct dd_paging_place place = {level, dd_vaddr_from(walk->address)};
    enum dd_status status =
        install(&place, walk->space, dd_paging_walk_slot(walk), walk->level - level, entry);

    return status == DD_OK ? DD_OK : dd_paging_fail_at(walk, status);
}

enum dd_status dd_paging_walk_to_hole(struct dd_paging_walk *walk,
                                      const struct dd_paging_request *request)
{
    enum dd_status status = dd_paging_walk_start(walk, request->space);

    if (status == DD_OK) {
        status = dd_paging_walk_to(walk, request->first, request->level);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_check_page(walk, request);
    }
    if (status == DD_OK && walk->entry != 0) {
        status = dd_paging_fail_at(walk, DD_EEXIST);
    }
    return status == DD_OK ? dd_paging_check_rights(walk, request->rights) : status;
}

DD_NOINLINE static enum dd_status map_with_care(const struct dd_address_space *space,
                                                dd_vaddr vaddr, dd_paddr paddr,
                                                enum dd_page_size size, unsigned int flags)
{
    struct dd_paging_request request = {.space = space};
    struct dd_paging_walk walk;
    enum dd_status status = dd_paging_request_flags(&request, flags);

    if (status == DD_OK) {
        status = dd_paging_request_page(&request, vaddr, size);
    }
    if (status == DD_OK) {
        status = dd_paging_request_physical(&request, paddr);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_to_hole(&walk, &request);
    }
    if (status != DD_OK) {
        return status;
    }
    return dd_paging_install(&walk, request.level,
                             dd_paging_entry_for_page(&space->format, request.level, flags) |
                                 paddr.raw);
}

/* ---- The usual case ---- */

/* Find where an ordinary page goes; false if it has to be done the long way. */
static inline bool find_quickly(const struct dd_address_space *space, dd_vaddr vaddr,
                                dd_paddr paddr, unsigned int flags, struct dd_paging_quick *quick)
{
    return dd_paging_quick_allows(space, vaddr, paddr, flags) &&
           dd_paging_quick_walk(space, vaddr, quick) && quick->entry == 0 &&
           dd_paging_quick_grants(quick, flags);
}

/* Write the entry of a page below a slot of a level above 1. */
DD_NOINLINE static enum dd_status map_below(const struct dd_address_space *space, dd_vaddr vaddr,
                                            volatile uint64_t *slot, unsigned int level,
                                            uint64_t entry)
{
    struct dd_paging_place place = {1, vaddr};
    enum dd_status status = install(&place, space, slot, level - 1, entry);

    return status == DD_OK
               ? DD_OK
               : dd_paging_fail(space, (struct dd_paging_error){status, level, vaddr, 0});
}

enum dd_status dd_paging_map_page(const struct dd_address_space *space, dd_vaddr vaddr,
                                  dd_paddr paddr, enum dd_page_size size, unsigned int flags)
{
    struct dd_paging_quick quick;
    uint64_t entry = 0;

    if (size != DD_PAGE_4K || !find_quickly(space, vaddr, paddr, flags, &quick)) {
        return map_with_care(space, vaddr, paddr, size, flags);
    }
    entry = dd_paging_entry_for_page(&space->format, 1, flags) | paddr.raw;
    if (quick.level > 1) {
        return map_below(space, vaddr, quick.slot, quick.level, entry);
    }
    *quick.slot = entry;
    return DD_OK;
}
