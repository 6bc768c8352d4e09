/* SPDX-License-Identifier: MIT */
/*
 * Changing what mappings allow. Only the entries of pages are written, so no
 * other mapping can gain or lose a right. Each is followed by INVLPG of its
 * page: the TLB may hold the old rights, [SDM 3A] 4.10.4.2. The entry is read
 * immediately before it is written, and the accessed and dirty bits that the
 * processor set go over into the new one.
 */
#include "drydock/arch/insn.h"
#include "paging_entry.h"
#include "paging_walk.h"

static void act_protect(struct dd_paging_walk *walk, uint64_t last, void *operand)
{
    const unsigned int *flags = operand;

    (void)last;
    *dd_paging_walk_slot(walk) =
        dd_paging_entry_set_flags(walk->space, walk->level, walk->entry, *flags);
    dd_invlpg(dd_vaddr_from(walk->address));
}

enum dd_status dd_paging_protect_page(const struct dd_address_space *space, dd_vaddr vaddr,
                                      enum dd_page_size size, unsigned int flags)
{
    struct dd_paging_range range = {.space = space};
    struct dd_paging_visitor visitor = {dd_paging_check_page, act_protect, &flags};
    enum dd_status status = dd_paging_range_set_flags(&range, flags);

    if (status == DD_OK) {
        status = dd_paging_range_from_page(&range, vaddr, size);
    }
    if (status == DD_OK) {
        status = dd_paging_visit(&range, &visitor);
    }
    return status;
}

enum dd_status dd_paging_protect_range(const struct dd_address_space *space, dd_vaddr vaddr,
                                       uint64_t length, unsigned int flags)
{
    struct dd_paging_range range = {.space = space};
    struct dd_paging_visitor visitor = {dd_paging_check_page, dd_paging_act_none, &flags};
    enum dd_status status = dd_paging_range_set_flags(&range, flags);

    if (status == DD_OK) {
        status = dd_paging_range_from_length(&range, vaddr, length);
    }
    if (status == DD_OK) {
        status = dd_paging_visit(&range, &visitor);
    }
    if (status == DD_OK) {
        visitor.act = act_protect;
        status = dd_paging_visit(&range, &visitor);
    }
    return status;
}
