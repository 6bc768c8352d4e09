/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/syscall.c: IA32_STAR as [SDM 2B] SYSCALL and SYSRET, "Operation", use it. */
#include "drydock/syscall.h"

#include "tests/unit/unit.h"

/*
 * SYSCALL: CS is bits 47:32 AND FFFCH, SS bits 47:32 + 8. SYSRET to 64-bit code: CS is bits 63:48
 * + 16, SS bits 63:48 + 8, both OR 3.
 */
static const struct {
    uint64_t star;
    struct dd_syscall_selectors selectors;
} stars[] = {
    {0x001B000800000000, {0x0008, 0x0010, 0x002B, 0x0023}},
    {0x0018000B00000000, {0x0008, 0x0013, 0x002B, 0x0023}},
    {0x0000FFFE00000000, {0xFFFC, 0x0006, 0x0013, 0x000B}},
    {0xFFF8000100000000, {0x0000, 0x0009, 0x000B, 0x0003}},
    {0x00000000FFFFFFFF, {0x0000, 0x0008, 0x0013, 0x000B}},
};

START_TEST(star_reads_as_what_syscall_and_sysret_load)
{
    struct dd_syscall_selectors read = {0};

    dd_syscall_read_star(stars[_i].star, &read);
    ck_assert_uint_eq(read.kernel_code, stars[_i].selectors.kernel_code);
    ck_assert_uint_eq(read.kernel_data, stars[_i].selectors.kernel_data);
    ck_assert_uint_eq(read.user_code, stars[_i].selectors.user_code);
    ck_assert_uint_eq(read.user_data, stars[_i].selectors.user_data);
}
END_TEST

/* The loop variable is the RPL of kernel code and data: SYSCALL would load SS with it. */
START_TEST(selectors_of_the_kernel_with_an_rpl_are_refused)
{
    struct dd_syscall_selectors selectors = {0x08, 0x10, 0x2B, 0x23};
    enum dd_syscall_rule rule = DD_SYSCALL_RULE_NONE;
    uint64_t star = 0x5A;

    selectors.kernel_code = (uint16_t)(selectors.kernel_code + _i);
    selectors.kernel_data = (uint16_t)(selectors.kernel_data + _i);
    ck_assert_int_eq(dd_syscall_make_star(&selectors, &star, &rule), DD_EARG);
    ck_assert_int_eq(rule, DD_SYSCALL_RULE_KERNEL_PRIVILEGE);
    ck_assert_uint_eq(star, 0x5A);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("syscall");
    TCase *star = tcase_create("star");

    tcase_add_loop_test(star, star_reads_as_what_syscall_and_sysret_load, 0,
                        (int)(sizeof stars / sizeof stars[0]));
    tcase_add_loop_test(star, selectors_of_the_kernel_with_an_rpl_are_refused, 1, 4);
    suite_add_tcase(suite, star);
    return suite;
}
