/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Ranges of virtual addresses. Those of physical ones are in range_physical.h.
 *
 * A range is a first address and a number of bytes, so it may be empty, touch
 * both edges of the hole, cross it, or end where the address space does: nothing
 * has to be said about the byte after its last one. The hole does not count.
 *
 * Ranges are made by the functions below and then only read; dd_vaddr_range_take()
 * uses one up page by page:
 *
 *     struct dd_vaddr_range rest = range;
 *     dd_vaddr page;
 *
 *     while (dd_vaddr_range_take(&rest, DD_PAGE_4K, &page) == DD_OK) {
 *         …
 *     }
 *
 * Widths are explained in addr.h. Two ranges that are compared must be of one width.
 */
#ifndef DRYDOCK_RANGE_H
#define DRYDOCK_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** Virtual addresses one after the other. */
struct dd_vaddr_range {
    dd_vaddr start;     /**< the first; without meaning if there is none */
    uint64_t length;    /**< how many, 0..2^width */
    unsigned int width; /**< bits of an address */
};

/** Which pages a range becomes that has no page boundaries at its ends. */
enum dd_rounding {
    DD_ROUND_OUTWARD, /**< all that have a byte in it */
    DD_ROUND_INWARD,  /**< those that have all bytes in it */
};

/* ---- Making ---- */

/**
 * The range of a number of addresses.
 *
 * @param start       the first: canonical
 * @param length      bytes, 0..2^width; the hole does not count
 * @param width       48 or 57
 * @param[out] range  the range
 * @retval DD_OK          *range is valid
 * @retval DD_EARG        no such width; *range untouched, as after all failures
 * @retval DD_ECANONICAL  @p start is not canonical
 * @retval DD_EWRAP       there are not so many addresses up to 2^64
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_range_from_length(dd_vaddr start, uint64_t length,
                                                        unsigned int width,
                                                        struct dd_vaddr_range *range);

/**
 * The range from one address to another, the latter included.
 *
 * @param first       the first: canonical
 * @param last        the last: canonical, not below @p first
 * @param width       48 or 57
 * @param[out] range  the range, at least one byte
 * @retval DD_OK          *range is valid
 * @retval DD_EARG        no such width, or @p last is below @p first; *range untouched, as after
 *                        all failures
 * @retval DD_ECANONICAL  one of the two is not canonical
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_range_inclusive(dd_vaddr first, dd_vaddr last,
                                                      unsigned int width,
                                                      struct dd_vaddr_range *range);

/**
 * The range from one address to another, the latter not included.
 *
 * @param start       the first: canonical
 * @param end         one after the last: canonical; the first byte of the hole, for a range that
 *                    ends with the lower half; or 0 for one that ends at 2^64. The range is empty
 *                    if it equals @p start, so if both are 0.
 * @param width       48 or 57
 * @param[out] range  the range
 * @retval DD_OK          *range is valid
 * @retval DD_EARG        no such width, or @p end is below @p start and not 0; *range untouched,
 *                        as after all failures
 * @retval DD_ECANONICAL  one of the two is in the hole, but for @p end at its first byte
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_range_half_open(dd_vaddr start, dd_vaddr end,
                                                      unsigned int width,
                                                      struct dd_vaddr_range *range);

/* ---- Asking ---- */

/**
 * The last address of a range.
 *
 * @param[out] last  the address
 * @retval DD_OK      *last is valid
 * @retval DD_ENOENT  the range is empty; *last untouched
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_range_last(const struct dd_vaddr_range *range,
                                                 dd_vaddr *last);

/**
 * Whether an address, canonical or not, is in a range; one in the hole never is.
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
bool dd_vaddr_range_contains(const struct dd_vaddr_range *range, dd_vaddr address);

/**
 * Whether two ranges of one width have an address in common.
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
bool dd_vaddr_range_overlaps(const struct dd_vaddr_range *a, const struct dd_vaddr_range *b);

/**
 * What two ranges have in common.
 *
 * @param[out] common  the range, empty if there is nothing; may be @p a or @p b
 * @retval DD_OK    *common is valid
 * @retval DD_EARG  the ranges are not of one width; *common untouched
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_range_intersect(const struct dd_vaddr_range *a,
                                                      const struct dd_vaddr_range *b,
                                                      struct dd_vaddr_range *common);

/* ---- Pages ---- */

/**
 * The pages of a range, as a range with page boundaries at its ends.
 *
 * @param size         bytes of a page: a power of two up to 2^(width - 1)
 * @param rounding     what becomes of pages that are only partly in the range
 * @param[out] result  the range, empty if there is no such page; may be @p range
 * @retval DD_OK    *result is valid
 * @retval DD_EARG  no such size or rounding; *result untouched
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_range_round(const struct dd_vaddr_range *range, uint64_t size,
                                                  enum dd_rounding rounding,
                                                  struct dd_vaddr_range *result);

/**
 * How many pages a range is.
 *
 * @param size        bytes of a page: a power of two up to 2^(width - 1)
 * @param[out] count  pages
 * @retval DD_OK      *count is valid
 * @retval DD_EARG    no such size; *count untouched, as after all failures
 * @retval DD_EALIGN  the range does not start and end at page boundaries
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_range_pages(const struct dd_vaddr_range *range, uint64_t size,
                                                  uint64_t *count);

/**
 * Take the first page off a range.
 *
 * @param[in,out] range  one page shorter afterwards
 * @param size           bytes of a page: a power of two up to 2^(width - 1)
 * @param[out] page      first byte of the page
 * @retval DD_OK      *page is valid
 * @retval DD_ENOENT  nothing is left; both untouched, as after all failures
 * @retval DD_EARG    no such size
 * @retval DD_EALIGN  the range does not start and end at page boundaries
 *
 * Spec: [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_vaddr_range_take(struct dd_vaddr_range *range, uint64_t size,
                                                 dd_vaddr *page);

#endif
