/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Steps from page to page: what comes after the last one of the lower half is the
 * first one of the upper half.
 *
 * Sizes are bytes: enum dd_page_size, any other power of two, or 1 to count single
 * addresses. Widths are explained in addr.h.
 */
#ifndef DRYDOCK_ADDR_STEP_H
#define DRYDOCK_ADDR_STEP_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/**
 * The page a number of pages after another; the hole is jumped over.
 *
 * @param page         its first byte: canonical, a multiple of @p size
 * @param count        pages, 0..2^64 - 1
 * @param size         bytes of a page: a power of two up to 2^(width - 1), 1 for single bytes
 * @param width        48 or 57
 * @param[out] result  first byte of the page found
 * @retval DD_OK          *result is valid
 * @retval DD_EARG        no such size or width; *result untouched, as after all failures
 * @retval DD_ECANONICAL  @p page is not canonical
 * @retval DD_EALIGN      @p page is not a multiple of @p size
 * @retval DD_EWRAP       there are not so many pages up to 2^64
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_forward(dd_vaddr page, uint64_t count, uint64_t size,
                                              unsigned int width, dd_vaddr *result);

/**
 * The page a number of pages before another; the hole is jumped over.
 *
 * @param page         its first byte: canonical, a multiple of @p size
 * @param count        pages, 0..2^64 - 1
 * @param size         bytes of a page: a power of two up to 2^(width - 1), 1 for single bytes
 * @param width        48 or 57
 * @param[out] result  first byte of the page found
 * @retval DD_OK          *result is valid
 * @retval DD_EARG        no such size or width; *result untouched, as after all failures
 * @retval DD_ECANONICAL  @p page is not canonical
 * @retval DD_EALIGN      @p page is not a multiple of @p size
 * @retval DD_EWRAP       there are not so many pages down to 0
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_backward(dd_vaddr page, uint64_t count, uint64_t size,
                                               unsigned int width, dd_vaddr *result);

/**
 * How many steps lead from one page to another; the hole does not count.
 *
 * @param from        first byte of a page: canonical, a multiple of @p size
 * @param to          the same of one not before it
 * @param size        bytes of a page: a power of two up to 2^(width - 1), 1 for single bytes
 * @param width       48 or 57
 * @param[out] count  what dd_vaddr_forward() takes to come from @p from to @p to
 * @retval DD_OK          *count is valid
 * @retval DD_EARG        no such size or width, or @p to is below @p from; *count untouched, as
 *                        after all failures
 * @retval DD_ECANONICAL  one of the two is not canonical
 * @retval DD_EALIGN      one of the two is not a multiple of @p size
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_distance(dd_vaddr from, dd_vaddr to, uint64_t size,
                                               unsigned int width, uint64_t *count);

/**
 * The frame a number of frames after another.
 *
 * @param frame        its first byte: within the width, a multiple of @p size
 * @param count        frames, 0..2^64 - 1
 * @param size         bytes of a frame: a power of two up to 2^(width - 1), 1 for single bytes
 * @param width        1..52
 * @param[out] result  first byte of the frame found
 * @retval DD_OK      *result is valid
 * @retval DD_EARG    no such size or width, or @p frame beyond it; *result untouched, as after all
 *                    failures
 * @retval DD_EALIGN  @p frame is not a multiple of @p size
 * @retval DD_EWRAP   there are not so many frames below 2^width
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_forward(dd_paddr frame, uint64_t count, uint64_t size,
                                              unsigned int width, dd_paddr *result);

/**
 * The frame a number of frames before another.
 *
 * @param frame        its first byte: within the width, a multiple of @p size
 * @param count        frames, 0..2^64 - 1
 * @param size         bytes of a frame: a power of two up to 2^(width - 1), 1 for single bytes
 * @param width        1..52
 * @param[out] result  first byte of the frame found
 * @retval DD_OK      *result is valid
 * @retval DD_EARG    no such size or width, or @p frame beyond it; *result untouched, as after all
 *                    failures
 * @retval DD_EALIGN  @p frame is not a multiple of @p size
 * @retval DD_EWRAP   there are not so many frames down to 0
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_backward(dd_paddr frame, uint64_t count, uint64_t size,
                                               unsigned int width, dd_paddr *result);

/**
 * How many steps lead from one frame to another.
 *
 * @param from        first byte of a frame: within the width, a multiple of @p size
 * @param to          the same of one not before it
 * @param size        bytes of a frame: a power of two up to 2^(width - 1), 1 for single bytes
 * @param width       1..52
 * @param[out] count  what dd_paddr_forward() takes to come from @p from to @p to
 * @retval DD_OK      *count is valid
 * @retval DD_EARG    no such size or width, one of the two beyond it, or @p to is below @p from;
 *                    *count untouched, as after all failures
 * @retval DD_EALIGN  one of the two is not a multiple of @p size
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_distance(dd_paddr from, dd_paddr to, uint64_t size,
                                               unsigned int width, uint64_t *count);

#endif
