/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/mmu/memory_type.c. */
#include "sim/mmu/memory_type.h"
#include "tests/unit/unit.h"

START_TEST(types_combine_as_in_table_11_7)
{
    /* UC 0, WC 1, WT 4, WP 5, WB 6, UC- 7; [SDM 3A] table 11-7 from top to bottom */
    static const unsigned int rows[30][3] = {
        {0, 0, 0}, {0, 7, 0}, {0, 1, 1}, {0, 4, 0}, {0, 6, 0}, {0, 5, 0}, {1, 0, 0}, {1, 7, 1},
        {1, 1, 1}, {1, 4, 0}, {1, 6, 1}, {1, 5, 0}, {4, 0, 0}, {4, 7, 0}, {4, 1, 1}, {4, 4, 4},
        {4, 6, 4}, {4, 5, 5}, {6, 0, 0}, {6, 7, 0}, {6, 1, 1}, {6, 4, 4}, {6, 6, 6}, {6, 5, 5},
        {5, 0, 0}, {5, 7, 1}, {5, 1, 1}, {5, 4, 4}, {5, 6, 5}, {5, 5, 5}};

    ck_assert_uint_eq(sim_effective_memory_type((enum sim_memory_type)rows[_i][0],
                                                (enum sim_memory_type)rows[_i][1]),
                      rows[_i][2]);
}
END_TEST

START_TEST(the_pat_has_eight_fields)
{
    /* table 11-12, after reset: WB, WT, UC-, UC, twice */
    static const unsigned int reset[] = {6, 4, 7, 0, 6, 4, 7, 0};

    for (unsigned int i = 0; i < 8; i++) {
        ck_assert_uint_eq(sim_pat_type(0x0007040600070406, i), reset[i]);
    }
    ck_assert_uint_eq(sim_pat_type(0x0105000000000000, 7), 1);
    ck_assert_uint_eq(sim_pat_type(0x0105000000000000, 6), 5);
    ck_assert_uint_eq(sim_pat_type(0x0000000000008602, 0), 0); /* reserved */
    ck_assert_uint_eq(sim_pat_type(0x0000000000008602, 1), 0);
}
END_TEST

START_TEST(fixed_ranges_have_64_16_and_4_kib)
{
    /* table 11-9. Every field is UC but the ones under test, which are WP */
    static const struct {
        unsigned int index, shift;
        uint64_t first, last;
    } cases[] = {
        {0, 0, 0x00000, 0x0FFFF},  {0, 56, 0x70000, 0x7FFFF},  {1, 0, 0x80000, 0x83FFF},
        {1, 56, 0x9C000, 0x9FFFF}, {2, 0, 0xA0000, 0xA3FFF},   {2, 56, 0xBC000, 0xBFFFF},
        {3, 0, 0xC0000, 0xC0FFF},  {3, 56, 0xC7000, 0xC7FFF},  {4, 0, 0xC8000, 0xC8FFF},
        {10, 0, 0xF8000, 0xF8FFF}, {10, 56, 0xFF000, 0xFFFFF}, {5, 24, 0xD3000, 0xD3FFF},
    };
    struct sim_mtrrs mtrrs = {.def_type = 0xC06};

    mtrrs.fixed[cases[_i].index] = UINT64_C(5) << cases[_i].shift;
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, cases[_i].first), 5);
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, cases[_i].last), 5);
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, cases[_i].first - 1),
                      cases[_i].first == 0 ? 6 : 0); /* wraps far above all ranges */
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, cases[_i].last + 1), cases[_i].last == 0xFFFFF ? 6 : 0);
}
END_TEST

START_TEST(the_enable_bits_decide_which_ranges_count)
{
    /* FE is bit 10, E bit 11: figure 11-5 */
    const struct sim_mtrr_range all = {0x0000000000000001, 0x0000000000000800};
    struct sim_mtrrs mtrrs = {.def_type = 0x406, .variable = &all, .variable_count = 1};

    mtrrs.fixed[0] = 0x0404040404040404;
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x1000), 0); /* E = 0: all is UC */
    mtrrs.def_type = 0x806;
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x1000), 1);
    mtrrs.def_type = 0xC06;
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x1000), 4);
    mtrrs.variable_count = 0;
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x200000), 6);
    mtrrs.def_type = 0xC02; /* reserved */
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x200000), 0);
}
END_TEST

START_TEST(a_variable_range_is_matched_by_its_mask)
{
    /* 64 MiB at 0x4000000, the example of 11.11.3.1; then the same without V */
    struct sim_mtrr_range range = {0x0000000004000006, 0x0000000FFC000800};
    struct sim_mtrrs mtrrs = {.def_type = 0x800, .variable = &range, .variable_count = 1};

    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x3FFFFFF), 0);
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x4000000), 6);
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x7FFFFFF), 6);
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x8000000), 0);
    range.mask &= ~UINT64_C(0x800);
    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x4000000), 0);
}
END_TEST

START_TEST(overlaps_follow_the_precedences)
{
    /* 11.11.4.1; where it says undefined the model says UC */
    static const unsigned int cases[][3] = {{6, 6, 6}, {0, 6, 0}, {6, 0, 0}, {4, 6, 4}, {6, 4, 4},
                                            {1, 1, 1}, {0, 4, 0}, {1, 6, 0}, {5, 4, 0}, {5, 5, 5}};
    struct sim_mtrr_range ranges[2] = {{cases[_i][0], 0x800}, {cases[_i][1], 0x800}};
    struct sim_mtrrs mtrrs = {.def_type = 0x801, .variable = ranges, .variable_count = 2};

    ck_assert_uint_eq(sim_mtrr_type(&mtrrs, 0x200000), cases[_i][2]);
}
END_TEST

START_TEST(types_have_names)
{
    ck_assert_str_eq(sim_memory_type_name((enum sim_memory_type)0), "UC");
    ck_assert_str_eq(sim_memory_type_name((enum sim_memory_type)1), "WC");
    ck_assert_str_eq(sim_memory_type_name((enum sim_memory_type)3), "reserved");
    ck_assert_str_eq(sim_memory_type_name((enum sim_memory_type)4), "WT");
    ck_assert_str_eq(sim_memory_type_name((enum sim_memory_type)5), "WP");
    ck_assert_str_eq(sim_memory_type_name((enum sim_memory_type)6), "WB");
    ck_assert_str_eq(sim_memory_type_name((enum sim_memory_type)7), "UC-");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("memory_type");
    TCase *tcase = tcase_create("manual");

    tcase_add_loop_test(tcase, types_combine_as_in_table_11_7, 0, 30);
    tcase_add_test(tcase, the_pat_has_eight_fields);
    tcase_add_loop_test(tcase, fixed_ranges_have_64_16_and_4_kib, 0, 12);
    tcase_add_test(tcase, the_enable_bits_decide_which_ranges_count);
    tcase_add_test(tcase, a_variable_range_is_matched_by_its_mask);
    tcase_add_loop_test(tcase, overlaps_follow_the_precedences, 0, 10);
    tcase_add_test(tcase, types_have_names);
    suite_add_tcase(suite, tcase);
    return suite;
}
