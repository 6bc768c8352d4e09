/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about ranges of addresses: at 0, at both edges of the hole, at the top. */
#include "drydock/range.h"

#include "drydock/range_physical.h"
#include "tests/claims/claim.h"

static bool is(const struct dd_vaddr_range *range, uint64_t first, uint64_t last, uint64_t length)
{
    dd_vaddr address = dd_vaddr_from(1);

    return range->start.raw == first && range->length == length &&
           dd_vaddr_range_last(range, &address) == DD_OK && address.raw == last;
}

CLAIM(a_half_open_range_may_end_with_each_half)
{
    struct dd_vaddr_range range;
    dd_vaddr upper = dd_vaddr_from(0xFFFF800000000000);

    CLAIM_OK(dd_vaddr_range_half_open(dd_vaddr_from(0), upper, 48, &range));
    CLAIM_TRUE(is(&range, 0, 0x00007FFFFFFFFFFF, 0x800000000000));
    CLAIM_OK(dd_vaddr_range_half_open(dd_vaddr_from(0x1000), dd_vaddr_from(0x0000800000000000), 48,
                                      &range));
    CLAIM_TRUE(is(&range, 0x1000, 0x00007FFFFFFFFFFF, 0x7FFFFFFFF000));
    CLAIM_OK(dd_vaddr_range_half_open(upper, dd_vaddr_from(0), 48, &range));
    CLAIM_TRUE(is(&range, 0xFFFF800000000000, UINT64_MAX, 0x800000000000));
    CLAIM_OK(dd_vaddr_range_half_open(dd_vaddr_from(0), dd_vaddr_from(0), 48, &range));
    CLAIM_EQUAL(range.length, 0);
}

CLAIM(an_inclusive_range_may_be_the_whole_space)
{
    struct dd_vaddr_range range;
    uint64_t pages = 0;

    CLAIM_OK(dd_vaddr_range_inclusive(dd_vaddr_from(0), dd_vaddr_from(UINT64_MAX), 48, &range));
    CLAIM_TRUE(is(&range, 0, UINT64_MAX, 0x1000000000000));
    CLAIM_OK(dd_vaddr_range_pages(&range, 0x1000, &pages));
    CLAIM_EQUAL(pages, 0x1000000000);
    CLAIM_OK(dd_vaddr_range_inclusive(dd_vaddr_from(0), dd_vaddr_from(UINT64_MAX), 57, &range));
    CLAIM_TRUE(is(&range, 0, UINT64_MAX, 0x200000000000000));
    CLAIM_OK(dd_vaddr_range_pages(&range, 0x40000000, &pages));
    CLAIM_EQUAL(pages, 0x8000000);
}

CLAIM(ranges_that_wrap_or_end_in_the_hole_are_refused)
{
    struct dd_vaddr_range range = {dd_vaddr_from(1), 1, 48};
    dd_vaddr zero = dd_vaddr_from(0);
    dd_vaddr top = dd_vaddr_from(UINT64_MAX);
    dd_vaddr hole = dd_vaddr_from(0x0000800000000001);

    CLAIM_STATUS(dd_vaddr_range_from_length(top, 2, 48, &range), DD_EWRAP);
    CLAIM_STATUS(dd_vaddr_range_from_length(zero, UINT64_MAX, 48, &range), DD_EWRAP);
    CLAIM_STATUS(dd_vaddr_range_from_length(hole, 0, 48, &range), DD_ECANONICAL);
    CLAIM_STATUS(dd_vaddr_range_inclusive(zero, hole, 48, &range), DD_ECANONICAL);
    CLAIM_STATUS(dd_vaddr_range_half_open(zero, hole, 48, &range), DD_ECANONICAL);
    CLAIM_STATUS(dd_vaddr_range_inclusive(top, zero, 48, &range), DD_EARG);
    CLAIM_STATUS(dd_vaddr_range_half_open(top, dd_vaddr_from(1), 48, &range), DD_EARG);
    CLAIM_STATUS(dd_vaddr_range_half_open(zero, top, 49, &range), DD_EARG);
    CLAIM_TRUE(is(&range, 1, 1, 1));
}

