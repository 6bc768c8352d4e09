/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/base/range.c, range_physical.c and range_span.c. */
#include "drydock/range.h"

#include "drydock/range_physical.h"
#include "tests/claims/address_vectors.h"
#include "tests/unit/unit.h"

static struct dd_vaddr_range from_length(uint64_t start, uint64_t length)
{
    struct dd_vaddr_range range = {0};

    ck_assert_int_eq(dd_vaddr_range_from_length(dd_vaddr_from(start), length, 48, &range), DD_OK);
    return range;
}

static struct dd_vaddr_range inclusive(uint64_t first, uint64_t last)
{
    struct dd_vaddr_range range = {0};

    ck_assert_int_eq(
        dd_vaddr_range_inclusive(dd_vaddr_from(first), dd_vaddr_from(last), 48, &range), DD_OK);
    return range;
}

static void check_range(const struct dd_vaddr_range *range, uint64_t first, uint64_t last,
                        uint64_t length)
{
    dd_vaddr address = dd_vaddr_from(0);

    ck_assert_uint_eq(range->start.raw, first);
    ck_assert_uint_eq(range->length, length);
    ck_assert_int_eq(dd_vaddr_range_last(range, &address), DD_OK);
    ck_assert_uint_eq(address.raw, last);
}

/* ---- Making ---- */

struct ends {
    uint64_t first;
    uint64_t last;
    uint64_t end; /* as half-open ranges name it */
    uint64_t length;
    unsigned int width;
};

static const struct ends ends[] = {
    {0, 0, 1, 1, 48},
    {0, 0x00007FFFFFFFFFFF, 0x0000800000000000, 0x800000000000, 48}, /* the lower half */
    {0, 0x00007FFFFFFFFFFF, 0xFFFF800000000000, 0x800000000000, 48},
    {0xFFFF800000000000, 0xFFFFFFFFFFFFFFFF, 0, 0x800000000000, 48}, /* the upper half */
    {0x00007FFFFFFFFFFF, 0xFFFF800000000000, 0xFFFF800000000001, 2, 48},
    {0x00007FFFFFFFF000, 0xFFFF800000000FFF, 0xFFFF800000001000, 0x2000, 48},
    {0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0, 1, 48},
    {1, 0xFFFFFFFFFFFFFFFF, 0, 0xFFFFFFFFFFFF, 48},
    {0, 0x00FFFFFFFFFFFFFF, 0x0100000000000000, 0x100000000000000, 57},
    {0x00FFFFFFFFFFFFFF, 0xFF00000000000000, 0xFF00000000000001, 2, 57},
    {1, 0xFFFFFFFFFFFFFFFF, 0, 0x1FFFFFFFFFFFFFF, 57},
};

START_TEST(one_range_can_be_said_in_three_ways)
{
    dd_vaddr first = dd_vaddr_from(ends[_i].first);
    unsigned int width = ends[_i].width;
    struct dd_vaddr_range range = {0};

    ck_assert_int_eq(dd_vaddr_range_inclusive(first, dd_vaddr_from(ends[_i].last), width, &range),
                     DD_OK);
    check_range(&range, ends[_i].first, ends[_i].last, ends[_i].length);
    range = (struct dd_vaddr_range){0};
    ck_assert_int_eq(dd_vaddr_range_half_open(first, dd_vaddr_from(ends[_i].end), width, &range),
                     DD_OK);
    check_range(&range, ends[_i].first, ends[_i].last, ends[_i].length);
    range = (struct dd_vaddr_range){0};
    ck_assert_int_eq(dd_vaddr_range_from_length(first, ends[_i].length, width, &range), DD_OK);
    check_range(&range, ends[_i].first, ends[_i].last, ends[_i].length);
}
END_TEST

START_TEST(the_whole_space_is_a_range)
{
    struct dd_vaddr_range range = inclusive(0, UINT64_MAX);

    check_range(&range, 0, UINT64_MAX, UINT64_C(1) << 48);
    range = from_length(0, UINT64_C(1) << 48);
    check_range(&range, 0, UINT64_MAX, UINT64_C(1) << 48);
}
END_TEST

