/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Addresses counted one after the other: the successor function behind all
 * steps and ranges.
 *
 * The ordinal of an address is how many addresses are before it, the hole left
 * out. Of a canonical virtual address these are its low bits, since the bits
 * above repeat the highest of them: the lower half has the ordinals from 0, the
 * upper half follows at once, and order is kept. Of a physical address it is the
 * number itself. An address space ends at ordinal 2^width, which is a number
 * even where the address after the last one is not, so a range can end there.
 */
#ifndef DRYDOCK_ORDINAL_H
#define DRYDOCK_ORDINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

enum {
    DD_ORDINAL_VIRTUAL_4_LEVELS = 48, /**< bits of a linear address. [SDM 3A] 4.5 */
    DD_ORDINAL_VIRTUAL_5_LEVELS = 57,
    DD_ORDINAL_PHYSICAL_MAX = 52, /**< bits of a physical address at most. [SDM 3A] 4.1.4 */
};

/** Number of addresses: one more than the last ordinal. */
static inline uint64_t dd_ordinal_end(unsigned int width)
{
    return UINT64_C(1) << width;
}

/** Ordinal of a canonical virtual address. */
static inline uint64_t dd_ordinal_of(dd_vaddr address, unsigned int width)
{
    return address.raw & (dd_ordinal_end(width) - 1);
}

/** Whether steps and ranges have a meaning in pages of this size. */
static inline bool dd_ordinal_is_step(uint64_t size, unsigned int width)
{
    return dd_is_power_of_two(size) && size <= dd_ordinal_end(width) / 2;
}

/** The width a structure member says: 0 stands for 48. */
static inline unsigned int dd_ordinal_virtual_width(uint8_t member)
{
    return member == 0 ? DD_ORDINAL_VIRTUAL_4_LEVELS : member;
}

/** Whether @p width and @p address are ones of virtual addresses. Spec: [SDM 1] 3.3.7.1. */
DD_MUST_CHECK static inline enum dd_status dd_ordinal_check_virtual(dd_vaddr address,
                                                                    unsigned int width)
{
    if (width != DD_ORDINAL_VIRTUAL_4_LEVELS && width != DD_ORDINAL_VIRTUAL_5_LEVELS) {
        return DD_EARG;
    }
    return dd_vaddr_is_canonical(address, width) ? DD_OK : DD_ECANONICAL;
}

/** Whether @p width and @p address are ones of physical addresses. */
DD_MUST_CHECK static inline enum dd_status dd_ordinal_check_physical(dd_paddr address,
                                                                     unsigned int width)
{
    if (width < 1 || width > DD_ORDINAL_PHYSICAL_MAX) {
        return DD_EARG;
    }
    return dd_paddr_is_within(address, width) ? DD_OK : DD_EARG;
}

#endif
