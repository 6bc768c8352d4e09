/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/processor/control.c. */
#include "drydock/control.h"
#include "tests/unit/fake_registers.h"
#include "tests/unit/unit.h"

/* [SDM 3A] tables 4-12, 4-13. */
static const struct {
    struct dd_cr3 contents;
    enum dd_cr3_format format;
    unsigned int physical_bits;
    enum dd_status expected;
    uint64_t value;
} encodings[] = {
    {{{0x12345000}, 0, 0, 0}, DD_CR3_PLAIN, 40, DD_OK, 0x12345000},
    {{{0x12345000}, 0, 1, 0}, DD_CR3_PLAIN, 40, DD_OK, 0x12345008},
    {{{0x12345000}, 0, 2, 0}, DD_CR3_PLAIN, 40, DD_OK, 0x12345010},
    {{{0x12345000}, 0, 0, 1}, DD_CR3_PLAIN, 40, DD_OK, 0x2000000012345000},
    {{{0x12345000}, 0, 0, 2}, DD_CR3_PLAIN, 40, DD_OK, 0x4000000012345000},
    {{{0x12345000}, 0xFFF, 0, 0}, DD_CR3_WITH_PCID, 40, DD_OK, 0x12345FFF},
    {{{0xFFFFFFF000}, 0x18, 0, 0}, DD_CR3_WITH_PCID, 40, DD_OK, 0xFFFFFFF018},
    {{{0xFFFFFFFFFF000}, 0, 0, 0}, DD_CR3_PLAIN, 52, DD_OK, 0xFFFFFFFFFF000},
    {{{0x10000000000}, 0, 0, 0}, DD_CR3_PLAIN, 40, DD_EARG, 0},
    {{{0x12345800}, 0, 0, 0}, DD_CR3_PLAIN, 40, DD_EALIGN, 0},
    {{{0x12345000}, 1, 0, 0}, DD_CR3_PLAIN, 40, DD_EARG, 0},
    {{{0x12345000}, 0, 4, 0}, DD_CR3_PLAIN, 40, DD_EARG, 0},
    {{{0x12345000}, 0, 1, 0}, DD_CR3_WITH_PCID, 40, DD_EARG, 0},
    {{{0x12345000}, 0x1000, 0, 0}, DD_CR3_WITH_PCID, 40, DD_EARG, 0},
    {{{0x12345000}, 0, 0, 4}, DD_CR3_PLAIN, 40, DD_EARG, 0},
    {{{0x12345000}, 0, 0, 0}, DD_CR3_PLAIN, 53, DD_EARG, 0},
    {{{0x12345000}, 0, 0, 0}, DD_CR3_PLAIN, 31, DD_EARG, 0},
};

START_TEST(cr3_is_encoded_in_the_format_asked_for)
{
    uint64_t value = 7;

    ck_assert_int_eq(dd_cr3_encode(&encodings[_i].contents, encodings[_i].format,
                                   encodings[_i].physical_bits, &value),
                     encodings[_i].expected);
    ck_assert_uint_eq(value, encodings[_i].expected == DD_OK ? encodings[_i].value : 7);
}
END_TEST

START_TEST(cr3_is_decoded_as_it_was_encoded)
{
    struct dd_cr3 contents;

    if (encodings[_i].expected != DD_OK) {
        return;
    }
    dd_cr3_decode(encodings[_i].value | UINT64_C(1) << 63, encodings[_i].format, &contents);
    ck_assert_uint_eq(contents.root.raw, encodings[_i].contents.root.raw);
    ck_assert_uint_eq(contents.pcid, encodings[_i].contents.pcid);
    ck_assert_uint_eq(contents.cache, encodings[_i].contents.cache);
    ck_assert_uint_eq(contents.lam, encodings[_i].contents.lam);
}
END_TEST

/* With PCIDE the low bits read are an identifier, all 12 of them. */
START_TEST(cr3_is_read_in_the_format_in_use)
{
    struct dd_cr3 contents;

    fake.cr3 = 0x3ABC;
    dd_cr3_read(&contents);
    ck_assert_uint_eq(contents.pcid, 0);
    ck_assert_uint_eq(contents.cache, 3);
    fake.cr4 |= 0x20000;
    dd_cr3_read(&contents);
    ck_assert_uint_eq(contents.pcid, 0xABC);
    ck_assert_uint_eq(contents.cache, 0);
    ck_assert_uint_eq(contents.root.raw, 0x3000);
}
END_TEST

