/* SPDX-License-Identifier: MIT */
/*
 * Mapping a range. It is a row of holes: entries that are 0, at any level. Below
 * a hole there is nothing, so which pages and tables it takes is a matter of
 * arithmetic. The first visit checks that the range is nothing but holes and
 * counts the tables; then all of them are allocated; the second visit builds
 * each hole from the bottom up. A table is filled before the one entry that
 * makes it reachable is written, and only what is not filled has to be cleared.
 */
#include "drydock/paging_range.h"
#include "paging_frames.h"
#include "paging_map.h"

struct mapping {
    const struct dd_paging_request *request;
    const struct dd_paging_format *format;
    uint64_t distance; /* from a virtual to its physical address, modulo 2^64 */
    unsigned int flags;
    uint64_t tables_needed;
    struct dd_paging_chain frames;
};

/* Whether virtual addresses aligned to entries of a level lead to physical ones that are, too. */
static bool has_pages(const struct mapping *mapping, unsigned int level)
{
    unsigned int largest = mapping->format->pages_1g ? 3 : 2;

    return level <= largest && dd_is_aligned(mapping->distance, dd_table_entry_bytes(level));
}

/* Whether an entry of this level maps first to last by itself; everything is aligned to level 1. */
static bool fits_page(const struct mapping *mapping, unsigned int level, uint64_t first,
                      uint64_t last)
{
    return level <= 1 ||
           (has_pages(mapping, level) && last - first == dd_table_entry_bytes(level) - 1);
}

/* Entries of a level that take a table, of those that first to last has a part of. */
static uint64_t count_split_entries(const struct mapping *mapping, unsigned int level,
                                    uint64_t first, uint64_t last)
{
    uint64_t bytes = dd_table_entry_bytes(level);
    uint64_t entries = last / bytes - first / bytes + 1;
    uint64_t partial = 0;

    if (!has_pages(mapping, level)) {
        return entries;
    }
    partial += dd_is_aligned(first, bytes) ? 0u : 1u;
    partial += dd_is_aligned(last + 1, bytes) ? 0u : 1u;
    return dd_paging_smaller(partial, entries);
}

/*
 * The first visit. A range may be 2^56 bytes long, so tables are counted by
 * arithmetic, not by going through what would be below the hole.
 */
static enum dd_status visit_hole(struct dd_paging_walk *walk, const struct dd_paging_run *run,
                                 void *operand)
{
    struct mapping *mapping = operand;
    uint64_t reserved = dd_paging_reserved_in_page(mapping->format, run->level);
    uint64_t seen = 0;

    for (unsigned int i = 0; i < run->count; i++) {
        seen |= run->entries[i];
    }
    for (unsigned int i = 0; seen != 0; i++) {
        uint64_t entry = run->entries[i];

        if (entry != 0) {
            bool is_malformed = dd_paging_entry_is_present(entry) && (entry & reserved) != 0;

            return dd_paging_fail_in(walk, run, i, is_malformed ? DD_EMALFORMED : DD_EEXIST);
        }
    }
    for (unsigned int level = run->level; level > 1; level--) {
        mapping->tables_needed += count_split_entries(mapping, level, run->first, run->last);
    }
    return dd_paging_check_rights(walk, mapping->request->rights);
}

static void fill_pages(const struct mapping *mapping, volatile uint64_t *entries,
                       unsigned int count, uint64_t first)
{
    uint64_t entry =
        dd_paging_entry_for_page(mapping->format, 1, mapping->flags) | (first + mapping->distance);

    for (unsigned int i = 0; i < count; i++) {
        entries[i] = entry;
        entry += DD_PAGE_4K;
    }
}

/* Map first to last, all of it below one entry of a level above 1, in tables of the chain. */
static uint64_t make_entry(struct mapping *mapping, unsigned int level, uint64_t first,
                           uint64_t last);

/* Fill a table whose frame is linked to none yet. Making a table below it may move its pointer. */
static void fill_table(struct mapping *mapping, dd_paddr frame, unsigned int level, uint64_t first,
                       uint64_t last)
{
    const struct dd_paging_memory *memory = mapping->frames.memory;
    volatile uint64_t *table = dd_paging_memory_unlinked(memory, frame);
    unsigned int begin = dd_table_index(dd_vaddr_from(first), level);
    unsigned int end = dd_table_index(dd_vaddr_from(last), level) + 1;

    dd_paging_frame_clear(memory, table, begin);
    dd_paging_frame_clear(memory, table + end, DD_TABLE_ENTRIES - end);
    if (level == 1) {
        fill_pages(mapping, table + begin, end - begin, first);
        return;
    }
    for (unsigned int i = begin; i < end; i++) {
        uint64_t here = dd_paging_smaller(dd_paging_entry_last(level, first), last);
        uint64_t entry = make_entry(mapping, level, first, here);

        dd_paging_memory_unlinked(memory, frame)[i] = entry;
        first = here + 1;
    }
}

static uint64_t make_entry(struct mapping *mapping, unsigned int level, uint64_t first,
                           uint64_t last)
{
    dd_paddr frame = {0};

    if (fits_page(mapping, level, first, last)) {
        return dd_paging_entry_for_page(mapping->format, level, mapping->flags) |
               (first + mapping->distance);
    }
    frame = dd_paging_chain_take(&mapping->frames);
    fill_table(mapping, frame, level - 1, first, last);
    return dd_paging_entry_for_table(mapping->format, frame);
}

/* The second visit. */
static enum dd_status visit_fill(struct dd_paging_walk *walk, const struct dd_paging_run *run,
                                 void *operand)
{
    struct mapping *mapping = operand;

    (void)walk;
    if (run->level == 1) {
        fill_pages(mapping, run->entries, run->count, run->first);
    } else {
        *run->entries = make_entry(mapping, run->level, run->first, run->last);
    }
    return DD_OK;
}

enum dd_status dd_paging_map_range(const struct dd_address_space *space, dd_vaddr vaddr,
                                   dd_paddr paddr, uint64_t length, unsigned int flags)
{
    struct dd_paging_request request = {.space = space};
    struct mapping mapping = {.request = &request,
                              .format = &space->format,
                              .distance = paddr.raw - vaddr.raw,
                              .flags = flags,
                              .frames = {.memory = space->memory}};
    struct dd_paging_visitor visitor = {.visit = visit_hole, .operand = &mapping};
    enum dd_status status = dd_paging_request_flags(&request, flags);

    if (status == DD_OK) {
        status = dd_paging_request_range(&request, vaddr, length);
    }
    if (status == DD_OK) {
        status = dd_paging_request_physical(&request, paddr);
    }
    if (status == DD_OK) {
        status = dd_paging_visit(&request, &visitor);
    }
    if (status != DD_OK) {
        return status;
    }
    status = dd_paging_chain_fill(&mapping.frames, mapping.tables_needed);
    if (status != DD_OK) {
        return dd_paging_fail(space, (struct dd_paging_error){.status = status, .vaddr = vaddr});
    }
    visitor.visit = visit_fill;
    return dd_paging_visit(&request, &visitor);
}

enum dd_status dd_paging_map_identity(const struct dd_address_space *space, dd_paddr paddr,
                                      uint64_t length, unsigned int flags)
{
    return dd_paging_map_range(space, dd_vaddr_from(paddr.raw), paddr, length, flags);
}
