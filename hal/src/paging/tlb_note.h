/* SPDX-License-Identifier: MIT */
/**
 * @file
 * How the paging functions note what has to be invalidated and freed.
 */
#ifndef DRYDOCK_TLB_NOTE_H
#define DRYDOCK_TLB_NOTE_H

#include <stdbool.h>

#include "drydock/paging_space.h"
#include "drydock/tlb.h"

/** Pages in a row whose entries were present and have changed. */
struct dd_tlb_pages {
    uint64_t first;      /**< address of the first page */
    uint64_t count;      /**< of pages, not 0 */
    unsigned int level;  /**< of their entries */
    uint64_t entries_or; /**< of what the entries were */
    uint64_t entries_and;
};

/** Whether changes of an address space can be noted: DD_OK, or DD_EARG (NULL, other memory). */
DD_MUST_CHECK enum dd_status dd_tlb_check(const struct dd_tlb_pending *pending,
                                          const struct dd_address_space *space);

/** Pages are not what they were. */
void dd_tlb_note_pages(struct dd_tlb_pending *pending, const struct dd_address_space *space,
                       const struct dd_tlb_pages *pages);

/**
 * A table is not linked any more. Some address it served is noted, too, so that no INVLPG for other
 * addresses is relied on: with EFER.TCE it would not reach. Spec: [AMD64 v2] 3.1.7.
 *
 * @param frame  of the table; it is freed when all is settled
 * @param vaddr  an address it served
 */
void dd_tlb_note_table(struct dd_tlb_pending *pending, const struct dd_address_space *space,
                       dd_paddr frame, uint64_t vaddr);

/**
 * Whether a table was noted and is not freed yet. Noting it once more changes nothing about it.
 *
 * @param table  where its frame can be read
 */
bool dd_tlb_is_waiting(const volatile uint64_t *table, dd_paddr frame);

/**
 * Nothing below an entry of a table is what it was: everything is to be invalidated, global pages
 * and what the tables granted included.
 *
 * @param vaddr  an address the entry stands for: those of the upper half are shared by contexts
 */
void dd_tlb_note_below(struct dd_tlb_pending *pending, const struct dd_address_space *space,
                       uint64_t vaddr);

/**
 * A place of the tables has another table than before, or none: if a recursive slot shows it,
 * what this processor holds for that address goes at once, since the library goes on using it, and
 * is noted for the others.
 */
void dd_tlb_note_place(struct dd_tlb_pending *pending, const struct dd_address_space *space,
                       struct dd_paging_place place);

#endif