/* [SDM 3A] 4.10.4.1: bit 63 keeps the translations. */
START_TEST(bit_63_of_cr3_is_set_only_to_keep_translations)
{
    const struct dd_cr3 contents = {.root = {0x5000}};

    ck_assert_int_eq(dd_cr3_load(&contents, DD_CR3_KEEP, 40), DD_ENOTSUP);
    ck_assert_uint_eq(fake.writes, 0);
    ck_assert_int_eq(dd_cr3_load(&contents, DD_CR3_FLUSH, 40), DD_OK);
    ck_assert_uint_eq(fake.cr3, 0x5000);
    fake.cr4 |= 0x20000;
    ck_assert_int_eq(dd_cr3_load(&contents, DD_CR3_KEEP, 40), DD_OK);
    ck_assert_uint_eq(fake.cr3, 0x8000000000005000);
    ck_assert_int_eq(dd_cr3_load(&contents, DD_CR3_FLUSH, 40), DD_OK);
    ck_assert_uint_eq(fake.cr3, 0x5000);
}
END_TEST

START_TEST(the_last_page_fault_is_an_address)
{
    fake.cr2 = 0xFFFF800000001234;
    ck_assert_uint_eq(dd_cr2_read().raw, 0xFFFF800000001234);
}
END_TEST

START_TEST(priority_classes_are_0_to_15)
{
    ck_assert_int_eq(dd_priority_class_write(15), DD_OK);
    ck_assert_uint_eq(fake.cr8, 15);
    ck_assert_int_eq(dd_priority_class_write(16), DD_EARG);
    ck_assert_uint_eq(fake.cr8, 15);
    fake.cr8 = 0xF7;
    ck_assert_uint_eq(dd_priority_class_read(), 7);
}
END_TEST

/* [SDM 1] 13.3. */
static const struct {
    uint64_t xcr0;
    enum dd_xcr0_rule rule;
} components[] = {
    {0x1, DD_XCR0_RULE_NONE},
    {0x0, DD_XCR0_RULE_X87},
    {0x2, DD_XCR0_RULE_X87},
    {0x3, DD_XCR0_RULE_NONE},
    {0x5, DD_XCR0_RULE_AVX_NEEDS_SSE},
    {0x7, DD_XCR0_RULE_NONE},
    {0xB, DD_XCR0_RULE_MPX_PAIR},
    {0x13, DD_XCR0_RULE_MPX_PAIR},
    {0x1B, DD_XCR0_RULE_NONE},
    {0x27, DD_XCR0_RULE_AVX512_TRIPLE},
    {0xC7, DD_XCR0_RULE_AVX512_TRIPLE},
    {0xE3, DD_XCR0_RULE_AVX512_NEEDS_AVX},
    {0xE7, DD_XCR0_RULE_NONE},
    {0x207, DD_XCR0_RULE_NONE},
    {0x20003, DD_XCR0_RULE_AMX_PAIR},
    {0x40003, DD_XCR0_RULE_AMX_PAIR},
    {0x602E7, DD_XCR0_RULE_NONE},
    {0x4000000000000007, DD_XCR0_RULE_NONE},
    {0x103, DD_XCR0_RULE_RESERVED},
    {0x803, DD_XCR0_RULE_RESERVED},
    {0x8000000000000003, DD_XCR0_RULE_RESERVED},
};

START_TEST(components_of_xcr0_need_each_other)
{
    ck_assert_int_eq(dd_xcr0_check(components[_i].xcr0), components[_i].rule);
}
END_TEST

START_TEST(each_rule_has_its_own_words)
{
    for (int i = 0; i <= DD_XCR0_RULE_RESERVED; i++) {
        ck_assert_str_ne(dd_xcr0_rule_text((enum dd_xcr0_rule)i), "no rule");
        for (int j = 0; j < i; j++) {
            ck_assert_str_ne(dd_xcr0_rule_text((enum dd_xcr0_rule)i),
                             dd_xcr0_rule_text((enum dd_xcr0_rule)j));
        }
    }
    ck_assert_str_eq(dd_xcr0_rule_text((enum dd_xcr0_rule)99), "no rule");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("control");
    TCase *registers = tcase_create("registers");

    tcase_add_checked_fixture(registers, fake_registers_reset, NULL);
    tcase_add_loop_test(registers, cr3_is_encoded_in_the_format_asked_for, 0,
                        sizeof encodings / sizeof encodings[0]);
    tcase_add_loop_test(registers, cr3_is_decoded_as_it_was_encoded, 0,
                        sizeof encodings / sizeof encodings[0]);
    tcase_add_test(registers, cr3_is_read_in_the_format_in_use);
    tcase_add_test(registers, bit_63_of_cr3_is_set_only_to_keep_translations);
    tcase_add_test(registers, the_last_page_fault_is_an_address);
    tcase_add_test(registers, priority_classes_are_0_to_15);
    tcase_add_loop_test(registers, components_of_xcr0_need_each_other, 0,
                        sizeof components / sizeof components[0]);
    tcase_add_test(registers, each_rule_has_its_own_words);
    suite_add_tcase(suite, registers);
    return suite;
}