START_TEST(half_open_ranges_may_be_empty)
{
    static const uint64_t starts[] = {0, 5, 0x00007FFFFFFFFFFF, 0xFFFF800000000000, UINT64_MAX};

    for (unsigned int i = 0; i < 5; i++) {
        struct dd_vaddr_range range = {{1}, 1, 48};
        dd_vaddr start = dd_vaddr_from(starts[i]);
        dd_vaddr last = dd_vaddr_from(7);

        ck_assert_int_eq(dd_vaddr_range_half_open(start, start, 48, &range), DD_OK);
        ck_assert_uint_eq(range.length, 0);
        ck_assert_int_eq(dd_vaddr_range_last(&range, &last), DD_ENOENT);
        ck_assert_uint_eq(last.raw, 7);
        ck_assert(!dd_vaddr_range_contains(&range, start));
    }
}
END_TEST

struct refusal {
    uint64_t first;
    uint64_t other;
    enum dd_status half_open;
    enum dd_status inclusive;
    unsigned int width;
};

static const struct refusal refusals[] = {
    {5, 4, DD_EARG, DD_EARG, 48},
    {5, 1, DD_EARG, DD_EARG, 48},
    {0xFFFF800000000001, 0xFFFF800000000000, DD_EARG, DD_EARG, 48},
    {0xFFFF800000000000, 0x00007FFFFFFFFFFF, DD_EARG, DD_EARG, 48},
    {0xFFFF800000000001, 0x0000800000000000, DD_EARG, DD_ECANONICAL, 48},
    {0, 0x0000800000000001, DD_ECANONICAL, DD_ECANONICAL, 48},
    {0, 0xFFFF7FFFFFFFFFFF, DD_ECANONICAL, DD_ECANONICAL, 48},
    {0x0000800000000000, 0, DD_ECANONICAL, DD_ECANONICAL, 48},
    {0x0000800000000000, 0x0000800000000000, DD_ECANONICAL, DD_ECANONICAL, 48},
    {0, 0x0100000000000001, DD_ECANONICAL, DD_ECANONICAL, 57},
    {0, 1, DD_EARG, DD_EARG, 0},
    {0, 1, DD_EARG, DD_EARG, 52},
};

START_TEST(ranges_that_are_none_are_refused)
{
    struct dd_vaddr_range range = {{1}, 1, 48};
    dd_vaddr first = dd_vaddr_from(refusals[_i].first);
    dd_vaddr other = dd_vaddr_from(refusals[_i].other);

    ck_assert_int_eq(dd_vaddr_range_half_open(first, other, refusals[_i].width, &range),
                     refusals[_i].half_open);
    ck_assert_int_eq(dd_vaddr_range_inclusive(first, other, refusals[_i].width, &range),
                     refusals[_i].inclusive);
    check_range(&range, 1, 1, 1);
}
END_TEST

START_TEST(a_range_does_not_go_on_after_the_top)
{
    struct dd_vaddr_range range = {{1}, 1, 48};
    dd_vaddr last = dd_vaddr_from(UINT64_MAX);

    ck_assert_int_eq(dd_vaddr_range_from_length(last, 2, 48, &range), DD_EWRAP);
    ck_assert_int_eq(dd_vaddr_range_from_length(last, UINT64_MAX, 48, &range), DD_EWRAP);
    ck_assert_int_eq(
        dd_vaddr_range_from_length(dd_vaddr_from(0), (UINT64_C(1) << 48) + 1, 48, &range),
        DD_EWRAP);
    ck_assert_int_eq(dd_vaddr_range_from_length(dd_vaddr_from(0x0000800000000000), 0, 48, &range),
                     DD_ECANONICAL);
    ck_assert_int_eq(dd_vaddr_range_from_length(last, 1, 40, &range), DD_EARG);
    check_range(&range, 1, 1, 1);
}
END_TEST

/* ---- Asking ---- */

START_TEST(a_range_contains_its_ends_and_not_their_neighbours)
{
    struct dd_vaddr_range range = inclusive(0x00007FFFFFFFFFFE, 0xFFFF800000000001);

    ck_assert(!dd_vaddr_range_contains(&range, dd_vaddr_from(0x00007FFFFFFFFFFD)));
    ck_assert(dd_vaddr_range_contains(&range, dd_vaddr_from(0x00007FFFFFFFFFFE)));
    ck_assert(dd_vaddr_range_contains(&range, dd_vaddr_from(0x00007FFFFFFFFFFF)));
    ck_assert(!dd_vaddr_range_contains(&range, dd_vaddr_from(0x0000800000000000)));
    ck_assert(!dd_vaddr_range_contains(&range, dd_vaddr_from(0xFFFF7FFFFFFFFFFF)));
    ck_assert(dd_vaddr_range_contains(&range, dd_vaddr_from(0xFFFF800000000000)));
    ck_assert(dd_vaddr_range_contains(&range, dd_vaddr_from(0xFFFF800000000001)));
    ck_assert(!dd_vaddr_range_contains(&range, dd_vaddr_from(0xFFFF800000000002)));
    range = from_length(0xFFFFFFFFFFFFF000, 0x1000);
    ck_assert(dd_vaddr_range_contains(&range, dd_vaddr_from(UINT64_MAX)));
    ck_assert(!dd_vaddr_range_contains(&range, dd_vaddr_from(0)));
}
END_TEST

