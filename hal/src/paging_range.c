/* SPDX-License-Identifier: MIT */
/*
 * Arguments of the paging functions, checked before any table is looked at. A
 * range is kept as its first and last byte: the byte after the last page of the
 * address space has no number. With 4-level paging linear addresses have 48
 * bits and the rest repeats bit 47, so between the halves is a hole; a range
 * that would cross it or wrap around has first and last byte in different
 * halves. [SDM 1] 3.3.7.1.
 */
#include "paging_walk.h"

enum {
    FLAGS_ALL = DD_MAP_WRITE | DD_MAP_USER | DD_MAP_EXECUTE | DD_MAP_GLOBAL | DD_MAP_WRITE_THROUGH |
                DD_MAP_UNCACHED | DD_MAP_PAT,
};

static enum dd_status set_bytes(struct dd_paging_range *range, dd_vaddr vaddr, uint64_t length)
{
    uint64_t last = vaddr.raw + length - 1;

    if (!dd_is_aligned(vaddr.raw | length, dd_paging_entry_bytes(range->level))) {
        return DD_EALIGN;
    }
    if (!dd_vaddr_is_canonical(vaddr, DD_PAGING_ADDRESS_WIDTH)) {
        return DD_ECANONICAL;
    }
    if (last < vaddr.raw || (last ^ vaddr.raw) >> (DD_PAGING_ADDRESS_WIDTH - 1) != 0) {
        return DD_EWRAP;
    }
    range->first = vaddr.raw;
    range->last = last;
    return DD_OK;
}

enum dd_status dd_paging_range_from_page(struct dd_paging_range *range, dd_vaddr vaddr,
                                         enum dd_page_size size)
{
    switch (size) {
    case DD_PAGE_4K:
        range->level = 1;
        break;
    case DD_PAGE_2M:
        range->level = 2;
        break;
    case DD_PAGE_1G:
        if (!range->space->pages_1g) {
            return DD_ENOTSUP;
        }
        range->level = 3;
        break;
    default:
        return DD_EARG;
    }
    return set_bytes(range, vaddr, (uint64_t)size);
}

enum dd_status dd_paging_range_from_length(struct dd_paging_range *range, dd_vaddr vaddr,
                                           uint64_t length)
{
    if (length == 0) {
        return DD_EARG;
    }
    range->level = 1;
    return set_bytes(range, vaddr, length);
}

enum dd_status dd_paging_range_set_flags(struct dd_paging_range *range, unsigned int flags)
{
    if ((flags & ~(unsigned int)FLAGS_ALL) != 0) {
        return DD_EARG;
    }
    range->rights = flags & DD_PAGING_RIGHTS;
    return DD_OK;
}
