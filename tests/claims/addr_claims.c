/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about addresses: form, alignment, offsets, steps, and the indices in them. */
#include "drydock/addr.h"
#include "drydock/addr_offset.h"
#include "drydock/addr_step.h"
#include "drydock/table_index.h"
#include "tests/claims/address_vectors.h"
#include "tests/claims/claim.h"
#include "tests/claims/linear.h"
#include "tests/claims/world.h"

/* What an out-parameter holds that must stay untouched; no vector expects it. */
#define UNTOUCHED UINT64_C(0xDEADBEEFDEADBEEF)

CLAIM(truncated_addresses_repeat_their_highest_bit_at_48_and_57_bits)
{
    for (unsigned int i = 0; i < VECTOR_COUNT(truncate_vectors); i++) {
        const struct truncate_vector *vector = &truncate_vectors[i];

        CLAIM_EQUAL(dd_vaddr_truncate(vector->raw, vector->width).raw, vector->expected);
    }
}

/* [SDM 1] 3.3.7.1: #GP for what is not canonical, and for nothing else. */
CLAIM(the_processor_and_the_library_agree_on_the_hole)
{
    unsigned int width = linear_width();
    uint64_t hole = first_of_the_hole().raw;
    const uint64_t edges[] = {hole - 0x10, -hole - 0x10};

    for (unsigned int i = 0; i < 4; i++) {
        dd_vaddr address = dd_vaddr_from(edges[i / 2] + UINT64_C(8) * (1 + i % 2));
        dd_vaddr checked = dd_vaddr_from(UNTOUCHED);
        bool faults = world_load64(address).vector == 13;

        CLAIM_EQUAL(faults, i == 1 || i == 2);
        CLAIM_EQUAL(dd_vaddr_is_canonical(address, width), !faults);
        CLAIM_STATUS(dd_vaddr_from_checked(address.raw, width, &checked),
                     faults ? DD_ECANONICAL : DD_OK);
        CLAIM_EQUAL(checked.raw, faults ? UNTOUCHED : address.raw);
    }
}

CLAIM(physical_addresses_end_at_their_width)
{
    dd_paddr address = dd_paddr_from(UNTOUCHED);

    for (unsigned int width = 36; width <= 52; width++) {
        uint64_t end = UINT64_C(1) << width;

        CLAIM_STATUS(dd_paddr_from_checked(end, width, &address), DD_EARG);
        CLAIM_EQUAL(address.raw, width == 36 ? UNTOUCHED : end / 2 - 1);
        CLAIM_OK(dd_paddr_from_checked(end - 1, width, &address));
        CLAIM_EQUAL(address.raw, end - 1);
        CLAIM_EQUAL(dd_paddr_truncate(end + 5, width).raw, 5);
    }
}

CLAIM(numbers_align_up_unless_the_result_would_wrap)
{
    uint64_t result = UNTOUCHED;

    CLAIM_OK(dd_align_up(0, UINT64_C(1) << 63, &result));
    CLAIM_EQUAL(result, 0);
    CLAIM_OK(dd_align_up(UINT64_MAX, 1, &result));
    CLAIM_EQUAL(result, UINT64_MAX);
    CLAIM_STATUS(dd_align_up(UINT64_MAX, 2, &result), DD_EWRAP);
    CLAIM_STATUS(dd_align_up(0, 3, &result), DD_EARG);
    CLAIM_EQUAL(result, UINT64_MAX);
}

CLAIM(virtual_addresses_align_up_and_down_across_the_hole)
{
    for (unsigned int i = 0; i < VECTOR_COUNT(align_up_vectors); i++) {
        const struct align_vector *vector = &align_up_vectors[i];
        dd_vaddr result = dd_vaddr_from(UNTOUCHED);

        CLAIM_STATUS(dd_vaddr_align_up(dd_vaddr_from(vector->address), vector->alignment,
                                       vector->width, &result),
                     vector->status);
        CLAIM_EQUAL(result.raw, vector->status == DD_OK ? vector->expected : UNTOUCHED);
    }
    for (unsigned int i = 0; i < VECTOR_COUNT(align_down_vectors); i++) {
        const struct align_vector *vector = &align_down_vectors[i];
        dd_vaddr result = dd_vaddr_from(UNTOUCHED);

        CLAIM_STATUS(dd_vaddr_align_down(dd_vaddr_from(vector->address), vector->alignment,
                                         vector->width, &result),
                     vector->status);
        CLAIM_EQUAL(result.raw, vector->status == DD_OK ? vector->expected : UNTOUCHED);
    }
}