START_TEST(ranges_overlap_if_they_share_a_byte)
{
    struct dd_vaddr_range low = inclusive(0x1000, 0x00007FFFFFFFFFFF);
    struct dd_vaddr_range high = from_length(0xFFFF800000000000, 0x1000);
    struct dd_vaddr_range both = inclusive(0x00007FFFFFFFFFFF, 0xFFFF800000000000);
    struct dd_vaddr_range none = from_length(0x2000, 0);
    struct dd_vaddr_range common;

    ck_assert(!dd_vaddr_range_overlaps(&low, &high));
    ck_assert(dd_vaddr_range_overlaps(&low, &both));
    ck_assert(dd_vaddr_range_overlaps(&both, &high));
    ck_assert(!dd_vaddr_range_overlaps(&low, &none));
    ck_assert(!dd_vaddr_range_overlaps(&none, &none));
    ck_assert_int_eq(dd_vaddr_range_intersect(&low, &both, &common), DD_OK);
    check_range(&common, 0x00007FFFFFFFFFFF, 0x00007FFFFFFFFFFF, 1);
    ck_assert_int_eq(dd_vaddr_range_intersect(&both, &high, &both), DD_OK);
    check_range(&both, 0xFFFF800000000000, 0xFFFF800000000000, 1);
    ck_assert_int_eq(dd_vaddr_range_intersect(&low, &high, &common), DD_OK);
    ck_assert_uint_eq(common.length, 0);
    ck_assert_int_eq(dd_vaddr_range_intersect(&low, &none, &common), DD_OK);
    ck_assert_uint_eq(common.length, 0);
}
END_TEST

START_TEST(ranges_of_two_widths_have_no_intersection)
{
    struct dd_vaddr_range narrow = inclusive(0, UINT64_MAX);
    struct dd_vaddr_range wide = {dd_vaddr_from(0), 0x1000, 57};
    struct dd_vaddr_range common = {{1}, 1, 48};

    ck_assert_int_eq(dd_vaddr_range_intersect(&narrow, &wide, &common), DD_EARG);
    check_range(&common, 1, 1, 1);
}
END_TEST

/* ---- Pages ---- */

START_TEST(a_range_rounds_outward_and_inward_to_pages)
{
    struct dd_vaddr_range range = inclusive(0x00007FFFFFFFEFFF, 0xFFFF800000001000);
    struct dd_vaddr_range result;

    ck_assert_int_eq(dd_vaddr_range_round(&range, 0x1000, DD_ROUND_OUTWARD, &result), DD_OK);
    check_range(&result, 0x00007FFFFFFFE000, 0xFFFF800000001FFF, 0x4000);
    ck_assert_int_eq(dd_vaddr_range_round(&range, 0x1000, DD_ROUND_INWARD, &result), DD_OK);
    check_range(&result, 0x00007FFFFFFFF000, 0xFFFF800000000FFF, 0x2000);
    ck_assert_int_eq(dd_vaddr_range_round(&range, 0x200000, DD_ROUND_INWARD, &result), DD_OK);
    ck_assert_uint_eq(result.length, 0);
    range = inclusive(0xFFFFFFFFFFFFF001, UINT64_MAX);
    ck_assert_int_eq(dd_vaddr_range_round(&range, 0x40000000, DD_ROUND_OUTWARD, &result), DD_OK);
    check_range(&result, 0xFFFFFFFFC0000000, UINT64_MAX, 0x40000000);
    ck_assert_int_eq(dd_vaddr_range_round(&range, 0x1000, DD_ROUND_INWARD, &result), DD_OK);
    ck_assert_uint_eq(result.length, 0);
    range = from_length(0x1234, 0);
    ck_assert_int_eq(dd_vaddr_range_round(&range, 0x1000, DD_ROUND_OUTWARD, &result), DD_OK);
    ck_assert_uint_eq(result.length, 0);
}
END_TEST

