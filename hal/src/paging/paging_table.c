/* SPDX-License-Identifier: MIT */
/*
 * Rights of tables. R/W, U/S and XD stand at the same places as in the entries
 * of pages. Paging-structure caches and the TLB keep the rights of the whole
 * path, for all pages below: which ones are cached nobody knows, so everything
 * is pending, [SDM 3A] 4.10.2.2, 4.10.3.
 */
#include "drydock/paging_table.h"

#include "paging_exchange.h"
#include "paging_walk.h"
#include "tlb_note.h"

/* Stand at the entry, and see that it references a table in memory. */
static enum dd_status find_table(struct dd_paging_walk *walk,
                                 const struct dd_paging_request *request)
{
    enum dd_status status = dd_paging_walk_start(walk, request->space);

    if (status == DD_OK) {
        status = dd_paging_walk_to(walk, request->first, request->level);
    }
    if (status == DD_OK && !dd_paging_entry_is_present(walk->entry)) {
        status = dd_paging_fail_at(walk, DD_ENOTMAPPED);
    }
    if (status == DD_OK && !dd_paging_entry_is_table(walk->level, walk->entry)) {
        status = dd_paging_fail_at(walk, DD_EPAGESIZE);
    }
    return status == DD_OK ? dd_paging_walk_descend(walk) : status;
}

static void replace_rights(struct dd_paging_walk *walk, unsigned int level, unsigned int rights,
                           struct dd_tlb_pending *pending)
{
    const struct dd_paging_format *format = &walk->space->format;
    uint64_t mask = dd_paging_entry_mask(format, level, DD_MAP_RIGHTS);
    uint64_t bits = dd_paging_entry_bits(format, level, rights) & mask;

    if ((walk->entry & mask) != bits) {
        walk->level = level;
        (void)dd_paging_replace(dd_paging_walk_slot(walk), walk->space->exclusive, mask, bits);
        dd_tlb_note_below(pending, walk->space, walk->address);
    }
}

enum dd_status dd_paging_protect_table(const struct dd_address_space *space, dd_vaddr vaddr,
                                       unsigned int level, unsigned int rights,
                                       struct dd_tlb_pending *pending)
{
    struct dd_paging_request request = {.space = space};
    struct dd_paging_walk walk;
    enum dd_status status = dd_paging_request_pending(&request, pending);

    if (status == DD_OK && (rights & ~DD_MAP_RIGHTS) != 0) {
        status = dd_paging_fail(space, (struct dd_paging_error){.status = DD_EARG, .vaddr = vaddr});
    }
    if (status == DD_OK) {
        status = dd_paging_request_table(&request, vaddr, level);
    }
    if (status == DD_OK) {
        status = find_table(&walk, &request);
    }
    if (status == DD_OK) {
        replace_rights(&walk, level, rights, pending);
    }
    return status;
}
