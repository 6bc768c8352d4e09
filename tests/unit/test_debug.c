/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/processor/debug.c. */
#include "drydock/debug.h"
#include "tests/unit/fake_registers.h"
#include "tests/unit/unit.h"

/* [SDM 3B] figure 17-2: L and G of breakpoint n are bits 2n and 2n + 1, R/W 16 + 4n, LEN 18 + 4n. */
static const struct {
    unsigned int number;
    struct dd_breakpoint breakpoint;
    uint64_t value;
} encodings[] = {
    {0, {0, DD_BREAKPOINT_EXECUTE, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_LOCAL}, 0x00000401},
    {0, {0, DD_BREAKPOINT_WRITE, DD_BREAKPOINT_4_BYTES, DD_BREAKPOINT_GLOBAL}, 0x000D0402},
    {1, {0, DD_BREAKPOINT_ACCESS, DD_BREAKPOINT_8_BYTES, DD_BREAKPOINT_BOTH}, 0x00B0040C},
    {2, {0, DD_BREAKPOINT_IO, DD_BREAKPOINT_2_BYTES, DD_BREAKPOINT_GLOBAL}, 0x06000420},
    {3, {0, DD_BREAKPOINT_WRITE, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_OFF}, 0x10000400},
};

START_TEST(a_breakpoint_has_its_bits_in_dr7)
{
    uint64_t value = 0;

    ck_assert_int_eq(
        dd_breakpoint_encode(0x400, encodings[_i].number, &encodings[_i].breakpoint, &value),
        DD_OK);
    ck_assert_uint_eq(value, encodings[_i].value);
}
END_TEST

START_TEST(the_other_breakpoints_keep_theirs)
{
    const struct dd_breakpoint off = {0, DD_BREAKPOINT_EXECUTE, DD_BREAKPOINT_1_BYTE,
                                      DD_BREAKPOINT_OFF};
    static const uint64_t left[] = {0xFFF02FFC, 0xFF0F2FF3, 0xF0FF2FCF, 0x0FFF2F3F};
    uint64_t value = 0;

    ck_assert_int_eq(dd_breakpoint_encode(0xFFFF2FFF, (unsigned int)_i, &off, &value), DD_OK);
    ck_assert_uint_eq(value, left[_i]);
}
END_TEST

START_TEST(impossible_breakpoints_are_refused)
{
    static const struct dd_breakpoint wrong[] = {
        {0, DD_BREAKPOINT_EXECUTE, DD_BREAKPOINT_4_BYTES, DD_BREAKPOINT_LOCAL},
        {0, (enum dd_breakpoint_condition)4, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_LOCAL},
        {0, DD_BREAKPOINT_WRITE, (enum dd_breakpoint_size)4, DD_BREAKPOINT_LOCAL},
        {0, DD_BREAKPOINT_WRITE, DD_BREAKPOINT_1_BYTE, (enum dd_breakpoint_scope)4},
    };
    struct dd_breakpoint read = {7, DD_BREAKPOINT_IO, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_LOCAL};
    uint64_t value = 7;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_int_eq(dd_breakpoint_encode(0x400, 0, &wrong[i], &value), DD_EARG);
        ck_assert_int_eq(dd_breakpoint_set(0, &wrong[i]), DD_EARG);
    }
    ck_assert_int_eq(dd_breakpoint_encode(0x400, 4, &encodings[0].breakpoint, &value), DD_EARG);
    ck_assert_int_eq(dd_breakpoint_get(4, &read), DD_EARG);
    ck_assert_uint_eq(value, 7);
    ck_assert_uint_eq(read.address, 7);
    ck_assert_uint_eq(fake.writes, 0);
}
END_TEST

/* [SDM 3B] 17.2.5: aligned to the size; [SDM 3A] 2.5: ports need CR4.DE. */
static const struct {
    uint64_t cr4;
    struct dd_breakpoint breakpoint;
    enum dd_status expected;
} addresses[] = {
    {0x620, {0x1004, DD_BREAKPOINT_WRITE, DD_BREAKPOINT_8_BYTES, DD_BREAKPOINT_LOCAL}, DD_EALIGN},
    {0x620, {0x1004, DD_BREAKPOINT_WRITE, DD_BREAKPOINT_4_BYTES, DD_BREAKPOINT_LOCAL}, DD_OK},
    {0x620, {0x1001, DD_BREAKPOINT_WRITE, DD_BREAKPOINT_2_BYTES, DD_BREAKPOINT_LOCAL}, DD_EALIGN},
    {0x620, {0x1001, DD_BREAKPOINT_EXECUTE, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_LOCAL}, DD_OK},
    {0x620,
     {0x800000000000, DD_BREAKPOINT_WRITE, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_LOCAL},
     DD_ECANONICAL},
    {0x1620,
     {0x800000000000, DD_BREAKPOINT_WRITE, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_LOCAL},
     DD_OK},
    {0x620, {0x60, DD_BREAKPOINT_IO, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_LOCAL}, DD_ENOTSUP},
    {0x628, {0x60, DD_BREAKPOINT_IO, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_LOCAL}, DD_OK},
    {0x628, {0x10000, DD_BREAKPOINT_IO, DD_BREAKPOINT_1_BYTE, DD_BREAKPOINT_LOCAL}, DD_EARG},
};

