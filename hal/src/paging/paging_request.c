/* SPDX-License-Identifier: MIT */
/*
 * Arguments of the paging functions, checked before any table is looked at. A
 * range is kept as its first and last byte: the byte after the last page of the
 * address space has no number. Linear addresses have 48 or 57 bits and the rest
 * repeats the highest of them, so between the halves is a hole; a range that
 * would cross it or wrap around has first and last byte in different halves.
 * [SDM 1] 3.3.7.1.
 */
#include <stddef.h>

#include "paging_walk.h"
#include "tlb_note.h"

enum dd_status dd_paging_fail(const struct dd_address_space *space, struct dd_paging_error error)
{
    if (space->error != NULL) {
        *space->error = error;
    }
    return error.status;
}

/* An argument is at fault, not an entry. */
static enum dd_status fail(const struct dd_address_space *space, uint64_t vaddr,
                           enum dd_status status)
{
    return dd_paging_fail(
        space, (struct dd_paging_error){.status = status, .vaddr = dd_vaddr_from(vaddr)});
}

static enum dd_status set_bytes(struct dd_paging_request *request, dd_vaddr vaddr, uint64_t length)
{
    unsigned int width = dd_paging_linear_width(&request->space->format);
    uint64_t last = vaddr.raw + length - 1;

    if (!dd_is_aligned(vaddr.raw | length, dd_table_entry_bytes(request->level))) {
        return fail(request->space, vaddr.raw, DD_EALIGN);
    }
    if (!dd_vaddr_is_canonical(vaddr, width)) {
        return fail(request->space, vaddr.raw, DD_ECANONICAL);
    }
    if (last < vaddr.raw || (last ^ vaddr.raw) >> (width - 1) != 0) {
        return fail(request->space, vaddr.raw, DD_EWRAP);
    }
    request->first = vaddr.raw;
    request->last = last;
    return DD_OK;
}

enum dd_status dd_paging_request_page(struct dd_paging_request *request, dd_vaddr vaddr,
                                      enum dd_page_size size)
{
    switch (size) {
    case DD_PAGE_4K:
        request->level = 1;
        break;
    case DD_PAGE_2M:
        request->level = 2;
        break;
    case DD_PAGE_1G:
        if (!request->space->format.pages_1g) {
            return fail(request->space, vaddr.raw, DD_ENOTSUP);
        }
        request->level = 3;
        break;
    default:
        return fail(request->space, vaddr.raw, DD_EARG);
    }
    return set_bytes(request, vaddr, (uint64_t)size);
}

enum dd_status dd_paging_request_range(struct dd_paging_request *request, dd_vaddr vaddr,
                                       uint64_t length)
{
    if (length == 0) {
        return fail(request->space, vaddr.raw, DD_EARG);
    }
    request->level = 1;
    return set_bytes(request, vaddr, length);
}

enum dd_status dd_paging_request_table(struct dd_paging_request *request, dd_vaddr vaddr,
                                       unsigned int level)
{
    if (level < 2 || level > request->space->format.levels) {
        return fail(request->space, vaddr.raw, DD_EARG);
    }
    request->level = level;
    return set_bytes(request, vaddr, dd_table_entry_bytes(level));
}

enum dd_status dd_paging_request_flags(struct dd_paging_request *request, unsigned int flags)
{
    enum dd_status status = dd_paging_flags_check(&request->space->format, flags);

    if (status != DD_OK) {
        return fail(request->space, 0, status);
    }
    request->rights = flags & DD_MAP_RIGHTS;
    return DD_OK;
}

enum dd_status dd_paging_request_physical(const struct dd_paging_request *request, dd_paddr paddr)
{
    if (!dd_is_aligned(paddr.raw, dd_table_entry_bytes(request->level))) {
        return fail(request->space, request->first, DD_EALIGN);
    }
    if (!dd_paging_physical_is_valid(&request->space->format, paddr.raw,
                                     request->last - request->first + 1)) {
        return fail(request->space, request->first, DD_EARG);
    }
    return DD_OK;
}

enum dd_status dd_paging_request_pending(const struct dd_paging_request *request,
                                         const struct dd_tlb_pending *pending)
{
    enum dd_status status = dd_tlb_check(pending, request->space);

    return status == DD_OK ? DD_OK : fail(request->space, 0, status);
}
