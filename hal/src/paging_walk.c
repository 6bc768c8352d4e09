/* SPDX-License-Identifier: MIT */
/*
 * The walk. It starts at the root and goes down while entries reference tables,
 * as the processor does, [SDM 3A] 4.5.4; it remembers the tables it passed, so
 * the next address costs a step up and down only where it leaves a table. An
 * entry that is not present is never followed. One that is present but breaks a
 * rule of the manual (a reserved bit set, [SDM 3A] tables 4-15 to 4-20, or a
 * table in no memory) ends the walk: whatever wrote it, it was not this library.
 *
 * Every call goes over its range twice with dd_paging_visit(): once to check
 * all of it, once to act. So a call that fails has not begun to act.
 */
#include "paging_walk.h"

#include <stddef.h>

#include "drydock/kernel_api.h"

/* Reserved bits of any present entry. [SDM 3A] 4.5.4: "If IA32_EFER.NXE = 0 …", "bits 51:M". */
static uint64_t reserved_everywhere(const struct dd_address_space *space)
{
    uint64_t reserved = DD_BITS(DD_PTE_ADDRESS) & ~dd_paging_physical_last(space);

    return space->no_execute ? reserved : reserved | DD_BITS(DD_PTE_XD);
}

/* Reserved bits of an entry that depend on its level and format. */
static uint64_t reserved_at_level(const struct dd_paging_walk *walk)
{
    uint64_t large = DD_GET(walk->entry, DD_PDE_PS);

    switch (walk->level) {
    case 4:
        return DD_BITS(DD_PML4E_PS);
    case 3:
        if (!walk->space->pages_1g) {
            return DD_BITS(DD_PDPTE_PS);
        }
        return large != 0 ? DD_BITS(DD_PDPTE_1G_RESERVED_29_13) : 0;
    case 2:
        return large != 0 ? DD_BITS(DD_PDE_2M_RESERVED_20_13) : 0;
    default:
        return 0;
    }
}

enum dd_status dd_paging_walk_start(struct dd_paging_walk *walk,
                                    const struct dd_address_space *space)
{
    volatile uint64_t *root = dd_kernel_frame_pointer(space->root);

    if (root == NULL) {
        return DD_EMALFORMED;
    }
    walk->space = space;
    walk->reserved = reserved_everywhere(space);
    walk->address = 0;
    walk->entry = 0;
    walk->level = DD_PAGING_TOP_LEVEL;
    walk->path[DD_PAGING_TOP_LEVEL].table = root;
    walk->path[DD_PAGING_TOP_LEVEL].rights = DD_PAGING_RIGHTS;
    return DD_OK;
}

volatile uint64_t *dd_paging_walk_slot(const struct dd_paging_walk *walk)
{
    return &walk->path[walk->level].table[dd_paging_entry_index(walk->level, walk->address)];
}

/* Go up until the table stands for the address too. */
static void ascend(struct dd_paging_walk *walk, uint64_t address)
{
    while (walk->level < DD_PAGING_TOP_LEVEL &&
           (walk->address ^ address) >= dd_paging_entry_bytes(walk->level + 1)) {
        walk->level++;
    }
    walk->address = address;
}

static enum dd_status descend(struct dd_paging_walk *walk)
{
    unsigned int granted = dd_paging_entry_flags(walk->level, walk->entry);
    unsigned int rights = walk->path[walk->level].rights & granted;
    volatile uint64_t *table = dd_kernel_frame_pointer(dd_paging_entry_table(walk->entry));

    if (table == NULL) {
        return DD_EMALFORMED;
    }
    walk->level--;
    walk->path[walk->level].table = table;
    walk->path[walk->level].rights = rights;
    return DD_OK;
}

/* Read the entry where the walk stands. */
static enum dd_status read_entry(struct dd_paging_walk *walk)
{
    walk->entry = *dd_paging_walk_slot(walk);
    if (dd_paging_entry_is_present(walk->entry) &&
        (walk->entry & (walk->reserved | reserved_at_level(walk))) != 0) {
        return DD_EMALFORMED;
    }
    return DD_OK;
}

enum dd_status dd_paging_walk_to(struct dd_paging_walk *walk, uint64_t address, unsigned int level)
{
    enum dd_status status = DD_OK;

    ascend(walk, address);
    status = read_entry(walk);
    while (status == DD_OK && walk->level > level && dd_paging_entry_is_present(walk->entry) &&
           dd_paging_entry_is_table(walk->level, walk->entry)) {
        status = descend(walk);
        if (status == DD_OK) {
            status = read_entry(walk);
        }
    }
    return status;
}

enum dd_status dd_paging_visit(const struct dd_paging_range *range,
                               const struct dd_paging_visitor *visitor)
{
    struct dd_paging_walk walk;
    enum dd_status status = dd_paging_walk_start(&walk, range->space);
    uint64_t address = range->first;
    uint64_t last = 0;

    while (status == DD_OK && last != range->last) {
        status = dd_paging_walk_to(&walk, address, range->level);
        if (status == DD_OK) {
            status = visitor->check(range, &walk);
        }
        if (status == DD_OK) {
            last = dd_paging_entry_last(walk.level, address);
            last = last < range->last ? last : range->last;
            visitor->act(&walk, last, visitor->operand);
            address = last + 1;
        }
    }
    return status;
}

enum dd_status dd_paging_check_page(const struct dd_paging_range *range,
                                    const struct dd_paging_walk *walk)
{
    uint64_t last = dd_paging_entry_last(walk->level, walk->address);

    if (!dd_paging_entry_is_present(walk->entry)) {
        return DD_ENOTMAPPED;
    }
    if (dd_paging_entry_is_table(walk->level, walk->entry) || last > range->last ||
        dd_align_down(walk->address, dd_paging_entry_bytes(walk->level)) < range->first) {
        return DD_EPAGESIZE;
    }
    if ((range->rights & ~walk->path[walk->level].rights) != 0) {
        return DD_ENOTSUP;
    }
    return DD_OK;
}

void dd_paging_act_none(struct dd_paging_walk *walk, uint64_t last, void *operand)
{
    (void)walk;
    (void)last;
    (void)operand;
}
