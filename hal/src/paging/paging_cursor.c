/* SPDX-License-Identifier: MIT */
/*
 * The cursor. 512 pages next to each other have one page table, and most rows
 * of pages have the same flags: what is left to do for each is to look whether
 * its entry is empty, and to write it. All else goes the long way, which also
 * says what is wrong.
 */
#include "drydock/paging_cursor.h"

#include "paging_map.h"

#define TABLE_BYTES dd_table_entry_bytes(2)

void dd_paging_cursor_init(struct dd_paging_cursor *cursor, const struct dd_address_space *space)
{
    uint64_t limit = dd_paging_physical_last(&space->format);
    uint64_t encryption = dd_paging_encryption_mask(&space->format);

    if (encryption != 0 && encryption <= limit) {
        limit = encryption - 1;
    }
    *cursor = (struct dd_paging_cursor){
        .space = space, .flags = ~0u, .not_address = ~limit | (DD_PAGE_4K - 1)};
}

/* Map by a walk, and remember where it led. */
static enum dd_status map_by_walk(struct dd_paging_cursor *cursor, dd_vaddr vaddr, dd_paddr paddr,
                                  unsigned int flags)
{
    const struct dd_address_space *space = cursor->space;
    struct dd_paging_walk walk;
    enum dd_status status = dd_paging_map_page(space, vaddr, paddr, DD_PAGE_4K, flags);

    if (status == DD_OK) {
        status = dd_paging_walk_start(&walk, space);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_to(&walk, vaddr.raw, 1);
    }
    if (status == DD_OK) {
        cursor->table = walk.path[1].table;
        cursor->first = dd_align_down(vaddr.raw, TABLE_BYTES);
        cursor->flags = flags;
        cursor->bits = dd_paging_entry_for_page(&space->format, 1, flags);
    }
    return status;
}

enum dd_status dd_paging_cursor_map(struct dd_paging_cursor *cursor, dd_vaddr vaddr, dd_paddr paddr,
                                    unsigned int flags)
{
    uint64_t offset = vaddr.raw - cursor->first;
    volatile uint64_t *slot = NULL;

    if (cursor->table == NULL || offset >= TABLE_BYTES || offset % DD_PAGE_4K != 0 ||
        flags != cursor->flags || (paddr.raw & cursor->not_address) != 0) {
        return map_by_walk(cursor, vaddr, paddr, flags);
    }
    slot = &cursor->table[offset / DD_PAGE_4K];
    if (*slot != 0) {
        return map_by_walk(cursor, vaddr, paddr, flags);
    }
    *slot = cursor->bits | paddr.raw;
    return DD_OK;
}
