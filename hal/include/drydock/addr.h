/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Physical and virtual addresses as types of their own.
 *
 * Passing one where the other is meant does not compile. `.raw` is the number.
 */
#ifndef DRYDOCK_ADDR_H
#define DRYDOCK_ADDR_H

#include <stdbool.h>
#include <stdint.h>

/** Physical address in bytes. Spec: [SDM 1] 3.3. */
typedef struct {
    uint64_t raw;
} dd_paddr;

/** Linear (virtual) address in bytes. Spec: [SDM 3A] 4.1. */
typedef struct {
    uint64_t raw;
} dd_vaddr;

/** The physical address with this number. */
static inline dd_paddr dd_paddr_from(uint64_t raw)
{
    return (dd_paddr){raw};
}

/** The virtual address with this number; it need not be canonical. */
static inline dd_vaddr dd_vaddr_from(uint64_t raw)
{
    return (dd_vaddr){raw};
}

/**
 * Whether @p value is a multiple of @p alignment.
 *
 * @param alignment  a power of two
 */
static inline bool dd_is_aligned(uint64_t value, uint64_t alignment)
{
    return (value & (alignment - 1)) == 0;
}

/**
 * The largest multiple of @p alignment that is not above @p value.
 *
 * @param alignment  a power of two
 */
static inline uint64_t dd_align_down(uint64_t value, uint64_t alignment)
{
    return value & ~(alignment - 1);
}

/**
 * Whether a virtual address is canonical: the bits from @p width - 1 upward are all equal.
 *
 * @param width  implemented bits: 48 with 4-level paging, 57 with 5-level paging
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
static inline bool dd_vaddr_is_canonical(dd_vaddr address, unsigned int width)
{
    uint64_t high = address.raw >> (width - 1);

    return high == 0 || high == UINT64_MAX >> (width - 1);
}

#endif
