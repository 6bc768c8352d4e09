/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/include/drydock/addr.h and hal/src/base/addr.c, addr_offset.c. */
#include "drydock/addr.h"

#include "drydock/addr_offset.h"
#include "tests/claims/address_vectors.h"
#include "tests/unit/unit.h"

/* What an out-parameter holds that must stay untouched; no vector expects it. */
#define UNTOUCHED UINT64_C(0xDEADBEEFDEADBEEF)

/* ---- Canonical form ---- */

START_TEST(truncation_repeats_the_highest_implemented_bit)
{
    const struct truncate_vector *vector = &truncate_vectors[_i];

    ck_assert_uint_eq(dd_vaddr_truncate(vector->raw, vector->width).raw, vector->expected);
}
END_TEST

/* The edges of the hole and of the space, two to each side. [SDM 1] 3.3.7.1. */
struct edge {
    uint64_t first; /* of five numbers in a row */
    uint8_t canonical;
    unsigned int width;
};

static const struct edge edges[] = {
    {0xFFFFFFFFFFFFFFFE, 0x1F, 48}, {0x00007FFFFFFFFFFE, 0x03, 48}, {0xFFFF7FFFFFFFFFFE, 0x1C, 48},
    {0xFFFFFFFFFFFFFFFE, 0x1F, 57}, {0x00FFFFFFFFFFFFFE, 0x03, 57}, {0xFEFFFFFFFFFFFFFE, 0x1C, 57},
    {0x00007FFFFFFFFFFE, 0x1F, 57}, {0xFFFF7FFFFFFFFFFE, 0x1F, 57},
};

START_TEST(the_hole_begins_and_ends_where_the_width_says)
{
    const struct edge *edge = &edges[_i];

    for (unsigned int i = 0; i < 5; i++) {
        uint64_t raw = edge->first + i;
        bool canonical = (edge->canonical >> i & 1) != 0;
        dd_vaddr address = dd_vaddr_from(UNTOUCHED);

        ck_assert_int_eq(dd_vaddr_is_canonical(dd_vaddr_from(raw), edge->width), canonical);
        ck_assert_int_eq(dd_vaddr_from_checked(raw, edge->width, &address),
                         canonical ? DD_OK : DD_ECANONICAL);
        ck_assert_uint_eq(address.raw, canonical ? raw : UNTOUCHED);
        ck_assert_int_eq(dd_vaddr_truncate(raw, edge->width).raw == raw, canonical);
    }
}
END_TEST

START_TEST(a_number_in_the_hole_is_refused_and_not_changed_to_fit)
{
    dd_vaddr address = dd_vaddr_from(UNTOUCHED);

    ck_assert_int_eq(dd_vaddr_from_checked(0x0000FFFFFFFFFFFF, 48, &address), DD_ECANONICAL);
    ck_assert_int_eq(dd_vaddr_from_checked(0, 52, &address), DD_EARG);
    ck_assert_uint_eq(address.raw, UNTOUCHED);
}
END_TEST

START_TEST(physical_addresses_end_at_their_width)
{
    for (unsigned int width = 1; width <= 52; width++) {
        uint64_t end = UINT64_C(1) << width;
        dd_paddr address = dd_paddr_from(UNTOUCHED);

        ck_assert_int_eq(dd_paddr_from_checked(end - 1, width, &address), DD_OK);
        ck_assert_uint_eq(address.raw, end - 1);
        ck_assert_int_eq(dd_paddr_from_checked(end, width, &address), DD_EARG);
        ck_assert_int_eq(dd_paddr_from_checked(UINT64_C(1) << 63, width, &address), DD_EARG);
        ck_assert_uint_eq(address.raw, end - 1);
        ck_assert_uint_eq(dd_paddr_truncate(UINT64_MAX, width).raw, end - 1);
        ck_assert_uint_eq(dd_paddr_truncate(end, width).raw, 0);
    }
}
END_TEST

START_TEST(physical_addresses_have_at_most_52_bits)
{
    dd_paddr address = dd_paddr_from(UNTOUCHED);

    ck_assert_int_eq(dd_paddr_from_checked(0, 53, &address), DD_EARG);
    ck_assert_int_eq(dd_paddr_from_checked(0, 0, &address), DD_EARG);
    ck_assert_int_eq(dd_paddr_from_checked(0, UINT32_MAX, &address), DD_EARG);
    ck_assert_uint_eq(address.raw, UNTOUCHED);
}
END_TEST

