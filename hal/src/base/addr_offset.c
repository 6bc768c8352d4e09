/* SPDX-License-Identifier: MIT */
/*
 * Sums of addresses and bytes. Both halves of the canonical addresses are as long as
 * 2^(width - 1), [SDM 1] 3.3.7.1, so the bits below the highest implemented one say
 * how much room there is down to the start and up to the end of a half. A sum is
 * compared with that room before it is made: it cannot overflow.
 */
#include "drydock/addr_offset.h"

#include "drydock/addr_step.h"
#include "ordinal.h"

/* Bytes of its half that are below an address. */
static uint64_t below_in_half(dd_vaddr address, unsigned int width)
{
    return address.raw & (dd_ordinal_end(width) / 2 - 1);
}

enum dd_status dd_vaddr_add(dd_vaddr address, uint64_t bytes, unsigned int width, dd_vaddr *result)
{
    enum dd_status status = dd_ordinal_check_virtual(address, width);

    if (status != DD_OK) {
        return status;
    }
    if (bytes >= dd_ordinal_end(width) / 2 - below_in_half(address, width)) {
        return DD_EWRAP;
    }
    *result = dd_vaddr_from(address.raw + bytes);
    return DD_OK;
}

enum dd_status dd_vaddr_sub(dd_vaddr address, uint64_t bytes, unsigned int width, dd_vaddr *result)
{
    enum dd_status status = dd_ordinal_check_virtual(address, width);

    if (status != DD_OK) {
        return status;
    }
    if (bytes > below_in_half(address, width)) {
        return DD_EWRAP;
    }
    *result = dd_vaddr_from(address.raw - bytes);
    return DD_OK;
}

static enum dd_status difference(uint64_t low, uint64_t high, uint64_t *bytes)
{
    if (high < low) {
        return DD_EARG;
    }
    *bytes = high - low;
    return DD_OK;
}

enum dd_status dd_vaddr_difference(dd_vaddr low, dd_vaddr high, uint64_t *bytes)
{
    return difference(low.raw, high.raw, bytes);
}

enum dd_status dd_paddr_add(dd_paddr address, uint64_t bytes, unsigned int width, dd_paddr *result)
{
    return dd_paddr_forward(address, bytes, 1, width, result);
}

enum dd_status dd_paddr_sub(dd_paddr address, uint64_t bytes, unsigned int width, dd_paddr *result)
{
    return dd_paddr_backward(address, bytes, 1, width, result);
}

enum dd_status dd_paddr_difference(dd_paddr low, dd_paddr high, uint64_t *bytes)
{
    return difference(low.raw, high.raw, bytes);
}
