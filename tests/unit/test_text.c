/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/base/text.c. */
#include "drydock/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static char buffer[64];
static struct dd_text text;

static void setup(void)
{
    memset(buffer, 'x', sizeof buffer);
    dd_text_init(&text, buffer, sizeof buffer);
}

/* The conversions mean what they mean in printf(). */
#define CHECK_AS_PRINTF(...)                                           \
    do {                                                               \
        char expected[sizeof buffer];                                  \
        int length = snprintf(expected, sizeof expected, __VA_ARGS__); \
        setup();                                                       \
        dd_text_format(&text, __VA_ARGS__);                            \
        ck_assert_str_eq(buffer, expected);                            \
        ck_assert_uint_eq(text.length, (size_t)length);                \
    } while (0)

START_TEST(every_conversion_prints_what_printf_prints)
{
    CHECK_AS_PRINTF("%s and %c and %%", "string", 'c');
    CHECK_AS_PRINTF("%u %d %d %x %X", 4000000000U, -17, INT_MIN, 0xABCDEFU, 0xABCDEFU);
    CHECK_AS_PRINTF("%lu %ld %lx %lX", ULONG_MAX, LONG_MIN, 0xFEDCBA9876543210UL, 0xABUL);
    CHECK_AS_PRINTF("[%5u] [%05u] [%5d] [%05d] [%08lx] [%2x]", 42U, 42U, -42, -42, 0xABCUL, 0x123U);
    CHECK_AS_PRINTF("[%6s] [%2s] [%3c] [%u] [%02x]", "abc", "abc", 'c', 0U, 0U);
    CHECK_AS_PRINTF("nothing");
}
END_TEST

START_TEST(what_does_not_fit_is_counted_and_left_out)
{
    dd_text_init(&text, buffer, 6);
    dd_text_put(&text, "abc");
    dd_text_format(&text, "%u!", 1234U);
    ck_assert_str_eq(buffer, "abc12");
    ck_assert_uint_eq(text.length, 8);
    ck_assert_int_eq(buffer[6], 'x');
    dd_text_init(&text, buffer, 1);
    dd_text_put_character(&text, 'a');
    ck_assert_str_eq(buffer, "");
    ck_assert_uint_eq(text.length, 1);
}
END_TEST

START_TEST(bytes_are_two_digits_each_in_their_order)
{
    const unsigned char bytes[] = {0x00, 0x0A, 0xF0, 0x5E};

    dd_text_put_bytes(&text, bytes, 4);
    ck_assert_str_eq(buffer, "000af05e");
    ck_assert_uint_eq(text.length, 8);
    dd_text_init(&text, buffer, 6);
    dd_text_put_bytes(&text, bytes, 4);
    ck_assert_str_eq(buffer, "000af");
    ck_assert_uint_eq(text.length, 8);
}
END_TEST

START_TEST(a_buffer_of_no_bytes_is_not_touched)
{
    buffer[0] = 'x';
    dd_text_init(&text, buffer, 0);
    dd_text_format(&text, "%s", "four");
    ck_assert_uint_eq(text.length, 4);
    ck_assert_int_eq(buffer[0], 'x');
}
END_TEST

START_TEST(an_unknown_conversion_ends_the_text)
{
    const char *volatile format = "a%uz%f%u"; /* volatile: the compiler is not to check it */

    dd_text_format(&text, format, 7U, 1.0, 8U);
    ck_assert_str_eq(buffer, "a7z");
    format = "b%";
    setup();
    dd_text_format(&text, format, 7U);
    ck_assert_str_eq(buffer, "b");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *texts = tcase_create("texts");

    tcase_add_checked_fixture(texts, setup, NULL);
    tcase_add_test(texts, every_conversion_prints_what_printf_prints);
    tcase_add_test(texts, what_does_not_fit_is_counted_and_left_out);
    tcase_add_test(texts, bytes_are_two_digits_each_in_their_order);
    tcase_add_test(texts, a_buffer_of_no_bytes_is_not_touched);
    tcase_add_test(texts, an_unknown_conversion_ends_the_text);
    suite_add_tcase(suite, texts);
    return suite;
}