START_TEST(addresses_of_breakpoints_are_checked)
{
    fake.cr4 = addresses[_i].cr4;
    ck_assert_int_eq(dd_breakpoint_set(1, &addresses[_i].breakpoint), addresses[_i].expected);
    ck_assert_uint_eq(fake.writes, addresses[_i].expected == DD_OK ? 3 : 0);
}
END_TEST

START_TEST(a_breakpoint_is_read_as_it_was_set)
{
    struct dd_breakpoint read;
    const struct dd_breakpoint set = {0x1000 + 16 * (unsigned int)_i, DD_BREAKPOINT_ACCESS,
                                      DD_BREAKPOINT_8_BYTES, DD_BREAKPOINT_GLOBAL};

    ck_assert_int_eq(dd_breakpoint_set((unsigned int)_i, &set), DD_OK);
    ck_assert_uint_eq(fake.dr[_i], set.address);
    ck_assert_int_eq(dd_breakpoint_get((unsigned int)_i, &read), DD_OK);
    ck_assert_uint_eq(read.address, set.address);
    ck_assert_int_eq(read.condition, DD_BREAKPOINT_ACCESS);
    ck_assert_int_eq(read.size, DD_BREAKPOINT_8_BYTES);
    ck_assert_int_eq(read.scope, DD_BREAKPOINT_GLOBAL);
}
END_TEST

START_TEST(a_breakpoint_is_off_while_its_address_changes)
{
    fake.dr[7] = 0x403;
    ck_assert_int_eq(dd_breakpoint_set(0, &encodings[1].breakpoint), DD_OK);
    ck_assert_str_eq(fake.log, "READ_DR7 READ_CR4 WRITE_DR7 WRITE_DR0 WRITE_DR7 ");
    ck_assert_uint_eq(fake.dr[7], 0x000D0402);
}
END_TEST

START_TEST(sizes_are_told_in_bytes)
{
    static const unsigned int bytes[] = {1, 2, 8, 4};
    enum dd_breakpoint_size size = DD_BREAKPOINT_1_BYTE;

    for (unsigned int i = 0; i < 4; i++) {
        ck_assert_int_eq(dd_breakpoint_size_from(bytes[i], &size), DD_OK);
        ck_assert_uint_eq(size, i);
    }
    ck_assert_int_eq(dd_breakpoint_size_from(3, &size), DD_EARG);
    ck_assert_int_eq(dd_breakpoint_size_from(0, &size), DD_EARG);
    ck_assert_uint_eq(size, 3);
}
END_TEST

/* [SDM 3B] 17.2.3: BLD (11) and RTM (16) are 0 if they are causes. */
START_TEST(causes_are_ones_whatever_dr6_has)
{
    ck_assert_uint_eq(dd_debug_causes(0xFFFF0FF0), 0);
    ck_assert_uint_eq(dd_debug_causes(0xFFFF4FF1), 0x4001);
    ck_assert_uint_eq(dd_debug_causes(0xFFFEAFF8), 0x1A008);
    ck_assert_uint_eq(dd_debug_causes(0xFFFF07F0), 0x800);
}
END_TEST

START_TEST(taking_the_causes_clears_dr6)
{
    fake.dr[6] = 0xFFFEEFFF;
    ck_assert_uint_eq(dd_debug_take_causes(), 0x1E00F);
    ck_assert_uint_eq(fake.dr[6], 0xFFFF0FF0);
    ck_assert_uint_eq(dd_debug_take_causes(), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("debug");
    TCase *breakpoints = tcase_create("breakpoints");

    tcase_add_checked_fixture(breakpoints, fake_registers_reset, NULL);
    tcase_add_loop_test(breakpoints, a_breakpoint_has_its_bits_in_dr7, 0,
                        sizeof encodings / sizeof encodings[0]);
    tcase_add_loop_test(breakpoints, the_other_breakpoints_keep_theirs, 0, 4);
    tcase_add_test(breakpoints, impossible_breakpoints_are_refused);
    tcase_add_loop_test(breakpoints, addresses_of_breakpoints_are_checked, 0,
                        sizeof addresses / sizeof addresses[0]);
    tcase_add_loop_test(breakpoints, a_breakpoint_is_read_as_it_was_set, 0, 4);
    tcase_add_test(breakpoints, a_breakpoint_is_off_while_its_address_changes);
    tcase_add_test(breakpoints, sizes_are_told_in_bytes);
    tcase_add_test(breakpoints, causes_are_ones_whatever_dr6_has);
    tcase_add_test(breakpoints, taking_the_causes_clears_dr6);
    suite_add_tcase(suite, breakpoints);
    return suite;
}