/* [AMD64 v2] 15.34.1: the encryption bit, here 47, is above the bits of the address. */
START_TEST(an_encryption_bit_is_no_part_of_an_address_as_wide_as_its_number)
{
    dd_paddr address = dd_paddr_from(UNTOUCHED);

    ck_assert_int_eq(dd_paddr_from_checked(0x0000800012345000, 47, &address), DD_EARG);
    ck_assert_uint_eq(dd_paddr_truncate(0x0000800012345000, 47).raw, 0x12345000);
    ck_assert_int_eq(dd_paddr_from_checked(0x00007FFFFFFFF000, 47, &address), DD_OK);
}
END_TEST

START_TEST(pointers_and_addresses_are_the_same_number)
{
    int object = 0;

    ck_assert_ptr_eq(dd_vaddr_pointer(dd_vaddr_of(&object)), &object);
    ck_assert_uint_eq(dd_vaddr_of(NULL).raw, 0);
}
END_TEST

/* ---- Alignment ---- */

START_TEST(numbers_align_up_but_not_past_the_last)
{
    uint64_t result = UNTOUCHED;

    ck_assert_int_eq(dd_align_up(0, UINT64_C(1) << 63, &result), DD_OK);
    ck_assert_uint_eq(result, 0);
    ck_assert_int_eq(dd_align_up(UINT64_MAX, 1, &result), DD_OK);
    ck_assert_uint_eq(result, UINT64_MAX);
    ck_assert_int_eq(dd_align_up(0x1001, 0x1000, &result), DD_OK);
    ck_assert_uint_eq(result, 0x2000);
    ck_assert_int_eq(dd_align_up(0x2000, 0x1000, &result), DD_OK);
    ck_assert_uint_eq(result, 0x2000);
    ck_assert_int_eq(dd_align_up(0xFFFFFFFFFFFFF000, 0x1000, &result), DD_OK);
    ck_assert_uint_eq(result, 0xFFFFFFFFFFFFF000);
    ck_assert_int_eq(dd_align_up(0xFFFFFFFFFFFFF001, 0x1000, &result), DD_EWRAP);
    ck_assert_int_eq(dd_align_up(1, 0, &result), DD_EARG);
    ck_assert_int_eq(dd_align_up(1, 6, &result), DD_EARG);
    ck_assert_uint_eq(result, 0xFFFFFFFFFFFFF000);
}
END_TEST

START_TEST(virtual_addresses_align_up_across_the_hole)
{
    const struct align_vector *vector = &align_up_vectors[_i];
    dd_vaddr result = dd_vaddr_from(UNTOUCHED);

    ck_assert_int_eq(dd_vaddr_align_up(dd_vaddr_from(vector->address), vector->alignment,
                                       vector->width, &result),
                     vector->status);
    ck_assert_uint_eq(result.raw, vector->status == DD_OK ? vector->expected : UNTOUCHED);
}
END_TEST

START_TEST(virtual_addresses_align_down_across_the_hole)
{
    const struct align_vector *vector = &align_down_vectors[_i];
    dd_vaddr result = dd_vaddr_from(UNTOUCHED);

    ck_assert_int_eq(dd_vaddr_align_down(dd_vaddr_from(vector->address), vector->alignment,
                                         vector->width, &result),
                     vector->status);
    ck_assert_uint_eq(result.raw, vector->status == DD_OK ? vector->expected : UNTOUCHED);
}
END_TEST

