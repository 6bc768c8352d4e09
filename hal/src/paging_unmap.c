/* SPDX-License-Identifier: MIT */
/*
 * Unmapping. An entry is cleared first and its page invalidated after it: the
 * other way round the processor could load the old entry again in between,
 * [SDM 3A] 4.10.4.2. A table that has become empty is taken out of its parent
 * likewise, and only after an INVLPG is its frame free: until then the
 * paging-structure caches may still lead into it, [SDM 3A] 4.10.4.1. That
 * INVLPG is for an address the table stood for, because a processor may keep
 * cached entries of other addresses (EFER.TCE, [AMD64 v2] 3.1.7).
 *
 * Tables that PML4 entries of the upper half reference stay: other address
 * spaces may reference them too.
 */
#include "drydock/arch/insn.h"
#include "drydock/kernel_api.h"
#include "paging_entry.h"
#include "paging_walk.h"

static bool is_empty(const volatile uint64_t *table)
{
    for (unsigned int i = 0; i < DD_PAGING_ENTRIES; i++) {
        if (table[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Whether unmapping may free the table where the walk stands: not the root, not a shared one. */
static bool is_freeable(const struct dd_paging_walk *walk)
{
    bool upper_half = walk->address >> (DD_PAGING_ADDRESS_WIDTH - 1) != 0;

    return walk->level < (upper_half ? DD_PAGING_TOP_LEVEL - 1u : DD_PAGING_TOP_LEVEL);
}

/* Free the table where the walk stands, if it is empty, and then the one above, and so on. */
static void free_empty_tables(struct dd_paging_walk *walk)
{
    while (is_freeable(walk) && is_empty(walk->path[walk->level].table)) {
        walk->level++;

        volatile uint64_t *slot = dd_paging_walk_slot(walk);
        dd_paddr table = dd_paging_entry_table(*slot);

        *slot = 0;
        dd_invlpg(dd_vaddr_from(walk->address));
        dd_kernel_frame_free(table);
    }
}

struct unmapping {
    uint64_t last;  /* of the range */
    dd_paddr frame; /* of the page unmapped last */
};

static void act_unmap(struct dd_paging_walk *walk, uint64_t last, void *operand)
{
    struct unmapping *unmapping = operand;
    bool table_ends = last == dd_paging_entry_last(walk->level + 1, walk->address);

    unmapping->frame = dd_paging_entry_page(walk->level, walk->entry);
    *dd_paging_walk_slot(walk) = 0;
    dd_invlpg(dd_vaddr_from(walk->address));
    if (table_ends || last == unmapping->last) {
        free_empty_tables(walk);
    }
}

enum dd_status dd_paging_unmap_page(const struct dd_address_space *space, dd_vaddr vaddr,
                                    enum dd_page_size size, dd_paddr *frame)
{
    struct dd_paging_range range = {.space = space};
    enum dd_status status = dd_paging_range_from_page(&range, vaddr, size);
    struct unmapping unmapping = {.last = range.last};
    struct dd_paging_visitor visitor = {dd_paging_check_page, act_unmap, &unmapping};

    if (status == DD_OK) {
        status = dd_paging_visit(&range, &visitor);
    }
    if (status == DD_OK) {
        *frame = unmapping.frame;
    }
    return status;
}

enum dd_status dd_paging_unmap_range(const struct dd_address_space *space, dd_vaddr vaddr,
                                     uint64_t length)
{
    struct dd_paging_range range = {.space = space};
    enum dd_status status = dd_paging_range_from_length(&range, vaddr, length);
    struct unmapping unmapping = {.last = range.last};
    struct dd_paging_visitor visitor = {dd_paging_check_page, dd_paging_act_none, &unmapping};

    if (status == DD_OK) {
        status = dd_paging_visit(&range, &visitor);
    }
    if (status == DD_OK) {
        visitor.act = act_unmap;
        status = dd_paging_visit(&range, &visitor);
    }
    return status;
}
