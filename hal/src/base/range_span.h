/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What ranges of virtual and of physical addresses have in common: a part of an
 * address space in ordinals, see ordinal.h.
 */
#ifndef DRYDOCK_RANGE_SPAN_H
#define DRYDOCK_RANGE_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/range.h"

/** The ordinals from `first` to before `end`; at most 2^width, so neither sum overflows. */
struct dd_span {
    uint64_t first;
    uint64_t end;
    unsigned int width;
};

/** Both spans' ordinals; none if they have nothing in common. */
struct dd_span dd_span_intersect(struct dd_span a, struct dd_span b);

/**
 * The span with its ends moved to multiples of @p size.
 *
 * @retval DD_EARG  no such size or rounding; *result untouched
 */
DD_MUST_CHECK enum dd_status dd_span_round(struct dd_span span, uint64_t size,
                                           enum dd_rounding rounding, struct dd_span *result);

/**
 * How many pieces of @p size a span is.
 *
 * @retval DD_EARG    no such size; *count untouched
 * @retval DD_EALIGN  an end is not a multiple of it; *count untouched
 */
DD_MUST_CHECK enum dd_status dd_span_count(struct dd_span span, uint64_t size, uint64_t *count);

#endif
