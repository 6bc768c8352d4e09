/* SPDX-License-Identifier: MIT */
/*
 * Ranges of virtual addresses. What is asked of a range is asked of its ordinals
 * (ordinal.h), where the halves of the address space are one piece; a result
 * becomes addresses again when it is handed out. [SDM 1] 3.3.7.1.
 */
#include "drydock/range.h"

#include "ordinal.h"
#include "range_span.h"

static struct dd_span to_span(const struct dd_vaddr_range *range)
{
    uint64_t first = dd_ordinal_of(range->start, range->width);

    return (struct dd_span){first, first + range->length, range->width};
}

/* An empty one at the very end starts at an ordinal that no address has; truncated, it is one. */
static struct dd_vaddr_range from_span(struct dd_span span)
{
    return (struct dd_vaddr_range){
        .start = dd_vaddr_truncate(span.first, span.width),
        .length = span.end - span.first,
        .width = span.width,
    };
}

enum dd_status dd_vaddr_range_from_length(dd_vaddr start, uint64_t length, unsigned int width,
                                          struct dd_vaddr_range *range)
{
    enum dd_status status = dd_ordinal_check_virtual(start, width);

    if (status != DD_OK) {
        return status;
    }
    if (length > dd_ordinal_end(width) - dd_ordinal_of(start, width)) {
        return DD_EWRAP;
    }
    *range = (struct dd_vaddr_range){start, length, width};
    return DD_OK;
}

enum dd_status dd_vaddr_range_inclusive(dd_vaddr first, dd_vaddr last, unsigned int width,
                                        struct dd_vaddr_range *range)
{
    enum dd_status status = dd_ordinal_check_virtual(first, width);

    if (status == DD_OK) {
        status = dd_ordinal_check_virtual(last, width);
    }
    if (status != DD_OK) {
        return status;
    }
    if (last.raw < first.raw) {
        return DD_EARG;
    }
    *range = (struct dd_vaddr_range){
        first, dd_ordinal_of(last, width) - dd_ordinal_of(first, width) + 1, width};
    return DD_OK;
}

/* The range is empty or ends with the address before `end`, which exists even where `end` does not. */
enum dd_status dd_vaddr_range_half_open(dd_vaddr start, dd_vaddr end, unsigned int width,
                                        struct dd_vaddr_range *range)
{
    enum dd_status status = dd_ordinal_check_virtual(start, width);

    if (status != DD_OK) {
        return status;
    }
    if (end.raw == start.raw) {
        *range = (struct dd_vaddr_range){start, 0, width};
        return DD_OK;
    }
    if (end.raw == dd_vaddr_truncate(dd_ordinal_end(width) / 2, width).raw) {
        end = dd_vaddr_from(dd_ordinal_end(width) / 2);
    }
    return dd_vaddr_range_inclusive(start, dd_vaddr_from(end.raw - 1), width, range);
}

enum dd_status dd_vaddr_range_last(const struct dd_vaddr_range *range, dd_vaddr *last)
{
    if (range->length == 0) {
        return DD_ENOENT;
    }
    *last = dd_vaddr_truncate(to_span(range).end - 1, range->width);
    return DD_OK;
}

bool dd_vaddr_range_contains(const struct dd_vaddr_range *range, dd_vaddr address)
{
    struct dd_span span = to_span(range);
    uint64_t ordinal = dd_ordinal_of(address, range->width);

    return dd_vaddr_is_canonical(address, range->width) && ordinal >= span.first &&
           ordinal < span.end;
}

bool dd_vaddr_range_overlaps(const struct dd_vaddr_range *a, const struct dd_vaddr_range *b)
{
    struct dd_span common = dd_span_intersect(to_span(a), to_span(b));

    return common.first != common.end;
}

enum dd_status dd_vaddr_range_intersect(const struct dd_vaddr_range *a,
                                        const struct dd_vaddr_range *b,
                                        struct dd_vaddr_range *common)
{
    if (a->width != b->width) {
        return DD_EARG;
    }
    *common = from_span(dd_span_intersect(to_span(a), to_span(b)));
    return DD_OK;
}

enum dd_status dd_vaddr_range_round(const struct dd_vaddr_range *range, uint64_t size,
                                    enum dd_rounding rounding, struct dd_vaddr_range *result)
{
    struct dd_span rounded;
    enum dd_status status = dd_span_round(to_span(range), size, rounding, &rounded);

    if (status == DD_OK) {
        *result = from_span(rounded);
    }
    return status;
}

enum dd_status dd_vaddr_range_pages(const struct dd_vaddr_range *range, uint64_t size,
                                    uint64_t *count)
{
    return dd_span_count(to_span(range), size, count);
}

enum dd_status dd_vaddr_range_take(struct dd_vaddr_range *range, uint64_t size, dd_vaddr *page)
{
    struct dd_span rest = to_span(range);
    uint64_t pages = 0;
    enum dd_status status = dd_span_count(rest, size, &pages);

    if (status != DD_OK) {
        return status;
    }
    if (pages == 0) {
        return DD_ENOENT;
    }
    *page = range->start;
    rest.first += size;
    *range = from_span(rest);
    return DD_OK;
}