START_TEST(rounding_to_what_is_no_page_is_refused)
{
    struct dd_vaddr_range range = from_length(0, 0x1000);
    struct dd_vaddr_range result = {{1}, 1, 48};
    uint64_t count = 7;

    ck_assert_int_eq(dd_vaddr_range_round(&range, 0, DD_ROUND_INWARD, &result), DD_EARG);
    ck_assert_int_eq(dd_vaddr_range_round(&range, 0x1800, DD_ROUND_OUTWARD, &result), DD_EARG);
    ck_assert_int_eq(dd_vaddr_range_round(&range, 0x1000, (enum dd_rounding)2, &result), DD_EARG);
    ck_assert_int_eq(dd_vaddr_range_pages(&range, 0x800001, &count), DD_EARG);
    ck_assert_int_eq(dd_vaddr_range_pages(&range, 0x2000, &count), DD_EALIGN);
    check_range(&result, 1, 1, 1);
    ck_assert_uint_eq(count, 7);
}
END_TEST

START_TEST(pages_are_counted_without_the_hole)
{
    struct dd_vaddr_range range = inclusive(0x00007FFFFFFFE000, 0xFFFF800000000FFF);
    uint64_t count = 0;

    ck_assert_int_eq(dd_vaddr_range_pages(&range, 0x1000, &count), DD_OK);
    ck_assert_uint_eq(count, 3);
    range = inclusive(0, UINT64_MAX);
    ck_assert_int_eq(dd_vaddr_range_pages(&range, 0x1000, &count), DD_OK);
    ck_assert_uint_eq(count, 0x1000000000);
    ck_assert_int_eq(dd_vaddr_range_pages(&range, 0x40000000, &count), DD_OK);
    ck_assert_uint_eq(count, 0x40000);
    range = from_length(0xFFFFFFFFFFFFFFFF, 0);
    ck_assert_int_eq(dd_vaddr_range_pages(&range, 0x1000, &count), DD_OK);
    ck_assert_uint_eq(count, 0);
}
END_TEST

static void check_pages(uint64_t first, uint64_t last, uint64_t size, const uint64_t expected[4])
{
    struct dd_vaddr_range rest = inclusive(first, last);
    dd_vaddr page = dd_vaddr_from(1);

    for (unsigned int i = 0; i < 4; i++) {
        ck_assert_int_eq(dd_vaddr_range_take(&rest, size, &page), DD_OK);
        ck_assert_uint_eq(page.raw, expected[i]);
    }
    ck_assert_int_eq(dd_vaddr_range_take(&rest, size, &page), DD_ENOENT);
    ck_assert_int_eq(dd_vaddr_range_take(&rest, size, &page), DD_ENOENT);
    ck_assert_uint_eq(page.raw, expected[3]);
}

START_TEST(pages_are_taken_one_by_one_across_the_hole)
{
    static const uint64_t sizes[] = {0x1000, 0x200000, 0x40000000};
    uint64_t size = sizes[_i];
    const uint64_t around[4] = {0x0000800000000000 - 2 * size, 0x0000800000000000 - size,
                                0xFFFF800000000000, 0xFFFF800000000000 + size};

    check_pages(around[0], around[3] + size - 1, size, around);
}
END_TEST

START_TEST(pages_are_taken_one_by_one_up_to_the_top_and_from_0)
{
    static const uint64_t sizes[] = {0x1000, 0x200000, 0x40000000};
    uint64_t size = sizes[_i];
    const uint64_t top[4] = {0 - 4 * size, 0 - 3 * size, 0 - 2 * size, 0 - size};
    const uint64_t bottom[4] = {0, size, 2 * size, 3 * size};

    check_pages(top[0], UINT64_MAX, size, top);
    check_pages(0, 4 * size - 1, size, bottom);
}
END_TEST

START_TEST(a_page_is_not_taken_off_a_range_without_page_boundaries)
{
    struct dd_vaddr_range range = from_length(0x1800, 0x1000);
    dd_vaddr page = dd_vaddr_from(7);

    ck_assert_int_eq(dd_vaddr_range_take(&range, 0x1000, &page), DD_EALIGN);
    ck_assert_int_eq(dd_vaddr_range_take(&range, 0x1001, &page), DD_EARG);
    check_range(&range, 0x1800, 0x27FF, 0x1000);
    ck_assert_uint_eq(page.raw, 7);
}
END_TEST

