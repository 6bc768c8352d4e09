/* SPDX-License-Identifier: MIT */
/*
 * Splitting and merging. Both leave every translation as it is, but for its
 * size. The TLB may hold an address twice then, once in each size, and which one
 * an access uses is undefined, [SDM 3A] 4.10.2.3: so both are pending like any
 * other change. A table is filled before it is linked; it takes the place of the
 * page by one write, and so does the page of the table. What a table withholds
 * from its pages, the page that takes its place has not. Other processors may
 * walk a table until they have invalidated it, and mark its pages all the while:
 * the large page counts as marked from the start.
 */
#include "drydock/paging_split.h"

#include <stddef.h>

#include "paging_exchange.h"
#include "paging_frames.h"
#include "paging_split_table.h"
#include "paging_walk.h"
#include "tlb_note.h"

/* The entry of a page at another level, with no other rights than these. PAT moves. */
static uint64_t entry_at_level(const struct dd_paging_format *format, struct dd_paging_entry page,
                               unsigned int level, unsigned int rights)
{
    unsigned int flags = page.flags & (rights | ~DD_MAP_RIGHTS);

    return dd_paging_entry_for_page(format, level, flags) | page.address.raw;
}

/* Fill a table that is linked to none with the pages of the large one where the walk stands. */
static void fill(const struct dd_paging_walk *walk, dd_paddr frame)
{
    const struct dd_address_space *space = walk->space;
    volatile uint64_t *table = dd_paging_memory_unlinked(space->memory, frame);
    unsigned int below = walk->level - 1;
    uint64_t entry = entry_at_level(
        &space->format, dd_paging_entry_decode(&space->format, walk->level, walk->entry), below,
        DD_MAP_RIGHTS);

    for (unsigned int i = 0; i < DD_TABLE_ENTRIES; i++) {
        table[i] = entry;
        entry += dd_table_entry_bytes(below);
    }
}

void dd_paging_split_entry(struct dd_paging_walk *walk, dd_paddr frame,
                           struct dd_tlb_pending *pending)
{
    const struct dd_address_space *space = walk->space;
    uint64_t entry = dd_paging_entry_for_table(&space->format, frame);
    unsigned int level = walk->level;
    struct dd_tlb_pages pages = {.first = dd_align_down(walk->address, dd_table_entry_bytes(level)),
                                 .count = 1,
                                 .level = level,
                                 .entries_or = walk->entry,
                                 .entries_and = walk->entry};

    do {
        fill(walk, frame);
    } while (!dd_paging_exchange(dd_paging_walk_slot(walk), space->exclusive, &walk->entry, entry));
    dd_tlb_note_pages(pending, space, &pages);
    dd_tlb_note_place(pending, space,
                      (struct dd_paging_place){level - 1, dd_vaddr_from(walk->address)});
}

uint64_t dd_paging_count_splits(unsigned int level, uint64_t first, uint64_t last)
{
    uint64_t tables = 0;

    for (; level > 1; level--) {
        uint64_t bytes = dd_table_entry_bytes(level);
        uint64_t partial =
            (dd_is_aligned(first, bytes) ? 0u : 1u) + (dd_is_aligned(last + 1, bytes) ? 0u : 1u);
        uint64_t entries = last / bytes - first / bytes + 1;

        tables += partial < entries ? partial : entries;
    }
    return tables;
}

/* The checks both share, and the walk to the entry. */
static enum dd_status find(struct dd_paging_walk *walk, struct dd_paging_request *request,
                           dd_vaddr vaddr, enum dd_page_size size,
                           const struct dd_tlb_pending *pending)
{
    enum dd_status status = dd_paging_request_pending(request, pending);

    if (status == DD_OK && size == DD_PAGE_4K) {
        status = dd_paging_fail(request->space,
                                (struct dd_paging_error){.status = DD_EARG, .vaddr = vaddr});
    }
    if (status == DD_OK) {
        status = dd_paging_request_page(request, vaddr, size);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_start(walk, request->space);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_to(walk, request->first, request->level);
    }
    if (status == DD_OK && !dd_paging_entry_is_present(walk->entry)) {
        status = dd_paging_fail_at(walk, DD_ENOTMAPPED);
    }
    return status;
}

enum dd_status dd_paging_split(const struct dd_address_space *space, dd_vaddr vaddr,
                               enum dd_page_size size, struct dd_tlb_pending *pending)
{
    struct dd_paging_request request = {.space = space};
    struct dd_paging_walk walk;
    dd_paddr frame = {0};
    enum dd_status status = find(&walk, &request, vaddr, size, pending);

