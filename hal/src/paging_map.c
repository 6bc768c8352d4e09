/* SPDX-License-Identifier: MIT */
/*
 * Mapping. A range is a row of holes: entries that are 0, at any level. Below a
 * hole there is nothing, so which pages and tables it takes is a matter of
 * arithmetic. The first visit checks that the range is nothing but holes and
 * counts the tables; then all of them are allocated, chained through their own
 * first bytes; the second visit builds each hole from the bottom up. A table is
 * cleared and filled before the one entry that makes it reachable is written,
 * so the processor never sees it half done.
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
#include "drydock/kernel_api.h"
#include "paging_entry.h"
#include "paging_walk.h"

/* Frames kept for tables; the first 8 bytes of each hold the address of the next. */
struct frame_chain {
    dd_paddr first;
    uint64_t length;
};

struct mapping {
    const struct dd_address_space *space;
    uint64_t distance; /* from a virtual to its physical address, modulo 2^64 */
    unsigned int flags;
    uint64_t tables_needed;
    struct frame_chain frames;
};

static dd_paddr take_frame(struct frame_chain *chain)
{
    dd_paddr frame = chain->first;
    const uint64_t *next = dd_kernel_frame_pointer(frame);

    chain->first = dd_paddr_from(*next);
    chain->length--;
    return frame;
}

static void free_frames(struct frame_chain *chain)
{
    while (chain->length > 0) {
        dd_kernel_frame_free(take_frame(chain));
    }
}

static enum dd_status alloc_frames(struct frame_chain *chain, uint64_t count)
{
    while (chain->length < count) {
        dd_paddr frame = {0};
        enum dd_status status = dd_paging_frame_alloc(&frame);

        if (status != DD_OK) {
            free_frames(chain);
            return status;
        }

        uint64_t *next = dd_kernel_frame_pointer(frame);

        *next = chain->first.raw;
        chain->first = frame;
        chain->length++;
    }
    return DD_OK;
}

/* Whether virtual addresses aligned to entries of a level lead to physical ones that are, too. */
static bool has_pages(const struct mapping *mapping, unsigned int level)
{
    unsigned int largest = mapping->space->pages_1g ? 3 : 2;

    return level <= largest && dd_is_aligned(mapping->distance, dd_paging_entry_bytes(level));
}