/* ---- Physical ---- */

static void check_physical(const struct dd_paddr_range *range, uint64_t first, uint64_t last,
                           uint64_t length)
{
    dd_paddr address = dd_paddr_from(1);

    ck_assert_uint_eq(range->start.raw, first);
    ck_assert_uint_eq(range->length, length);
    ck_assert_int_eq(dd_paddr_range_last(range, &address), DD_OK);
    ck_assert_uint_eq(address.raw, last);
}

START_TEST(physical_ranges_reach_the_last_byte_of_every_width)
{
    for (unsigned int width = 36; width <= 52; width++) {
        uint64_t end = UINT64_C(1) << width;
        dd_paddr start = dd_paddr_from(end - 0x2000);
        struct dd_paddr_range range = {0};

        ck_assert_int_eq(dd_paddr_range_half_open(start, dd_paddr_from(end), width, &range), DD_OK);
        check_physical(&range, end - 0x2000, end - 1, 0x2000);
        ck_assert_int_eq(dd_paddr_range_inclusive(start, dd_paddr_from(end - 1), width, &range),
                         DD_OK);
        check_physical(&range, end - 0x2000, end - 1, 0x2000);
        ck_assert_int_eq(dd_paddr_range_from_length(dd_paddr_from(0), end, width, &range), DD_OK);
        check_physical(&range, 0, end - 1, end);
        ck_assert_int_eq(dd_paddr_range_half_open(start, dd_paddr_from(end + 1), width, &range),
                         DD_EARG);
        ck_assert_int_eq(dd_paddr_range_inclusive(start, dd_paddr_from(end), width, &range),
                         DD_EARG);
        ck_assert_int_eq(dd_paddr_range_from_length(start, 0x2001, width, &range), DD_EWRAP);
        ck_assert_int_eq(dd_paddr_range_from_length(dd_paddr_from(end), 0, width, &range), DD_EARG);
        check_physical(&range, 0, end - 1, end);
    }
}
END_TEST

START_TEST(physical_ranges_that_are_none_are_refused)
{
    struct dd_paddr_range range = {{1}, 1, 48};
    dd_paddr two = dd_paddr_from(2);
    dd_paddr three = dd_paddr_from(3);

    ck_assert_int_eq(dd_paddr_range_half_open(three, two, 52, &range), DD_EARG);
    ck_assert_int_eq(dd_paddr_range_inclusive(three, two, 52, &range), DD_EARG);
    ck_assert_int_eq(dd_paddr_range_inclusive(three, dd_paddr_from(UINT64_MAX), 52, &range),
                     DD_EARG);
    ck_assert_int_eq(dd_paddr_range_half_open(two, three, 53, &range), DD_EARG);
    ck_assert_int_eq(dd_paddr_range_from_length(two, 1, 0, &range), DD_EARG);
    ck_assert_int_eq(dd_paddr_range_from_length(two, UINT64_MAX, 52, &range), DD_EWRAP);
    check_physical(&range, 1, 1, 1);
    ck_assert_int_eq(dd_paddr_range_inclusive(two, two, 52, &range), DD_OK);
    check_physical(&range, 2, 2, 1);
    ck_assert_int_eq(dd_paddr_range_half_open(two, two, 52, &range), DD_OK);
    ck_assert_uint_eq(range.length, 0);
    ck_assert_int_eq(dd_paddr_range_last(&range, &two), DD_ENOENT);
    ck_assert_uint_eq(two.raw, 2);
}
END_TEST

