/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A row of pages mapped one by one: the cursor remembers the page table of the
 * last one, so that the next one beside it needs no walk.
 *
 * Spec: [SDM 3A] 4.5.
 */
#ifndef DRYDOCK_PAGING_CURSOR_H
#define DRYDOCK_PAGING_CURSOR_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/paging.h"
#include "drydock/status.h"

/** Bits of an address that select an entry of a page table. Spec: [SDM 3A] 4.5.4. */
#define DD_PAGING_CURSOR_INDEX UINT64_C(0x1FF000)

/** Made by dd_paging_cursor_init(). Its contents are the library's. */
struct dd_paging_cursor {
    const struct dd_address_space *space;
    volatile uint64_t *table; /**< page table; NULL: none yet */
    uint64_t first;           /**< first address the table stands for; without one no page's */
    unsigned int flags;       /**< of the last page: the path to the table grants its rights */
    uint64_t bits;            /**< of an entry with these flags */
    uint64_t not_address;     /**< bits that no physical address of a page has */
};

/**
 * Start a row.
 *
 * @param[out] cursor  valid as long as no table of @p space is taken out by another call
 * @param space        outlives the cursor and is not changed
 */
void dd_paging_cursor_init(struct dd_paging_cursor *cursor, const struct dd_address_space *space);

/**
 * Map a page by a walk, and remember where it led: what dd_paging_cursor_map() does when it leaves
 * a table. Parameters and statuses are those of dd_paging_map_page(). Spec: [SDM 3A] 4.5.4.
 */
DD_MUST_CHECK enum dd_status dd_paging_cursor_walk(struct dd_paging_cursor *cursor, dd_vaddr vaddr,
                                                   dd_paddr paddr, unsigned int flags);

/**
 * Map one page of 4 KBytes.
 *
 * The other parameters and the statuses are those of dd_paging_map_page().
 *
 * @param[in,out] cursor  remembers the page table
 *
 * Spec: [SDM 3A] 4.5.4, table 4-20.
 */
DD_MUST_CHECK static inline enum dd_status dd_paging_cursor_map(struct dd_paging_cursor *cursor,
                                                                dd_vaddr vaddr, dd_paddr paddr,
                                                                unsigned int flags)
{
    uint64_t unusual = ((vaddr.raw & ~DD_PAGING_CURSOR_INDEX) ^ cursor->first) |
                       (paddr.raw & cursor->not_address) | (flags ^ cursor->flags);
    uint64_t index = (vaddr.raw & DD_PAGING_CURSOR_INDEX) / DD_PAGE_4K;

    if (unusual != 0 || cursor->table[index] != 0) {
        return dd_paging_cursor_walk(cursor, vaddr, paddr, flags);
    }
    cursor->table[index] = cursor->bits | paddr.raw;
    return DD_OK;
}

#endif
