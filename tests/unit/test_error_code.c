/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/error_code.c: lengths and ends of buffers; the words are in the claims. */
#include "drydock/error_code.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

typedef size_t text_function(uint64_t error_code, char *buffer, size_t size);

static text_function *const functions[] = {dd_page_fault_error_text, dd_selector_error_text,
                                           dd_control_protection_error_text};

static const uint64_t codes[] = {
    0,       1,      2,          7,      0x18,        0x77,       0xFFFF,
    0x10000, 0x8005, 0xFFFFFFFF, 0x7FFF, 0x100000000, UINT64_MAX, 0x123456789ABCDEF0};

/* [SDM 3A] 4.7, 6.13: whatever the code, and however small the buffer. */
START_TEST(a_text_is_cut_at_the_end_of_its_buffer)
{
    text_function *text = functions[_i % 3];
    uint64_t code = codes[_i / 3];
    char whole[DD_ERROR_CODE_TEXT_SIZE];
    size_t length = text(code, whole, sizeof whole);

    ck_assert_uint_lt(length, sizeof whole);
    ck_assert_uint_eq(strlen(whole), length);
    ck_assert_uint_eq(text(code, NULL, 0), length);
    for (size_t size = 1; size <= length + 1; size++) {
        char cut[DD_ERROR_CODE_TEXT_SIZE + 1];

        memset(cut, '#', sizeof cut);
        ck_assert_uint_eq(text(code, cut, size), length);
        ck_assert_uint_eq(strlen(cut), size - 1);
        ck_assert_int_eq(strncmp(cut, whole, size - 1), 0);
        ck_assert_int_eq(cut[size], '#');
    }
}
END_TEST

/* Every code that a processor can push for a selector names the entry it is about. */
START_TEST(every_selector_is_said_with_its_table_and_index)
{
    static const char *const tables[] = {"GDT", "IDT", "LDT", "IDT"};

    for (uint64_t code = 2; code <= 0xFFFF; code++) {
        char expected[64];
        char text[DD_ERROR_CODE_TEXT_SIZE];
        int used = snprintf(expected, sizeof expected, "%s entry %u", tables[code >> 1 & 3],
                            (unsigned int)(code >> 3));

        if ((code & 2) == 0) {
            used += snprintf(expected + used, sizeof expected - (size_t)used, " (selector 0x%x)",
                             (unsigned int)(code & 0xFFFC));
        }
        (void)snprintf(expected + used, sizeof expected - (size_t)used, "%s",
                       (code & 1) != 0 ? ", external event" : "");
        (void)dd_selector_error_text(code, text, sizeof text);
        ck_assert_str_eq(text, expected);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("error_code");
    TCase *texts = tcase_create("texts");

    tcase_add_loop_test(texts, a_text_is_cut_at_the_end_of_its_buffer, 0,
                        (int)(3 * sizeof codes / sizeof codes[0]));
    tcase_add_test(texts, every_selector_is_said_with_its_table_and_index);
    suite_add_tcase(suite, texts);
    return suite;
}