START_TEST(physical_ranges_compare_like_virtual_ones)
{
    struct dd_paddr_range low = {dd_paddr_from(0), 0x2000, 52};
    struct dd_paddr_range high = {dd_paddr_from(0x2000), 0x1000, 52};
    struct dd_paddr_range both = {dd_paddr_from(0x1FFF), 2, 52};
    struct dd_paddr_range narrow = {dd_paddr_from(0), 0x1000, 36};

    ck_assert(!dd_paddr_range_overlaps(&low, &high));
    ck_assert(dd_paddr_range_overlaps(&low, &both));
    ck_assert(dd_paddr_range_overlaps(&high, &both));
    ck_assert(!dd_paddr_range_contains(&high, dd_paddr_from(0x1FFF)));
    ck_assert(dd_paddr_range_contains(&high, dd_paddr_from(0x2000)));
    ck_assert(dd_paddr_range_contains(&high, dd_paddr_from(0x2FFF)));
    ck_assert(!dd_paddr_range_contains(&high, dd_paddr_from(0x3000)));
    ck_assert_int_eq(dd_paddr_range_intersect(&low, &narrow, &both), DD_EARG);
    ck_assert_int_eq(dd_paddr_range_intersect(&low, &both, &both), DD_OK);
    check_physical(&both, 0x1FFF, 0x1FFF, 1);
    ck_assert_int_eq(dd_paddr_range_intersect(&low, &high, &both), DD_OK);
    ck_assert_uint_eq(both.length, 0);
}
END_TEST

START_TEST(frames_are_taken_one_by_one_up_to_the_last)
{
    static const uint64_t sizes[] = {0x1000, 0x200000, 0x40000000};
    uint64_t size = sizes[_i];
    uint64_t end = UINT64_C(1) << 52;
    struct dd_paddr_range range = {dd_paddr_from(end - 3 * size - 1), 3 * size + 1, 52};
    dd_paddr frame = dd_paddr_from(7);
    uint64_t count = 0;

    ck_assert_int_eq(dd_paddr_range_take(&range, size, &frame), DD_EALIGN);
    ck_assert_int_eq(dd_paddr_range_take(&range, 3, &frame), DD_EARG);
    ck_assert_uint_eq(frame.raw, 7);
    ck_assert_int_eq(dd_paddr_range_round(&range, size + 1, DD_ROUND_INWARD, &range), DD_EARG);
    ck_assert_int_eq(dd_paddr_range_round(&range, size, DD_ROUND_INWARD, &range), DD_OK);
    ck_assert_int_eq(dd_paddr_range_frames(&range, size, &count), DD_OK);
    ck_assert_uint_eq(count, 3);
    for (unsigned int i = 3; i > 0; i--) {
        ck_assert_int_eq(dd_paddr_range_take(&range, size, &frame), DD_OK);
        ck_assert_uint_eq(frame.raw, end - i * size);
    }
    ck_assert_int_eq(dd_paddr_range_take(&range, size, &frame), DD_ENOENT);
    ck_assert_uint_eq(frame.raw, end - size);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("range");
    TCase *making = tcase_create("making");
    TCase *asking = tcase_create("asking");
    TCase *pages = tcase_create("pages");
    TCase *physical = tcase_create("physical");

    tcase_add_loop_test(making, one_range_can_be_said_in_three_ways, 0, (int)VECTOR_COUNT(ends));
    tcase_add_test(making, the_whole_space_is_a_range);
    tcase_add_test(making, half_open_ranges_may_be_empty);
    tcase_add_loop_test(making, ranges_that_are_none_are_refused, 0, (int)VECTOR_COUNT(refusals));
    tcase_add_test(making, a_range_does_not_go_on_after_the_top);
    suite_add_tcase(suite, making);

    tcase_add_test(asking, a_range_contains_its_ends_and_not_their_neighbours);
    tcase_add_test(asking, ranges_overlap_if_they_share_a_byte);
    tcase_add_test(asking, ranges_of_two_widths_have_no_intersection);
    suite_add_tcase(suite, asking);

    tcase_add_test(pages, a_range_rounds_outward_and_inward_to_pages);
    tcase_add_test(pages, rounding_to_what_is_no_page_is_refused);
    tcase_add_test(pages, pages_are_counted_without_the_hole);
    tcase_add_loop_test(pages, pages_are_taken_one_by_one_across_the_hole, 0, 3);
    tcase_add_loop_test(pages, pages_are_taken_one_by_one_up_to_the_top_and_from_0, 0, 3);
    tcase_add_test(pages, a_page_is_not_taken_off_a_range_without_page_boundaries);
    suite_add_tcase(suite, pages);

    tcase_add_test(physical, physical_ranges_reach_the_last_byte_of_every_width);
    tcase_add_test(physical, physical_ranges_that_are_none_are_refused);
    tcase_add_test(physical, physical_ranges_compare_like_virtual_ones);
    tcase_add_loop_test(physical, frames_are_taken_one_by_one_up_to_the_last, 0, 3);
    suite_add_tcase(suite, physical);
    return suite;
}
