/* SPDX-License-Identifier: MIT */
/*
 * Form and alignment of addresses. In 64-bit mode a linear address is canonical if
 * the bits from the highest implemented one upward are equal, [SDM 1] 3.3.7.1, so
 * the numbers of canonical addresses have a hole in the middle, and the number after
 * the last one is 0 again. A multiple may be in the hole or be 2^64: both are seen
 * before it is handed out.
 */
#include "drydock/addr.h"

#include "ordinal.h"

enum dd_status dd_align_up(uint64_t value, uint64_t alignment, uint64_t *result)
{
    if (!dd_is_power_of_two(alignment)) {
        return DD_EARG;
    }
    if (value > dd_align_down(UINT64_MAX, alignment)) {
        return DD_EWRAP;
    }
    *result = dd_align_down(value + (alignment - 1), alignment);
    return DD_OK;
}

enum dd_status dd_vaddr_from_checked(uint64_t raw, unsigned int width, dd_vaddr *address)
{
    enum dd_status status = dd_ordinal_check_virtual(dd_vaddr_from(raw), width);

    if (status == DD_OK) {
        *address = dd_vaddr_from(raw);
    }
    return status;
}

enum dd_status dd_paddr_from_checked(uint64_t raw, unsigned int width, dd_paddr *address)
{
    enum dd_status status = dd_ordinal_check_physical(dd_paddr_from(raw), width);

    if (status == DD_OK) {
        *address = dd_paddr_from(raw);
    }
    return status;
}

/* A multiple that falls into the hole is not one: the search goes on in the upper half. */
enum dd_status dd_vaddr_align_up(dd_vaddr address, uint64_t alignment, unsigned int width,
                                 dd_vaddr *result)
{
    enum dd_status status = dd_ordinal_check_virtual(address, width);
    uint64_t raw = 0;

    if (status == DD_OK) {
        status = dd_align_up(address.raw, alignment, &raw);
    }
    if (status == DD_OK && !dd_vaddr_is_canonical(dd_vaddr_from(raw), width)) {
        dd_vaddr upper = dd_vaddr_truncate(dd_ordinal_end(width) / 2, width);

        status = dd_align_up(upper.raw, alignment, &raw);
    }
    if (status == DD_OK) {
        *result = dd_vaddr_from(raw);
    }
    return status;
}

enum dd_status dd_vaddr_align_down(dd_vaddr address, uint64_t alignment, unsigned int width,
                                   dd_vaddr *result)
{
    enum dd_status status = dd_ordinal_check_virtual(address, width);
    uint64_t raw = dd_align_down(address.raw, alignment);

    if (status != DD_OK) {
        return status;
    }
    if (!dd_is_power_of_two(alignment)) {
        return DD_EARG;
    }
    if (!dd_vaddr_is_canonical(dd_vaddr_from(raw), width)) {
        raw = 0; /* what has no multiple in the upper half has only this one in the lower */
    }
    *result = dd_vaddr_from(raw);
    return DD_OK;
}

enum dd_status dd_paddr_align_up(dd_paddr address, uint64_t alignment, unsigned int width,
                                 dd_paddr *result)
{
    enum dd_status status = dd_ordinal_check_physical(address, width);
    uint64_t raw = 0;

    if (status == DD_OK) {
        status = dd_align_up(address.raw, alignment, &raw);
    }
    if (status != DD_OK) {
        return status;
    }
    if (!dd_paddr_is_within(dd_paddr_from(raw), width)) {
        return DD_EWRAP;
    }
    *result = dd_paddr_from(raw);
    return DD_OK;
}

enum dd_status dd_paddr_align_down(dd_paddr address, uint64_t alignment, unsigned int width,
                                   dd_paddr *result)
{
    enum dd_status status = dd_ordinal_check_physical(address, width);

    if (status == DD_OK && !dd_is_power_of_two(alignment)) {
        status = DD_EARG;
    }
    if (status == DD_OK) {
        *result = dd_paddr_from(dd_align_down(address.raw, alignment));
    }
    return status;
}