CLAIM(ranges_meet_at_the_hole_without_overlapping)
{
    struct dd_vaddr_range lower;
    struct dd_vaddr_range upper;
    struct dd_vaddr_range both;
    dd_vaddr low = dd_vaddr_from(0x00007FFFFFFFFFFF);
    dd_vaddr high = dd_vaddr_from(0xFFFF800000000000);

    CLAIM_OK(dd_vaddr_range_inclusive(dd_vaddr_from(0), low, 48, &lower));
    CLAIM_OK(dd_vaddr_range_inclusive(high, dd_vaddr_from(UINT64_MAX), 48, &upper));
    CLAIM_OK(dd_vaddr_range_inclusive(low, high, 48, &both));
    CLAIM_TRUE(!dd_vaddr_range_overlaps(&lower, &upper));
    CLAIM_TRUE(dd_vaddr_range_overlaps(&lower, &both));
    CLAIM_TRUE(dd_vaddr_range_overlaps(&upper, &both));
    CLAIM_TRUE(dd_vaddr_range_contains(&both, low));
    CLAIM_TRUE(dd_vaddr_range_contains(&both, high));
    CLAIM_TRUE(!dd_vaddr_range_contains(&both, dd_vaddr_from(low.raw + 1)));
    CLAIM_TRUE(!dd_vaddr_range_contains(&both, dd_vaddr_from(high.raw - 1)));
    CLAIM_OK(dd_vaddr_range_intersect(&both, &upper, &both));
    CLAIM_TRUE(is(&both, high.raw, high.raw, 1));
    CLAIM_OK(dd_vaddr_range_intersect(&lower, &both, &both));
    CLAIM_EQUAL(both.length, 0);
    lower.width = 57;
    CLAIM_STATUS(dd_vaddr_range_intersect(&lower, &upper, &both), DD_EARG);
}

CLAIM(ranges_round_to_pages_outward_and_inward)
{
    struct dd_vaddr_range range;
    struct dd_vaddr_range pages = {dd_vaddr_from(1), 1, 48};

    CLAIM_OK(dd_vaddr_range_inclusive(dd_vaddr_from(0x00007FFFFFFFEFFF),
                                      dd_vaddr_from(0xFFFF800000001000), 48, &range));
    CLAIM_STATUS(dd_vaddr_range_round(&range, 0x1001, DD_ROUND_INWARD, &pages), DD_EARG);
    CLAIM_STATUS(dd_vaddr_range_round(&range, 0x1000, (enum dd_rounding)7, &pages), DD_EARG);
    CLAIM_TRUE(is(&pages, 1, 1, 1));
    CLAIM_OK(dd_vaddr_range_round(&range, 0x1000, DD_ROUND_INWARD, &pages));
    CLAIM_TRUE(is(&pages, 0x00007FFFFFFFF000, 0xFFFF800000000FFF, 0x2000));
    CLAIM_OK(dd_vaddr_range_round(&range, 0x1000, DD_ROUND_OUTWARD, &pages));
    CLAIM_TRUE(is(&pages, 0x00007FFFFFFFE000, 0xFFFF800000001FFF, 0x4000));
    CLAIM_OK(dd_vaddr_range_round(&range, 0x40000000, DD_ROUND_OUTWARD, &pages));
    CLAIM_TRUE(is(&pages, 0x00007FFFC0000000, 0xFFFF80003FFFFFFF, 0x80000000));
    CLAIM_OK(dd_vaddr_range_round(&range, 0x200000, DD_ROUND_INWARD, &pages));
    CLAIM_EQUAL(pages.length, 0);
}

/* Two pages before an edge and, if there is something, two after it. */
static bool takes(uint64_t first, uint64_t length, unsigned int width, const uint64_t pages[4])
{
    struct dd_vaddr_range rest;
    uint64_t size = length / 4;
    dd_vaddr page = dd_vaddr_from(1);

    if (dd_vaddr_range_from_length(dd_vaddr_from(first), length, width, &rest) != DD_OK) {
        return false;
    }
    for (unsigned int i = 0; i < 4; i++) {
        if (dd_vaddr_range_take(&rest, size, &page) != DD_OK || page.raw != pages[i]) {
            return false;
        }
    }
    return dd_vaddr_range_take(&rest, size, &page) == DD_ENOENT && page.raw == pages[3];
}

CLAIM(pages_of_every_size_are_taken_up_to_the_top_and_across_the_hole)
{
    static const uint64_t sizes[] = {0x1000, 0x200000, 0x40000000};

    for (unsigned int i = 0; i < 3; i++) {
        uint64_t size = sizes[i];
        uint64_t low = 0x0000800000000000;
        uint64_t high = 0xFFFF800000000000;
        uint64_t wide_low = 0x0100000000000000;
        uint64_t wide_high = 0xFF00000000000000;
        const uint64_t bottom[4] = {0, size, 2 * size, 3 * size};
        const uint64_t hole[4] = {low - 2 * size, low - size, high, high + size};
        const uint64_t wide[4] = {wide_low - 2 * size, wide_low - size, wide_high,
                                  wide_high + size};
        const uint64_t top[4] = {0 - 4 * size, 0 - 3 * size, 0 - 2 * size, 0 - size};

        CLAIM_TRUE(takes(0, 4 * size, 48, bottom));
        CLAIM_TRUE(takes(hole[0], 4 * size, 48, hole));
        CLAIM_TRUE(takes(wide[0], 4 * size, 57, wide));
        CLAIM_TRUE(takes(top[0], 4 * size, 48, top));
        CLAIM_TRUE(takes(top[0], 4 * size, 57, top));
    }
}

