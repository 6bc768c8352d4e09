/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Addresses a number of bytes above or below others.
 *
 * A result is in the same half of the virtual address space as the address it comes
 * from: an object is never on both sides of the hole. addr_step.h has the steps that
 * go over it. Widths are explained in addr.h.
 */
#ifndef DRYDOCK_ADDR_OFFSET_H
#define DRYDOCK_ADDR_OFFSET_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/**
 * The address a number of bytes above another, in the same half.
 *
 * @param bytes        0..2^64 - 1
 * @param width        48 or 57
 * @param[out] result  the address
 * @retval DD_OK          *result is valid
 * @retval DD_EARG        no such width; *result untouched, as after all failures
 * @retval DD_ECANONICAL  @p address is not canonical
 * @retval DD_EWRAP       the sum is in the hole, in the other half, or 2^64 or more
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_add(dd_vaddr address, uint64_t bytes, unsigned int width,
                                          dd_vaddr *result);

/**
 * The address a number of bytes below another, in the same half.
 *
 * @param bytes        0..2^64 - 1
 * @param width        48 or 57
 * @param[out] result  the address
 * @retval DD_OK          *result is valid
 * @retval DD_EARG        no such width; *result untouched, as after all failures
 * @retval DD_ECANONICAL  @p address is not canonical
 * @retval DD_EWRAP       the difference is in the hole, in the other half, or below 0
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_sub(dd_vaddr address, uint64_t bytes, unsigned int width,
                                          dd_vaddr *result);

/**
 * The difference of the numbers of two addresses; the hole counts if it is between them.
 *
 * @param[out] bytes  @p high minus @p low
 * @retval DD_OK    *bytes is valid
 * @retval DD_EARG  @p high is below @p low; *bytes untouched
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_difference(dd_vaddr low, dd_vaddr high, uint64_t *bytes);

/**
 * The physical address a number of bytes above another.
 *
 * @param bytes        0..2^64 - 1
 * @param width        1..52
 * @param[out] result  the address
 * @retval DD_OK     *result is valid
 * @retval DD_EARG   no such width, or @p address beyond it; *result untouched, as after all failures
 * @retval DD_EWRAP  the sum is 2^width or more
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_add(dd_paddr address, uint64_t bytes, unsigned int width,
                                          dd_paddr *result);

/**
 * The physical address a number of bytes below another.
 *
 * @param bytes        0..2^64 - 1
 * @param width        1..52
 * @param[out] result  the address
 * @retval DD_OK     *result is valid
 * @retval DD_EARG   no such width, or @p address beyond it; *result untouched, as after all failures
 * @retval DD_EWRAP  the difference is below 0
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_sub(dd_paddr address, uint64_t bytes, unsigned int width,
                                          dd_paddr *result);

/**
 * The difference of two physical addresses.
 *
 * @param[out] bytes  @p high minus @p low
 * @retval DD_OK    *bytes is valid
 * @retval DD_EARG  @p high is below @p low; *bytes untouched
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_difference(dd_paddr low, dd_paddr high, uint64_t *bytes);

#endif
