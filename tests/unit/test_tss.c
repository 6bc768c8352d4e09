/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/tss.c. */
#include <string.h>

#include "drydock/tss.h"
#include "tests/unit/insn_recorder.h"
#include "tests/unit/unit.h"

/* [SDM 3A] figure 8-11; [SDM 1] 19.5.2: a map beyond the limit is no map. */
START_TEST(init_leaves_only_an_io_map_base_of_ffff_at_offset_102)
{
    uint8_t expected[104] = {[102] = 0xFF, [103] = 0xFF};
    struct dd_tss tss;

    memset(&tss, 0xA5, sizeof tss);
    dd_tss_init(&tss);
    ck_assert_uint_eq(sizeof tss, 104);
    ck_assert_mem_eq(&tss, expected, sizeof expected);
}
END_TEST

/* [SDM 3A] figure 8-11, in the order of enum dd_tss_stack. */
static const unsigned int stack_offsets[] = {4, 12, 20, 36, 44, 52, 60, 68, 76, 84};

START_TEST(every_stack_has_the_manuals_offset_and_leaves_the_others_alone)
{
    static const uint8_t top[8] = {0xF0, 0xDE, 0xBC, 0x9A, 0x78, 0x86, 0xFF, 0xFF};
    uint8_t expected[104] = {[102] = 0xFF, [103] = 0xFF};
    struct dd_tss tss;

    dd_tss_init(&tss);
    memcpy(expected + stack_offsets[_i], top, sizeof top);
    ck_assert_int_eq(
        dd_tss_set_stack(&tss, (enum dd_tss_stack)_i, dd_vaddr_from(0xFFFF86789ABCDEF0), 48),
        DD_OK);
    ck_assert_mem_eq(&tss, expected, sizeof expected);
}
END_TEST

START_TEST(stacks_outside_the_list_change_nothing)
{
    struct dd_tss tss;
    struct dd_tss before;

    dd_tss_init(&tss);
    before = tss;
    ck_assert_int_eq(dd_tss_set_stack(&tss, (enum dd_tss_stack)10, dd_vaddr_from(0x1000), 48),
                     DD_EARG);
    ck_assert_int_eq(
        dd_tss_set_stack(&tss, (enum dd_tss_stack)UINT32_MAX, dd_vaddr_from(0x1000), 48), DD_EARG);
    ck_assert_mem_eq(&tss, &before, sizeof tss);
}
END_TEST

/* [SDM 1] 3.3.7.1. */
static const struct {
    uint64_t top;
    unsigned int width;
    enum dd_status status;
} tops[] = {
    {0, 48, DD_OK},
    {0x00007FFFFFFFFFFF, 48, DD_OK},
    {0x0000800000000000, 48, DD_ECANONICAL},
    {0xFFFF7FFFFFFFFFFF, 48, DD_ECANONICAL},
    {0xFFFF800000000000, 48, DD_OK},
    {0xFFFFFFFFFFFFFFF0, 48, DD_OK},
    {0x0000800000000000, 57, DD_OK},
    {0x00FFFFFFFFFFFFFF, 57, DD_OK},
    {0x0100000000000000, 57, DD_ECANONICAL},
    {0xFEFFFFFFFFFFFFFF, 57, DD_ECANONICAL},
    {0xFF00000000000000, 57, DD_OK},
    {0x1000, 0, DD_EARG},
    {0x1000, 64, DD_EARG},
};

START_TEST(a_top_must_be_canonical)
{
    struct dd_tss tss;
    struct dd_tss before;

    dd_tss_init(&tss);
    before = tss;
    ck_assert_int_eq(
        dd_tss_set_stack(&tss, DD_TSS_RSP0, dd_vaddr_from(tops[_i].top), tops[_i].width),
        tops[_i].status);
    if (tops[_i].status != DD_OK) {
        ck_assert_mem_eq(&tss, &before, sizeof tss);
    }
}
END_TEST

START_TEST(load_is_one_ltr_of_the_selector)
{
    dd_tss_load(0x28);
    ck_assert_uint_eq(recorded_count, 1);
    ck_assert_int_eq(recorded[0].insn, DD_HOSTED_LTR);
    ck_assert_uint_eq(recorded[0].operands.rax, 0x28);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("tss");
    TCase *layout = tcase_create("layout");
    TCase *load = tcase_create("load");

    tcase_add_test(layout, init_leaves_only_an_io_map_base_of_ffff_at_offset_102);
    tcase_add_loop_test(layout, every_stack_has_the_manuals_offset_and_leaves_the_others_alone, 0,
                        10);
    tcase_add_test(layout, stacks_outside_the_list_change_nothing);
    tcase_add_loop_test(layout, a_top_must_be_canonical, 0, (int)(sizeof tops / sizeof tops[0]));
    suite_add_tcase(suite, layout);

    tcase_add_checked_fixture(load, insn_recorder_reset, NULL);
    tcase_add_test(load, load_is_one_ltr_of_the_selector);
    suite_add_tcase(suite, load);
    return suite;
}