/* Whether an entry of this level maps first to last by itself; everything is aligned to level 1. */
static bool fits_page(const struct mapping *mapping, unsigned int level, uint64_t first,
                      uint64_t last)
{
    return level <= 1 ||
           (has_pages(mapping, level) && last - first == dd_paging_entry_bytes(level) - 1);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Entries of a level that take a table, of those that first to last has a part of. */
static uint64_t count_split_entries(const struct mapping *mapping, unsigned int level,
                                    uint64_t first, uint64_t last)
{
    uint64_t bytes = dd_paging_entry_bytes(level);
    uint64_t entries = last / bytes - first / bytes + 1;
    uint64_t partial = 0;

    if (!has_pages(mapping, level)) {
        return entries;
    }
    partial += dd_is_aligned(first, bytes) ? 0u : 1u;
    partial += dd_is_aligned(last + 1, bytes) ? 0u : 1u;
    return smaller(partial, entries);
}

/*
 * Tables that the entries of a level take to map first to last, if all of them
 * are holes. A range may be 128 TiB long, so entries are counted, not visited.
 */
static uint64_t count_tables(const struct mapping *mapping, unsigned int level, uint64_t first,
                             uint64_t last)
{
    uint64_t tables = 0;

    for (; level > 1; level--) {
        tables += count_split_entries(mapping, level, first, last);
    }
    return tables;
}

/* Map first to last, all of it below one table, in entries that are holes. */
static void fill_table(struct mapping *mapping, volatile uint64_t *table, unsigned int level,
                       uint64_t first, uint64_t last)
{
    uint64_t page = dd_paging_entry_for_page(mapping->space, level, mapping->flags);

    for (;;) {
        volatile uint64_t *slot = &table[dd_paging_entry_index(level, first)];
        uint64_t end = smaller(dd_paging_entry_last(level, first), last);

        if (fits_page(mapping, level, first, end)) {
            *slot = page | (first + mapping->distance);
        } else {
            dd_paddr frame = take_frame(&mapping->frames);

            fill_table(mapping, dd_paging_frame_clear(frame), level - 1, first, end);
            *slot = dd_paging_entry_for_table(frame);
        }
        if (end == last) {
            return;
        }
        first = end + 1;
    }
}

static void act_count(struct dd_paging_walk *walk, uint64_t last, void *operand)
{
    struct mapping *mapping = operand;

    mapping->tables_needed += count_tables(mapping, walk->level, walk->address, last);
}

static void act_fill(struct dd_paging_walk *walk, uint64_t last, void *operand)
{
    fill_table(operand, walk->path[walk->level].table, walk->level, walk->address, last);
}

static enum dd_status check_hole(const struct dd_paging_range *range,
                                 const struct dd_paging_walk *walk)
{
    if (walk->entry != 0) {
        return DD_EEXIST;
    }
    if ((range->rights & ~walk->path[walk->level].rights) != 0) {
        return DD_ENOTSUP;
    }
    return DD_OK;
}

/* For a page of one size: what is in its place may also be a larger page, or a table. */
static enum dd_status check_hole_for_page(const struct dd_paging_range *range,
                                          const struct dd_paging_walk *walk)
{
    if (dd_paging_entry_is_present(walk->entry) &&
        (walk->level > range->level || dd_paging_entry_is_table(walk->level, walk->entry))) {
        return DD_EPAGESIZE;
    }
    return check_hole(range, walk);
}

static enum dd_status check_physical(const struct dd_paging_range *range, dd_paddr paddr)
{
    uint64_t limit = dd_paging_physical_last(range->space);

    if (!dd_is_aligned(paddr.raw, dd_paging_entry_bytes(range->level))) {
        return DD_EALIGN;
    }
    if (paddr.raw > limit || range->last - range->first > limit - paddr.raw) {
        return DD_EARG;
    }
    return DD_OK;
}

static enum dd_status map(const struct dd_paging_range *range, struct dd_paging_visitor visitor,
                          dd_paddr paddr, unsigned int flags)
{
    struct mapping mapping = {
        .space = range->space, .distance = paddr.raw - range->first, .flags = flags};
    enum dd_status status = check_physical(range, paddr);

    visitor.operand = &mapping;
    if (status == DD_OK) {
        visitor.act = act_count;
        status = dd_paging_visit(range, &visitor);
    }
    if (status == DD_OK) {
        status = alloc_frames(&mapping.frames, mapping.tables_needed);
    }
    if (status == DD_OK) {
        visitor.act = act_fill;
        status = dd_paging_visit(range, &visitor);
    }
    return status;
}

enum dd_status dd_paging_map_page(const struct dd_address_space *space, dd_vaddr vaddr,
                                  dd_paddr paddr, enum dd_page_size size, unsigned int flags)
{
    struct dd_paging_range range = {.space = space};
    enum dd_status status = dd_paging_range_set_flags(&range, flags);

    if (status == DD_OK) {
        status = dd_paging_range_from_page(&range, vaddr, size);
    }
    if (status == DD_OK) {
        status =
            map(&range, (struct dd_paging_visitor){.check = check_hole_for_page}, paddr, flags);
    }
    return status;
}

enum dd_status dd_paging_map_range(const struct dd_address_space *space, dd_vaddr vaddr,
                                   dd_paddr paddr, uint64_t length, unsigned int flags)
{
    struct dd_paging_range range = {.space = space};
    enum dd_status status = dd_paging_range_set_flags(&range, flags);

    if (status == DD_OK) {
        status = dd_paging_range_from_length(&range, vaddr, length);
    }
    if (status == DD_OK) {
        status = map(&range, (struct dd_paging_visitor){.check = check_hole}, paddr, flags);
    }
    return status;
}