CLAIM(a_range_without_page_boundaries_has_no_pages_to_take)
{
    struct dd_vaddr_range range = {dd_vaddr_from(0x1800), 0x1000, 48};
    dd_vaddr page = dd_vaddr_from(7);
    uint64_t count = 7;

    CLAIM_STATUS(dd_vaddr_range_take(&range, 0x1000, &page), DD_EALIGN);
    CLAIM_STATUS(dd_vaddr_range_take(&range, 0, &page), DD_EARG);
    CLAIM_STATUS(dd_vaddr_range_pages(&range, 0x1000, &count), DD_EALIGN);
    CLAIM_TRUE(is(&range, 0x1800, 0x27FF, 0x1000));
    CLAIM_EQUAL(page.raw, 7);
    CLAIM_EQUAL(count, 7);
}

CLAIM(physical_ranges_reach_the_last_byte_of_52_bits)
{
    struct dd_paddr_range range = {dd_paddr_from(1), 1, 52};
    dd_paddr last = dd_paddr_from(0x000FFFFFFFFFFFFF);
    dd_paddr end = dd_paddr_from(0x0010000000000000);

    CLAIM_STATUS(dd_paddr_range_inclusive(last, end, 52, &range), DD_EARG);
    CLAIM_STATUS(dd_paddr_range_inclusive(last, dd_paddr_from(0), 52, &range), DD_EARG);
    CLAIM_STATUS(dd_paddr_range_half_open(last, dd_paddr_from(end.raw + 1), 52, &range), DD_EARG);
    CLAIM_STATUS(dd_paddr_range_from_length(last, 2, 52, &range), DD_EWRAP);
    CLAIM_EQUAL(range.length, 1);
    CLAIM_OK(dd_paddr_range_inclusive(dd_paddr_from(0), last, 52, &range));
    CLAIM_EQUAL(range.length, 0x0010000000000000);
    CLAIM_OK(dd_paddr_range_half_open(last, end, 52, &range));
    CLAIM_EQUAL(range.length, 1);
    CLAIM_OK(dd_paddr_range_last(&range, &end));
    CLAIM_EQUAL(end.raw, 0x000FFFFFFFFFFFFF);
    CLAIM_TRUE(dd_paddr_range_contains(&range, last));
    CLAIM_TRUE(!dd_paddr_range_contains(&range, dd_paddr_from(last.raw + 1)));
}

CLAIM(frames_are_taken_up_to_the_last_one_of_52_bits)
{
    struct dd_paddr_range range = {dd_paddr_from(0x000FFFFFFFFFD001), 0x2FFF, 52};
    dd_paddr frame = dd_paddr_from(7);
    uint64_t count = 7;

    CLAIM_STATUS(dd_paddr_range_take(&range, 0x1000, &frame), DD_EALIGN);
    CLAIM_STATUS(dd_paddr_range_frames(&range, 0x1000, &count), DD_EALIGN);
    CLAIM_OK(dd_paddr_range_round(&range, 0x1000, DD_ROUND_INWARD, &range));
    CLAIM_OK(dd_paddr_range_frames(&range, 0x1000, &count));
    CLAIM_EQUAL(count, 2);
    CLAIM_OK(dd_paddr_range_take(&range, 0x1000, &frame));
    CLAIM_EQUAL(frame.raw, 0x000FFFFFFFFFE000);
    CLAIM_OK(dd_paddr_range_take(&range, 0x1000, &frame));
    CLAIM_EQUAL(frame.raw, 0x000FFFFFFFFFF000);
    CLAIM_STATUS(dd_paddr_range_take(&range, 0x1000, &frame), DD_ENOENT);
    CLAIM_EQUAL(frame.raw, 0x000FFFFFFFFFF000);
}

CLAIM(physical_ranges_have_the_bytes_in_common_that_both_contain)
{
    struct dd_paddr_range low = {dd_paddr_from(0), 0x2000, 52};
    struct dd_paddr_range high = {dd_paddr_from(0x2000), 0x1000, 52};
    struct dd_paddr_range both = {dd_paddr_from(0x1FFF), 2, 52};
    struct dd_paddr_range narrow = {dd_paddr_from(0), 0x1000, 36};

    CLAIM_TRUE(!dd_paddr_range_overlaps(&low, &high));
    CLAIM_TRUE(dd_paddr_range_overlaps(&high, &both));
    CLAIM_STATUS(dd_paddr_range_intersect(&low, &narrow, &both), DD_EARG);
    CLAIM_OK(dd_paddr_range_intersect(&low, &both, &both));
    CLAIM_EQUAL(both.start.raw, 0x1FFF);
    CLAIM_EQUAL(both.length, 1);
    CLAIM_OK(dd_paddr_range_intersect(&both, &high, &both));
    CLAIM_EQUAL(both.length, 0);
}