START_TEST(physical_addresses_align_within_their_width)
{
    dd_paddr result = dd_paddr_from(UNTOUCHED);
    dd_paddr last = dd_paddr_from(0x000FFFFFFFFFFFFF);

    ck_assert_int_eq(dd_paddr_align_up(last, 2, 52, &result), DD_EWRAP);
    ck_assert_int_eq(dd_paddr_align_up(last, 5, 52, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_align_up(last, 2, 51, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_align_up(last, 2, 53, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_align_down(last, 0, 52, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_align_down(last, 2, 36, &result), DD_EARG);
    ck_assert_uint_eq(result.raw, UNTOUCHED);
    ck_assert_int_eq(dd_paddr_align_up(last, 1, 52, &result), DD_OK);
    ck_assert_uint_eq(result.raw, 0x000FFFFFFFFFFFFF);
    ck_assert_int_eq(dd_paddr_align_down(last, 0x200000, 52, &result), DD_OK);
    ck_assert_uint_eq(result.raw, 0x000FFFFFFFE00000);
    ck_assert_int_eq(dd_paddr_align_up(dd_paddr_from(0x12345), 0x1000, 36, &result), DD_OK);
    ck_assert_uint_eq(result.raw, 0x13000);
}
END_TEST

/* ---- Offsets ---- */

struct offset {
    uint64_t address;
    uint64_t bytes;
    uint64_t expected;
    enum dd_status status;
    unsigned int width;
};

static const struct offset sums[] = {
    {0, 0, 0, DD_OK, 48},
    {0, 0x00007FFFFFFFFFFF, 0x00007FFFFFFFFFFF, DD_OK, 48},
    {0x00007FFFFFFFFFFF, 0, 0x00007FFFFFFFFFFF, DD_OK, 48},
    {0x00007FFFFFFFFFFF, 1, 0, DD_EWRAP, 48},
    {0x00007FFFFFFFFFFF, 0xFFFF000000000001, 0, DD_EWRAP, 48}, /* the upper half's first */
    {0x1000, UINT64_MAX, 0, DD_EWRAP, 48},                     /* 0xFFF if it wrapped */
    {0xFFFF800000000000, 0x00007FFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, DD_OK, 48},
    {0xFFFF800000000000, 0x0000800000000000, 0, DD_EWRAP, 48},
    {0xFFFFFFFFFFFFFFFF, 1, 0, DD_EWRAP, 48},
    {0x00007FFFFFFFFFFF, 1, 0x0000800000000000, DD_OK, 57},
    {0x00FFFFFFFFFFFFFF, 1, 0, DD_EWRAP, 57},
    {0x0000800000000000, 0, 0, DD_ECANONICAL, 48},
    {0, 0, 0, DD_EARG, 32},
};

START_TEST(a_sum_of_address_and_bytes_stays_in_its_half)
{
    dd_vaddr result = dd_vaddr_from(UNTOUCHED);

    ck_assert_int_eq(
        dd_vaddr_add(dd_vaddr_from(sums[_i].address), sums[_i].bytes, sums[_i].width, &result),
        sums[_i].status);
    ck_assert_uint_eq(result.raw, sums[_i].status == DD_OK ? sums[_i].expected : UNTOUCHED);
}
END_TEST

static const struct offset differences[] = {
    {0, 0, 0, DD_OK, 48},
    {0, 1, 0, DD_EWRAP, 48},
    {0x00007FFFFFFFFFFF, 0x00007FFFFFFFFFFF, 0, DD_OK, 48},
    {0xFFFF800000000000, 1, 0, DD_EWRAP, 48},
    {0xFFFF800000000000, 0xFFFF000000000001, 0, DD_EWRAP, 48}, /* the lower half's last */
    {0xFFFFFFFFFFFFFFFF, 0x00007FFFFFFFFFFF, 0xFFFF800000000000, DD_OK, 48},
    {0xFFFFFFFFFFFFFFFF, 0x00FFFFFFFFFFFFFF, 0xFF00000000000000, DD_OK, 57},
    {0xFFFFFFFFFFFFFFFF, 0x0100000000000000, 0, DD_EWRAP, 57},
    {0xFFFF7FFFFFFFFFFF, 1, 0, DD_ECANONICAL, 48},
    {0, 0, 0, DD_EARG, 64},
};

START_TEST(a_difference_of_address_and_bytes_stays_in_its_half)
{
    const struct offset *offset = &differences[_i];
    dd_vaddr result = dd_vaddr_from(UNTOUCHED);

    ck_assert_int_eq(
        dd_vaddr_sub(dd_vaddr_from(offset->address), offset->bytes, offset->width, &result),
        offset->status);
    ck_assert_uint_eq(result.raw, offset->status == DD_OK ? offset->expected : UNTOUCHED);
}
END_TEST

START_TEST(the_difference_of_two_addresses_is_that_of_their_numbers)
{
    uint64_t bytes = UNTOUCHED;

    ck_assert_int_eq(dd_vaddr_difference(dd_vaddr_from(0x00007FFFFFFFFFFF),
                                         dd_vaddr_from(0xFFFF800000000000), &bytes),
                     DD_OK);
    ck_assert_uint_eq(bytes, 0xFFFF000000000001);
    ck_assert_int_eq(dd_vaddr_difference(dd_vaddr_from(1), dd_vaddr_from(0), &bytes), DD_EARG);
    ck_assert_int_eq(dd_paddr_difference(dd_paddr_from(1), dd_paddr_from(0), &bytes), DD_EARG);
    ck_assert_uint_eq(bytes, 0xFFFF000000000001);
    ck_assert_int_eq(dd_paddr_difference(dd_paddr_from(1), dd_paddr_from(1), &bytes), DD_OK);
    ck_assert_uint_eq(bytes, 0);
}
END_TEST

START_TEST(physical_sums_stay_within_the_width)
{
    dd_paddr result = dd_paddr_from(UNTOUCHED);
    dd_paddr last = dd_paddr_from(0x000FFFFFFFFFFFFF);

    ck_assert_int_eq(dd_paddr_add(last, 1, 52, &result), DD_EWRAP);
    ck_assert_int_eq(dd_paddr_add(last, UINT64_MAX, 52, &result), DD_EWRAP);
    ck_assert_int_eq(dd_paddr_add(last, 0, 51, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_sub(dd_paddr_from(1), 2, 52, &result), DD_EWRAP);
    ck_assert_uint_eq(result.raw, UNTOUCHED);
    ck_assert_int_eq(dd_paddr_add(dd_paddr_from(0), last.raw, 52, &result), DD_OK);
    ck_assert_uint_eq(result.raw, 0x000FFFFFFFFFFFFF);
    ck_assert_int_eq(dd_paddr_sub(last, last.raw, 52, &result), DD_OK);
    ck_assert_uint_eq(result.raw, 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("addr");
    TCase *form = tcase_create("form");
    TCase *alignment = tcase_create("alignment");
    TCase *offsets = tcase_create("offsets");

    tcase_add_loop_test(form, truncation_repeats_the_highest_implemented_bit, 0,
                        (int)VECTOR_COUNT(truncate_vectors));
    tcase_add_loop_test(form, the_hole_begins_and_ends_where_the_width_says, 0,
                        (int)VECTOR_COUNT(edges));
    tcase_add_test(form, a_number_in_the_hole_is_refused_and_not_changed_to_fit);
    tcase_add_test(form, physical_addresses_end_at_their_width);
    tcase_add_test(form, physical_addresses_have_at_most_52_bits);
    tcase_add_test(form, an_encryption_bit_is_no_part_of_an_address_as_wide_as_its_number);
    tcase_add_test(form, pointers_and_addresses_are_the_same_number);
    suite_add_tcase(suite, form);

    tcase_add_test(alignment, numbers_align_up_but_not_past_the_last);
    tcase_add_loop_test(alignment, virtual_addresses_align_up_across_the_hole, 0,
                        (int)VECTOR_COUNT(align_up_vectors));
    tcase_add_loop_test(alignment, virtual_addresses_align_down_across_the_hole, 0,
                        (int)VECTOR_COUNT(align_down_vectors));
    tcase_add_test(alignment, physical_addresses_align_within_their_width);
    suite_add_tcase(suite, alignment);

    tcase_add_loop_test(offsets, a_sum_of_address_and_bytes_stays_in_its_half, 0,
                        (int)VECTOR_COUNT(sums));
    tcase_add_loop_test(offsets, a_difference_of_address_and_bytes_stays_in_its_half, 0,
                        (int)VECTOR_COUNT(differences));
    tcase_add_test(offsets, the_difference_of_two_addresses_is_that_of_their_numbers);
    tcase_add_test(offsets, physical_sums_stay_within_the_width);
    suite_add_tcase(suite, offsets);
    return suite;
}