CLAIM(physical_addresses_align_within_their_width)
{
    dd_paddr last = dd_paddr_from(0x000FFFFFFFFFFFFF);
    dd_paddr result = dd_paddr_from(UNTOUCHED);

    CLAIM_STATUS(dd_paddr_align_up(last, 2, 52, &result), DD_EWRAP);
    CLAIM_STATUS(dd_paddr_align_up(last, 0, 52, &result), DD_EARG);
    CLAIM_STATUS(dd_paddr_align_down(last, 3, 52, &result), DD_EARG);
    CLAIM_EQUAL(result.raw, UNTOUCHED);
    CLAIM_OK(dd_paddr_align_up(last, 1, 52, &result));
    CLAIM_EQUAL(result.raw, 0x000FFFFFFFFFFFFF);
    CLAIM_OK(dd_paddr_align_down(last, 0x1000, 52, &result));
    CLAIM_EQUAL(result.raw, 0x000FFFFFFFFFF000);
}

CLAIM(an_offset_does_not_leave_its_half_of_the_address_space)
{
    dd_vaddr low = dd_vaddr_from(0x00007FFFFFFFFFFF);
    dd_vaddr high = dd_vaddr_from(0xFFFF800000000000);
    dd_vaddr result = dd_vaddr_from(UNTOUCHED);

    CLAIM_STATUS(dd_vaddr_add(low, 1, 48, &result), DD_EWRAP);
    CLAIM_STATUS(dd_vaddr_add(low, 0xFFFF000000000001, 48, &result), DD_EWRAP);
    CLAIM_STATUS(dd_vaddr_sub(high, 1, 48, &result), DD_EWRAP);
    CLAIM_STATUS(dd_vaddr_sub(high, 0xFFFF000000000001, 48, &result), DD_EWRAP);
    CLAIM_STATUS(dd_vaddr_add(dd_vaddr_from(UINT64_MAX), 1, 48, &result), DD_EWRAP);
    CLAIM_STATUS(dd_vaddr_sub(dd_vaddr_from(0), 1, 48, &result), DD_EWRAP);
    CLAIM_STATUS(dd_vaddr_add(dd_vaddr_from(low.raw + 1), 0, 48, &result), DD_ECANONICAL);
    CLAIM_EQUAL(result.raw, UNTOUCHED);
    CLAIM_OK(dd_vaddr_add(low, 1, 57, &result));
    CLAIM_EQUAL(result.raw, 0x0000800000000000);
    CLAIM_OK(dd_vaddr_add(high, 0x00007FFFFFFFFFFF, 48, &result));
    CLAIM_EQUAL(result.raw, UINT64_MAX);
    CLAIM_OK(dd_vaddr_sub(low, 0x00007FFFFFFFFFFF, 48, &result));
    CLAIM_EQUAL(result.raw, 0);
}

CLAIM(the_difference_of_addresses_counts_the_hole_and_is_never_negative)
{
    dd_vaddr low = dd_vaddr_from(0x00007FFFFFFFFFFF);
    dd_vaddr high = dd_vaddr_from(0xFFFF800000000000);
    uint64_t bytes = UNTOUCHED;

    CLAIM_STATUS(dd_vaddr_difference(high, low, &bytes), DD_EARG);
    CLAIM_STATUS(dd_paddr_difference(dd_paddr_from(2), dd_paddr_from(1), &bytes), DD_EARG);
    CLAIM_EQUAL(bytes, UNTOUCHED);
    CLAIM_OK(dd_vaddr_difference(low, high, &bytes));
    CLAIM_EQUAL(bytes, 0xFFFF000000000001);
    CLAIM_OK(dd_paddr_difference(dd_paddr_from(1), dd_paddr_from(3), &bytes));
    CLAIM_EQUAL(bytes, 2);
}

CLAIM(physical_sums_end_at_the_width_and_at_0)
{
    dd_paddr last = dd_paddr_from(0x000FFFFFFFFFFFFF);
    dd_paddr result = dd_paddr_from(UNTOUCHED);

    CLAIM_STATUS(dd_paddr_add(last, 1, 52, &result), DD_EWRAP);
    CLAIM_STATUS(dd_paddr_sub(dd_paddr_from(0), 1, 52, &result), DD_EWRAP);
    CLAIM_EQUAL(result.raw, UNTOUCHED);
    CLAIM_OK(dd_paddr_add(dd_paddr_from(1), last.raw - 1, 52, &result));
    CLAIM_EQUAL(result.raw, last.raw);
    CLAIM_OK(dd_paddr_sub(last, last.raw, 52, &result));
    CLAIM_EQUAL(result.raw, 0);
}

CLAIM(steps_forward_jump_the_hole_and_end_at_the_top)
{
    for (unsigned int i = 0; i < VECTOR_COUNT(forward_vectors); i++) {
        const struct step_vector *vector = &forward_vectors[i];
        dd_vaddr result = dd_vaddr_from(UNTOUCHED);

        CLAIM_STATUS(dd_vaddr_forward(dd_vaddr_from(vector->from), vector->count, vector->size,
                                      vector->width, &result),
                     vector->status);
        CLAIM_EQUAL(result.raw, vector->status == DD_OK ? vector->expected : UNTOUCHED);
    }
}

