/* SPDX-License-Identifier: MIT */
/*
 * The cursor. 512 pages next to each other have one page table, and most rows
 * of pages have the same flags: what is left to do for each is to look whether
 * its entry is empty, and to write it. All else goes the long way, which also
 * says what is wrong.
 */
#include "drydock/paging_cursor.h"

#include <stddef.h>

#include "paging_map.h"
#include "paging_quick.h"

/* What no address has in the bits that do not select an entry: there is no table yet. */
#define NOWHERE DD_PAGING_CURSOR_INDEX

void dd_paging_cursor_init(struct dd_paging_cursor *cursor, const struct dd_address_space *space)
{
    uint64_t limit = dd_paging_physical_last(&space->format);
    uint64_t encryption = dd_paging_encryption_mask(&space->format);

    if (encryption != 0 && encryption <= limit) {
        limit = encryption - 1;
    }
    *cursor = (struct dd_paging_cursor){
        .space = space, .first = NOWHERE, .not_address = ~limit | (DD_PAGE_4K - 1)};
}

/* The page table of an address that was just mapped; NULL if only a careful walk finds it. */
static volatile uint64_t *find_table(const struct dd_address_space *space, dd_vaddr vaddr)
{
    struct dd_paging_quick quick;

    return dd_paging_is_usual(space) && dd_paging_quick_walk(space, vaddr, &quick)
               ? quick.slot - dd_table_index(vaddr, 1)
               : NULL;
}

static volatile uint64_t *find_table_with_care(const struct dd_address_space *space, dd_vaddr vaddr)
{
    struct dd_paging_walk walk;
    enum dd_status status = dd_paging_walk_start(&walk, space);

    if (status == DD_OK) {
        status = dd_paging_walk_to(&walk, vaddr.raw, 1);
    }
    return status == DD_OK ? walk.path[1].table : NULL;
}

enum dd_status dd_paging_cursor_walk(struct dd_paging_cursor *cursor, dd_vaddr vaddr,
                                     dd_paddr paddr, unsigned int flags)
{
    const struct dd_address_space *space = cursor->space;
    enum dd_status status = dd_paging_map_page(space, vaddr, paddr, DD_PAGE_4K, flags);

    if (status == DD_OK) {
        volatile uint64_t *table = find_table(space, vaddr);

        cursor->table = table != NULL ? table : find_table_with_care(space, vaddr);
        cursor->first = cursor->table != NULL ? vaddr.raw & ~DD_PAGING_CURSOR_INDEX : NOWHERE;
        cursor->flags = flags;
        cursor->bits = dd_paging_entry_for_page(&space->format, 1, flags);
    }
    return status;
}
