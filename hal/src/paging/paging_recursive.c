/* SPDX-License-Identifier: MIT */
/*
 * The recursive slot. A walk for an address whose first index is the slot's
 * arrives at the root again, one level lower than it thinks. Used n times, the
 * remaining indices are those of the table wanted: shift them down by as many
 * levels, and what the last level takes for a page is a table. [SDM 3A] 4.5.4.
 */
#include "drydock/paging_recursive.h"

#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/cr_regs.h"
#include "drydock/paging_entry.h"

enum {
    LINEAR_WIDTH_4 = 48,
    LINEAR_WIDTH_5 = 57,
    INDEX_BITS = 9,
};

static unsigned int linear_width(unsigned int levels)
{
    return levels == DD_PAGING_LEVELS_MAX ? LINEAR_WIDTH_5 : LINEAR_WIDTH_4;
}

dd_vaddr dd_paging_recursive_address(unsigned int slot, unsigned int levels,
                                     struct dd_paging_place place)
{
    uint64_t address =
        (place.vaddr.raw & DD_MASK(linear_width(levels) - 1, 0)) >> (INDEX_BITS * place.level);

    address = dd_align_down(address, DD_PAGE_4K);
    for (unsigned int i = 0; i < place.level; i++) {
        address |= slot * dd_table_entry_bytes(levels - i);
    }
    return dd_vaddr_truncate(address, linear_width(levels));
}

enum dd_status dd_paging_recursive_open(struct dd_paging_recursive *recursive, dd_vaddr root,
                                        dd_vaddr scratch)
{
    uint8_t levels = DD_GET(dd_read_cr4(), DD_CR4_LA57) != 0 ? 5 : 4;
    unsigned int slot = dd_table_index(root, 1);
    uint64_t cr3 = dd_read_cr3();
    uint64_t entry = 0;

    if (root.raw !=
            dd_paging_recursive_address(slot, levels, (struct dd_paging_place){levels, root}).raw ||
        !dd_is_aligned(scratch.raw, DD_PAGE_4K) ||
        !dd_vaddr_is_canonical(scratch, linear_width(levels))) {
        return DD_EARG;
    }
    entry = ((const volatile uint64_t *)dd_vaddr_pointer(root))[slot];
    if (!dd_paging_entry_is_present(entry) || !dd_paging_entry_is_table(levels, entry)) {
        return DD_EMALFORMED;
    }
    if (((entry ^ cr3) & DD_BITS(DD_CR3_ADDRESS)) != 0) {
        return DD_ENOENT;
    }
    *recursive = (struct dd_paging_recursive){
        .slot = slot,
        .levels = levels,
        .root = dd_paddr_from(cr3 & DD_BITS(DD_CR3_ADDRESS)),
        .scratch = scratch,
    };
    return DD_OK;
}

/*
 * The page table of the scratch page is shown like any other; its entry there is ours. What this
 * processor holds for the page is older than what the entry says now, if the call before was made
 * on another one: whatever was in the entry, the page is invalidated.
 */
static void *show_unlinked(const struct dd_paging_recursive *recursive, dd_paddr frame)
{
    struct dd_paging_place place = {1, recursive->scratch};
    volatile uint64_t *table =
        dd_vaddr_pointer(dd_paging_recursive_address(recursive->slot, recursive->levels, place));
    volatile uint64_t *slot = &table[dd_table_index(recursive->scratch, 1)];
    uint64_t entry =
        frame.raw | DD_BITS(DD_PTE_P) | DD_BITS(DD_PTE_RW) | DD_BITS(DD_PTE_A) | DD_BITS(DD_PTE_D);

    *slot = entry;
    dd_invlpg(recursive->scratch);
    return dd_vaddr_pointer(recursive->scratch);
}

void *dd_paging_recursive_pointer(void *accessor, dd_paddr frame, struct dd_paging_place place)
{
    const struct dd_paging_recursive *recursive = accessor;

    if (place.level == 0) {
        return show_unlinked(recursive, frame);
    }
    if (place.level == recursive->levels && frame.raw != recursive->root.raw) {
        return NULL;
    }
    return dd_vaddr_pointer(dd_paging_recursive_address(recursive->slot, recursive->levels, place));
}

dd_vaddr dd_paging_recursive_shown_at(void *accessor, struct dd_paging_place place)
{
    const struct dd_paging_recursive *recursive = accessor;

    return dd_paging_recursive_address(recursive->slot, recursive->levels, place);
}