CLAIM(steps_backward_jump_the_hole_and_end_at_0)
{
    for (unsigned int i = 0; i < VECTOR_COUNT(backward_vectors); i++) {
        const struct step_vector *vector = &backward_vectors[i];
        dd_vaddr result = dd_vaddr_from(UNTOUCHED);

        CLAIM_STATUS(dd_vaddr_backward(dd_vaddr_from(vector->from), vector->count, vector->size,
                                       vector->width, &result),
                     vector->status);
        CLAIM_EQUAL(result.raw, vector->status == DD_OK ? vector->expected : UNTOUCHED);
    }
}

CLAIM(distances_in_steps_leave_the_hole_out)
{
    for (unsigned int i = 0; i < VECTOR_COUNT(distance_vectors); i++) {
        const struct distance_vector *vector = &distance_vectors[i];
        uint64_t count = UNTOUCHED;

        CLAIM_STATUS(dd_vaddr_distance(dd_vaddr_from(vector->from), dd_vaddr_from(vector->to),
                                       vector->size, vector->width, &count),
                     vector->status);
        CLAIM_EQUAL(count, vector->status == DD_OK ? vector->expected : UNTOUCHED);
    }
}

CLAIM(frames_step_up_to_the_last_one_of_52_bits)
{
    dd_paddr last = dd_paddr_from(0x000FFFFFFFFFF000);
    dd_paddr result = dd_paddr_from(UNTOUCHED);
    uint64_t count = UNTOUCHED;

    CLAIM_STATUS(dd_paddr_forward(last, 1, 0x1000, 52, &result), DD_EWRAP);
    CLAIM_STATUS(dd_paddr_backward(dd_paddr_from(0), 1, 0x1000, 52, &result), DD_EWRAP);
    CLAIM_STATUS(dd_paddr_forward(last, 0, 0x200000, 52, &result), DD_EALIGN);
    CLAIM_STATUS(dd_paddr_distance(last, dd_paddr_from(0), 0x1000, 52, &count), DD_EARG);
    CLAIM_EQUAL(result.raw, UNTOUCHED);
    CLAIM_OK(dd_paddr_distance(dd_paddr_from(0), last, 0x1000, 52, &count));
    CLAIM_EQUAL(count, 0xFFFFFFFFFF);
    CLAIM_OK(dd_paddr_forward(dd_paddr_from(0), count, 0x1000, 52, &result));
    CLAIM_EQUAL(result.raw, last.raw);
    CLAIM_OK(dd_paddr_backward(last, count, 0x1000, 52, &result));
    CLAIM_EQUAL(result.raw, 0);
}

/* [SDM 3A] figures 4-8 to 4-11: bits 56:48, 47:39, 38:30, 29:21 and 20:12. */
CLAIM(an_address_selects_an_entry_at_each_of_five_levels)
{
    static const unsigned int expected[] = {0x17F, 0x1DF, 0x18F, 0x1CF, 0x1C7};
    dd_vaddr address = dd_vaddr_from(0xFF7FEFE3F9FC7123);

    for (unsigned int level = 5; level >= 1; level--) {
        CLAIM_EQUAL(dd_table_index(address, level), expected[5 - level]);
    }
    CLAIM_EQUAL(dd_page_offset(address, 0x1000), 0x123);
    CLAIM_EQUAL(dd_page_offset(address, 0x40000000), 0x39FC7123);
    CLAIM_EQUAL(dd_table_entry_bytes(1), 0x1000);
    CLAIM_EQUAL(dd_table_entry_bytes(5), 0x1000000000000);
    CLAIM_EQUAL(dd_table_bytes(4), 0x1000000000000);
}

CLAIM(indices_make_the_canonical_address_that_selects_them)
{
    static const unsigned int upper[] = {256, 511, 510, 1, 2};
    static const unsigned int wrong[] = {256, 511, 512, 1, 2};
    dd_vaddr address = dd_vaddr_from(UNTOUCHED);

    CLAIM_STATUS(dd_table_address(wrong, 4, 1, &address), DD_EARG);
    CLAIM_STATUS(dd_table_address(upper, 3, 1, &address), DD_EARG);
    CLAIM_EQUAL(address.raw, UNTOUCHED);
    CLAIM_OK(dd_table_address(upper, 4, 1, &address));
    CLAIM_EQUAL(address.raw, 0xFFFF807FFFC01000);
    CLAIM_OK(dd_table_address(upper, 4, 3, &address));
    CLAIM_EQUAL(address.raw, 0xFFFF807FC0000000);
    CLAIM_OK(dd_table_address(upper, 5, 1, &address));
    CLAIM_EQUAL(address.raw, 0xFF00FFFF80202000);
}