    if (status == DD_OK) {
        status = dd_paging_walk_check_page(&walk, &request);
    }
    if (status != DD_OK) {
        return status;
    }
    status = dd_paging_frame_alloc(space->memory, &frame);
    if (status != DD_OK) {
        return dd_paging_fail_at(&walk, status);
    }
    dd_paging_split_entry(&walk, frame, pending);
    return DD_OK;
}

/* ---- Merging ---- */

/* Stand at the table that is to become a page. */
static enum dd_status enter_table(struct dd_paging_walk *walk,
                                  const struct dd_paging_request *request)
{
    if (walk->level != request->level || !dd_paging_entry_is_table(walk->level, walk->entry)) {
        return dd_paging_fail_at(walk, DD_EPAGESIZE);
    }
    return dd_paging_walk_to(walk, request->first, request->level - 1);
}

/* Whether the table's pages are one large page; `seen` is what any of them has of A and D. */
static enum dd_status check_pages(struct dd_paging_walk *walk, uint64_t *seen)
{
    const struct dd_paging_format *format = &walk->space->format;
    uint64_t bytes = dd_table_entry_bytes(walk->level);
    uint64_t history = DD_BITS(DD_PTE_A) | DD_BITS(DD_PTE_D);
    uint64_t base = walk->address;
    uint64_t expected = walk->entry & ~history;

    for (unsigned int i = 0; i < DD_TABLE_ENTRIES; i++) {
        walk->address = base + i * bytes;
        walk->entry = walk->path[walk->level].table[i];
        if (!dd_paging_entry_is_present(walk->entry)) {
            return dd_paging_fail_at(walk, DD_ENOTMAPPED);
        }
        if (dd_paging_entry_is_table(walk->level, walk->entry)) {
            return dd_paging_fail_at(walk, DD_EPAGESIZE);
        }
        if ((walk->entry & ~history) != expected + i * bytes) {
            return dd_paging_fail_at(walk, DD_EMIXED);
        }
        *seen |= walk->entry & history;
    }
    walk->address = base;
    walk->entry = expected;
    if (!dd_is_aligned(dd_paging_entry_page(format, walk->level, expected).raw,
                       bytes * DD_TABLE_ENTRIES)) {
        return dd_paging_fail_at(walk, DD_EALIGN);
    }
    return DD_OK;
}

/* What other processors may yet mark in the pages that become this one. */
static uint64_t marks_to_come(const struct dd_address_space *space, uint64_t entry)
{
    if (space->exclusive) {
        return 0;
    }
    return DD_BITS(DD_PTE_A) | (DD_GET(entry, DD_PDE_RW) != 0 ? DD_BITS(DD_PTE_D) : 0u);
}

/* Put the large page in the place of the table where the walk stands. */
static void link_page(struct dd_paging_walk *walk, uint64_t entry, struct dd_tlb_pending *pending)
{
    const struct dd_address_space *space = walk->space;
    unsigned int below = walk->level;
    dd_paddr table = walk->path[below].frame;
    struct dd_tlb_pages pages = {.first = walk->address,
                                 .count = DD_TABLE_ENTRIES,
                                 .level = below,
                                 .entries_or = entry,
                                 .entries_and = entry};

    volatile uint64_t *slot = NULL;

    walk->level++;
    slot = dd_paging_walk_slot(walk);
    entry = entry_at_level(&space->format, dd_paging_entry_decode(&space->format, below, entry),
                           walk->level, dd_paging_entry_rights(*slot));
    *slot = entry | marks_to_come(space, entry);
    dd_tlb_note_pages(pending, space, &pages);
    dd_tlb_note_place(pending, space,
                      (struct dd_paging_place){below, dd_vaddr_from(walk->address)});
    dd_tlb_note_table(pending, space, table, walk->address);
}

enum dd_status dd_paging_merge(const struct dd_address_space *space, dd_vaddr vaddr,
                               enum dd_page_size size, struct dd_tlb_pending *pending)
{
    struct dd_paging_request request = {.space = space};
    struct dd_paging_walk walk;
    uint64_t seen = 0;
    enum dd_status status = find(&walk, &request, vaddr, size, pending);

    if (status == DD_OK) {
        status = enter_table(&walk, &request);
    }
    if (status == DD_OK && !dd_paging_entry_is_present(walk.entry)) {
        status = dd_paging_fail_at(&walk, DD_ENOTMAPPED);
    }
    if (status == DD_OK) {
        status = check_pages(&walk, &seen);
    }
    if (status == DD_OK) {
        link_page(&walk, walk.entry | seen, pending);
    }
    return status;
}
