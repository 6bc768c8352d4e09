/* SPDX-License-Identifier: MIT */
/*
 * Parts of an address space. A part is kept as its first ordinal and the one
 * after its last, which at the end of the space is 2^width: a number like any
 * other, since no address has 64 bits.
 */
#include "range_span.h"

#include "ordinal.h"

struct dd_span dd_span_intersect(struct dd_span a, struct dd_span b)
{
    uint64_t first = a.first > b.first ? a.first : b.first;
    uint64_t end = a.end < b.end ? a.end : b.end;

    return (struct dd_span){first, end > first ? end : first, a.width};
}

enum dd_status dd_span_round(struct dd_span span, uint64_t size, enum dd_rounding rounding,
                             struct dd_span *result)
{
    uint64_t before = 0;

    if (!dd_ordinal_is_step(size, span.width) ||
        (rounding != DD_ROUND_OUTWARD && rounding != DD_ROUND_INWARD)) {
        return DD_EARG;
    }
    before = size - 1;
    if (span.first == span.end) {
        *result = span;
    } else if (rounding == DD_ROUND_OUTWARD) {
        *result = (struct dd_span){dd_align_down(span.first, size),
                                   dd_align_down(span.end + before, size), span.width};
    } else {
        struct dd_span whole = {dd_align_down(span.first + before, size),
                                dd_align_down(span.end, size), span.width};

        *result = dd_span_intersect(whole, whole);
    }
    return DD_OK;
}

enum dd_status dd_span_count(struct dd_span span, uint64_t size, uint64_t *count)
{
    if (!dd_ordinal_is_step(size, span.width)) {
        return DD_EARG;
    }
    if (span.first != span.end && !dd_is_aligned(span.first | span.end, size)) {
        return DD_EALIGN;
    }
    *count = (span.end - span.first) / size;
    return DD_OK;
}
