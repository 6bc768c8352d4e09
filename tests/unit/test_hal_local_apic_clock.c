/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/devices/local_apic_clock.c. */
#include "drydock/local_apic_clock.h"

#include "tests/unit/device_script.h"
#include "tests/unit/unit.h"

#define PAGE    0xFEE00000u
#define LVT     (PAGE + 0x320) /* of the timer. [SDM 3A] table 10-1 */
#define CURRENT (PAGE + 0x390)
#define DIVIDE  (PAGE + 0x3E0)

static const struct dd_local_apic xapic = {DD_LOCAL_APIC_XAPIC, {PAGE}};
static const struct dd_local_apic disabled = {DD_LOCAL_APIC_DISABLED, {PAGE}};

/* An 8254 whose channel 2 is in mode 0, and whose OUT2 says that the count is over. */
static void set_up(void)
{
    device_script_reset();
    device_script_answer(0x42, 0x30);
    device_script_answer(0x61, 0x20);
    device_script_answer(LVT, 0x10000);
    device_script_answer(DIVIDE, 0);
}

/* 11932 ticks of 1193182 Hz, divided by 16: 100 MHz are 62500 and a bit. */
START_TEST(the_clock_is_the_difference_of_two_counts)
{
    uint32_t hertz = 7;

    device_script_answer(CURRENT, UINT32_MAX - 5500);
    device_script_answer(CURRENT, UINT32_MAX - 5500 - 62500);
    ck_assert_int_eq(dd_local_apic_measure_clock(&xapic, 11932, &hertz), DD_OK);
    ck_assert_uint_eq(hertz, 99998491); /* 62500 * 16 * 1193182 / 11932 */
    ck_assert_uint_eq(device_writes[device_write_count - 1].place, PAGE + 0x380);
    ck_assert_uint_eq(device_writes[device_write_count - 1].value, 0); /* stopped */
}
END_TEST

START_TEST(a_timer_that_stands_still_has_no_clock)
{
    uint32_t hertz = 7;

    device_script_answer(CURRENT, UINT32_MAX - (_i == 0 ? 0 : 9));
    ck_assert_int_eq(dd_local_apic_measure_clock(&xapic, 11932, &hertz), DD_ENOTSUP);
    ck_assert_uint_eq(hertz, 7);
}
END_TEST

START_TEST(a_clock_beyond_32_bits_is_not_said_wrong)
{
    uint32_t hertz = 7;

    device_script_answer(CURRENT, UINT32_MAX);
    device_script_answer(CURRENT, UINT32_MAX - 3000000);
    ck_assert_int_eq(dd_local_apic_measure_clock(&xapic, 11932, &hertz), DD_ENOTSUP);
    ck_assert_uint_eq(hertz, 7);
}
END_TEST

START_TEST(without_an_8254_nothing_is_measured)
{
    uint32_t hertz = 7;

    device_script_reset();
    device_script_answer(LVT, 0x10000);
    device_script_answer(DIVIDE, 0);
    device_script_answer(CURRENT, UINT32_MAX);
    device_script_answer(0x42, 0xFF);
    device_script_answer(0x61, 0xFF);
    ck_assert_int_eq(dd_local_apic_measure_clock(&xapic, 11932, &hertz), DD_ENODEV);
    ck_assert_int_eq(dd_local_apic_measure_clock(&disabled, 11932, &hertz), DD_ENODEV);
    ck_assert_uint_eq(hertz, 7);
}
END_TEST

START_TEST(times_that_the_8254_cannot_count_are_refused)
{
    uint32_t hertz = 7;

    device_script_reset();
    ck_assert_int_eq(dd_local_apic_measure_clock(&xapic, 0, &hertz), DD_EARG);
    ck_assert_int_eq(dd_local_apic_measure_clock(&xapic, 65001, &hertz), DD_EARG);
    ck_assert_uint_eq(device_write_count, 0);
    ck_assert_uint_eq(hertz, 7);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_local_apic_clock");
    TCase *tests = tcase_create("clock");

    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, the_clock_is_the_difference_of_two_counts);
    tcase_add_loop_test(tests, a_timer_that_stands_still_has_no_clock, 0, 2);
    tcase_add_test(tests, a_clock_beyond_32_bits_is_not_said_wrong);
    tcase_add_test(tests, without_an_8254_nothing_is_measured);
    tcase_add_test(tests, times_that_the_8254_cannot_count_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
