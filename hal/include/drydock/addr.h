/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Physical and virtual addresses as types of their own.
 *
 * Passing one where the other is meant does not compile. `.raw` is the number;
 * comparing the numbers of two canonical addresses orders them.
 *
 * How many bits an address has is not known before the kernel runs, so every
 * function that depends on it takes the width as an argument:
 *  - of virtual addresses 48 with 4-level paging, 57 with 5-level paging (CR4.LA57);
 *  - of physical addresses MAXPHYADDR as CPUID reports it, 1..52. Where one bit of
 *    a physical address selects memory encryption it is above all others and not
 *    part of the address: its number is the width.
 *
 * Canonical virtual addresses are two halves with a hole between them. Offsets,
 * addr_offset.h, are about the numbers: what would leave the half it starts in is
 * refused. Steps, addr_step.h, count pages one after the other and jump the hole.
 *
 * Spec: [SDM 1] 3.3; [SDM 3A] 4.1.
 */
#ifndef DRYDOCK_ADDR_H
#define DRYDOCK_ADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/status.h"

/** Physical address in bytes. Spec: [SDM 1] 3.3. */
typedef struct {
    uint64_t raw;
} dd_paddr;

/** Linear (virtual) address in bytes. Spec: [SDM 3A] 4.1. */
typedef struct {
    uint64_t raw;
} dd_vaddr;

/**
 * The physical address with this number.
 *
 * Spec: [SDM 3A] 4.1.4.
 */
static inline dd_paddr dd_paddr_from(uint64_t raw)
{
    return (dd_paddr){raw};
}

/**
 * The virtual address with this number; it need not be canonical.
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
static inline dd_vaddr dd_vaddr_from(uint64_t raw)
{
    return (dd_vaddr){raw};
}

/**
 * The virtual address a pointer of the kernel holds.
 *
 * Spec: [SDM 1] 3.3.7.
 */
static inline dd_vaddr dd_vaddr_of(const volatile void *pointer)
{
    return (dd_vaddr){(uint64_t)(uintptr_t)pointer};
}

/**
 * The pointer to what the kernel has at a virtual address.
 *
 * Spec: [SDM 1] 3.3.7.
 */
static inline void *dd_vaddr_pointer(dd_vaddr address)
{
    return (void *)(uintptr_t)address.raw;
}

/* ---- Alignment ---- */

/** Whether exactly one bit of @p value is set. */
static inline bool dd_is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
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
 * The smallest multiple of @p alignment that is not below @p value.
 *
 * @param alignment    a power of two
 * @param[out] result  the multiple
 * @retval DD_OK    *result is valid
 * @retval DD_EARG  @p alignment is not a power of two; *result untouched, as after all failures
 * @retval DD_EWRAP it would be 2^64
 */
DD_MUST_CHECK enum dd_status dd_align_up(uint64_t value, uint64_t alignment, uint64_t *result);

/* ---- Widths and canonical form ---- */

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

/**
 * The canonical address with the low @p width bits of @p raw: its highest bit is repeated above.
 *
 * @param width  48 or 57
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
static inline dd_vaddr dd_vaddr_truncate(uint64_t raw, unsigned int width)
{
    uint64_t sign = UINT64_C(1) << (width - 1);

    return (dd_vaddr){((raw & (2 * sign - 1)) ^ sign) - sign};
}

/**
 * Whether a physical address has no bit beyond the width.
 *
 * @param width  1..52
 *
 * Spec: [SDM 3A] 4.1.4.
 */
static inline bool dd_paddr_is_within(dd_paddr address, unsigned int width)
{
    return address.raw >> width == 0;
}

/**
 * The physical address with the low @p width bits of @p raw.
 *
 * @param width  1..52
 *
 * Spec: [SDM 3A] 4.1.4.
 */
static inline dd_paddr dd_paddr_truncate(uint64_t raw, unsigned int width)
{
    return (dd_paddr){raw & ((UINT64_C(1) << width) - 1)};
}

/**
 * The virtual address with this number, if it is one.
 *
 * @param width         48 or 57
 * @param[out] address  the address
 * @retval DD_OK          *address is valid
 * @retval DD_EARG        no such width; *address untouched, as after all failures
 * @retval DD_ECANONICAL  @p raw is not canonical; no bit is changed to make it so
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_from_checked(uint64_t raw, unsigned int width,
                                                   dd_vaddr *address);

/**
 * The physical address with this number, if it is one.
 *
 * @param width         1..52
 * @param[out] address  the address
 * @retval DD_OK    *address is valid
 * @retval DD_EARG  no such width, or @p raw is 2^width or more; *address untouched
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_from_checked(uint64_t raw, unsigned int width,
                                                   dd_paddr *address);

/* ---- Alignment of addresses ---- */

/**
 * The first canonical address from @p address on that is a multiple of @p alignment. It may be in
 * the upper half though @p address is in the lower one.
 *
 * @param alignment    a power of two
 * @param width        48 or 57
 * @param[out] result  the address
 * @retval DD_OK          *result is valid
 * @retval DD_EARG        @p alignment is not a power of two, or no such width; *result untouched,
 *                        as after all failures
 * @retval DD_ECANONICAL  @p address is not canonical
 * @retval DD_EWRAP       there is none before 2^64
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_align_up(dd_vaddr address, uint64_t alignment,
                                               unsigned int width, dd_vaddr *result);

/**
 * The last canonical address up to @p address that is a multiple of @p alignment. It may be in the
 * lower half though @p address is in the upper one.
 *
 * @param alignment    a power of two
 * @param width        48 or 57
 * @param[out] result  the address
 * @retval DD_OK          *result is valid
 * @retval DD_EARG        @p alignment is not a power of two, or no such width; *result untouched,
 *                        as after all failures
 * @retval DD_ECANONICAL  @p address is not canonical
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_align_down(dd_vaddr address, uint64_t alignment,
                                                 unsigned int width, dd_vaddr *result);

/**
 * The first physical address from @p address on that is a multiple of @p alignment.
 *
 * @param alignment    a power of two
 * @param width        1..52
 * @param[out] result  the address
 * @retval DD_OK     *result is valid
 * @retval DD_EARG   @p alignment is not a power of two, no such width, or @p address beyond it;
 *                   *result untouched, as after all failures
 * @retval DD_EWRAP  there is none below 2^width
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_align_up(dd_paddr address, uint64_t alignment,
                                               unsigned int width, dd_paddr *result);

/**
 * The last physical address up to @p address that is a multiple of @p alignment.
 *
 * @param alignment    a power of two
 * @param width        1..52
 * @param[out] result  the address
 * @retval DD_OK    *result is valid
 * @retval DD_EARG  @p alignment is not a power of two, no such width, or @p address beyond it;
 *                  *result untouched
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_align_down(dd_paddr address, uint64_t alignment,
                                                 unsigned int width, dd_paddr *result);

#endif
