/* SPDX-License-Identifier: MIT */
/*
 * Ranges of physical addresses. They have no hole and end at 2^MAXPHYADDR, which
 * has a number, so their ordinals are the addresses. [SDM 3A] 4.1.4.
 */
#include "drydock/range_physical.h"

#include "ordinal.h"
#include "range_span.h"

static struct dd_span to_span(const struct dd_paddr_range *range)
{
    return (struct dd_span){range->start.raw, range->start.raw + range->length, range->width};
}

static struct dd_paddr_range from_span(struct dd_span span)
{
    return (struct dd_paddr_range){
        .start = dd_paddr_from(span.first),
        .length = span.end - span.first,
        .width = span.width,
    };
}

enum dd_status dd_paddr_range_from_length(dd_paddr start, uint64_t length, unsigned int width,
                                          struct dd_paddr_range *range)
{
    enum dd_status status = dd_ordinal_check_physical(start, width);

    if (status != DD_OK) {
        return status;
    }
    if (length > dd_ordinal_end(width) - start.raw) {
        return DD_EWRAP;
    }
    *range = (struct dd_paddr_range){start, length, width};
    return DD_OK;
}

enum dd_status dd_paddr_range_inclusive(dd_paddr first, dd_paddr last, unsigned int width,
                                        struct dd_paddr_range *range)
{
    enum dd_status status = dd_ordinal_check_physical(last, width);

    if (status == DD_OK && last.raw < first.raw) {
        status = DD_EARG;
    }
    if (status != DD_OK) {
        return status;
    }
    return dd_paddr_range_half_open(first, dd_paddr_from(last.raw + 1), width, range);
}

enum dd_status dd_paddr_range_half_open(dd_paddr start, dd_paddr end, unsigned int width,
                                        struct dd_paddr_range *range)
{
    enum dd_status status = dd_ordinal_check_physical(start, width);

    if (status != DD_OK) {
        return status;
    }
    if (end.raw < start.raw || end.raw > dd_ordinal_end(width)) {
        return DD_EARG;
    }
    *range = (struct dd_paddr_range){start, end.raw - start.raw, width};
    return DD_OK;
}

enum dd_status dd_paddr_range_last(const struct dd_paddr_range *range, dd_paddr *last)
{
    if (range->length == 0) {
        return DD_ENOENT;
    }
    *last = dd_paddr_from(to_span(range).end - 1);
    return DD_OK;
}

bool dd_paddr_range_contains(const struct dd_paddr_range *range, dd_paddr address)
{
    struct dd_span span = to_span(range);

    return address.raw >= span.first && address.raw < span.end;
}

bool dd_paddr_range_overlaps(const struct dd_paddr_range *a, const struct dd_paddr_range *b)
{
    struct dd_span common = dd_span_intersect(to_span(a), to_span(b));

    return common.first != common.end;
}

enum dd_status dd_paddr_range_intersect(const struct dd_paddr_range *a,
                                        const struct dd_paddr_range *b,
                                        struct dd_paddr_range *common)
{
    if (a->width != b->width) {
        return DD_EARG;
    }
    *common = from_span(dd_span_intersect(to_span(a), to_span(b)));
    return DD_OK;
}

enum dd_status dd_paddr_range_round(const struct dd_paddr_range *range, uint64_t size,
                                    enum dd_rounding rounding, struct dd_paddr_range *result)
{
    struct dd_span rounded;
    enum dd_status status = dd_span_round(to_span(range), size, rounding, &rounded);

    if (status == DD_OK) {
        *result = from_span(rounded);
    }
    return status;
}

enum dd_status dd_paddr_range_frames(const struct dd_paddr_range *range, uint64_t size,
                                     uint64_t *count)
{
    return dd_span_count(to_span(range), size, count);
}

enum dd_status dd_paddr_range_take(struct dd_paddr_range *range, uint64_t size, dd_paddr *frame)
{
    struct dd_span rest = to_span(range);
    uint64_t frames = 0;
    enum dd_status status = dd_span_count(rest, size, &frames);

    if (status != DD_OK) {
        return status;
    }
    if (frames == 0) {
        return DD_ENOENT;
    }
    *frame = range->start;
    rest.first += size;
    *range = from_span(rest);
    return DD_OK;
}
