/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Ranges of physical addresses: what range.h has for virtual ones.
 *
 * Like those they may be empty or end where the address space does, at 2^width.
 * Widths are explained in addr.h. Two ranges that are compared must be of one width.
 */
#ifndef DRYDOCK_RANGE_PHYSICAL_H
#define DRYDOCK_RANGE_PHYSICAL_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/range.h"
#include "drydock/status.h"

/** Physical addresses one after the other. */
struct dd_paddr_range {
    dd_paddr start;     /**< the first; without meaning if there is none */
    uint64_t length;    /**< how many, 0..2^width */
    unsigned int width; /**< bits of an address */
};

/* ---- Making ---- */

/**
 * The range of a number of physical addresses.
 *
 * @param start       the first: below 2^width
 * @param length      bytes, 0..2^width
 * @param width       1..52
 * @param[out] range  the range
 * @retval DD_OK     *range is valid
 * @retval DD_EARG   no such width, or @p start beyond it; *range untouched, as after all failures
 * @retval DD_EWRAP  there are not so many addresses up to 2^width
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_range_from_length(dd_paddr start, uint64_t length,
                                                        unsigned int width,
                                                        struct dd_paddr_range *range);

/**
 * The range from one physical address to another, the latter included.
 *
 * @param first       the first: below 2^width
 * @param last        the last: below 2^width, not below @p first
 * @param width       1..52
 * @param[out] range  the range, at least one byte
 * @retval DD_OK    *range is valid
 * @retval DD_EARG  no such width, one of the two beyond it, or @p last is below @p first; *range
 *                  untouched
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_range_inclusive(dd_paddr first, dd_paddr last,
                                                      unsigned int width,
                                                      struct dd_paddr_range *range);

/**
 * The range from one physical address to another, the latter not included.
 *
 * @param start       the first: below 2^width
 * @param end         one after the last: up to 2^width, not below @p start
 * @param width       1..52
 * @param[out] range  the range; empty if @p end equals @p start
 * @retval DD_OK    *range is valid
 * @retval DD_EARG  no such width, one of the two beyond it, or @p end is below @p start; *range
 *                  untouched
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_range_half_open(dd_paddr start, dd_paddr end,
                                                      unsigned int width,
                                                      struct dd_paddr_range *range);

/* ---- Asking ---- */

/**
 * The last address of a range.
 *
 * @param[out] last  the address
 * @retval DD_OK      *last is valid
 * @retval DD_ENOENT  the range is empty; *last untouched
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_range_last(const struct dd_paddr_range *range,
                                                 dd_paddr *last);

/**
 * Whether an address, within the width or not, is in a range.
 *
 * Spec: [SDM 3A] 4.1.4.
 */
bool dd_paddr_range_contains(const struct dd_paddr_range *range, dd_paddr address);

/**
 * Whether two ranges of one width have an address in common.
 *
 * Spec: [SDM 3A] 4.1.4.
 */
bool dd_paddr_range_overlaps(const struct dd_paddr_range *a, const struct dd_paddr_range *b);

/**
 * What two ranges have in common.
 *
 * @param[out] common  the range, empty if there is nothing; may be @p a or @p b
 * @retval DD_OK    *common is valid
 * @retval DD_EARG  the ranges are not of one width; *common untouched
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_range_intersect(const struct dd_paddr_range *a,
                                                      const struct dd_paddr_range *b,
                                                      struct dd_paddr_range *common);

/* ---- Frames ---- */

/**
 * The frames of a range, as a range with frame boundaries at its ends.
 *
 * @param size         bytes of a frame: a power of two up to 2^(width - 1)
 * @param rounding     what becomes of frames that are only partly in the range
 * @param[out] result  the range, empty if there is no such frame; may be @p range
 * @retval DD_OK    *result is valid
 * @retval DD_EARG  no such size or rounding; *result untouched
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_range_round(const struct dd_paddr_range *range, uint64_t size,
                                                  enum dd_rounding rounding,
                                                  struct dd_paddr_range *result);

/**
 * How many frames a range is.
 *
 * @param size        bytes of a frame: a power of two up to 2^(width - 1)
 * @param[out] count  frames
 * @retval DD_OK      *count is valid
 * @retval DD_EARG    no such size; *count untouched, as after all failures
 * @retval DD_EALIGN  the range does not start and end at frame boundaries
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_range_frames(const struct dd_paddr_range *range,
                                                   uint64_t size, uint64_t *count);

/**
 * Take the first frame off a range.
 *
 * @param[in,out] range  one frame shorter afterwards
 * @param size           bytes of a frame: a power of two up to 2^(width - 1)
 * @param[out] frame     first byte of the frame
 * @retval DD_OK      *frame is valid
 * @retval DD_ENOENT  nothing is left; both untouched, as after all failures
 * @retval DD_EARG    no such size
 * @retval DD_EALIGN  the range does not start and end at frame boundaries
 *
 * Spec: [SDM 3A] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_paddr_range_take(struct dd_paddr_range *range, uint64_t size,
                                                 dd_paddr *frame);

#endif
