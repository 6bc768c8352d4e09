/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/processor/pat.c. */
#include "drydock/pat.h"
#include "tests/unit/fake_registers.h"
#include "tests/unit/unit.h"

/* [SDM 3A] table 11-12. */
START_TEST(after_reset_there_are_four_types_twice)
{
    static const unsigned int types[] = {6, 4, 7, 0, 6, 4, 7, 0};
    struct dd_pat pat;
    uint64_t value = 0;

    ck_assert_int_eq(dd_pat_decode(DD_CACHE_PAT_RESET, &pat), DD_OK);
    for (unsigned int i = 0; i < 8; i++) {
        ck_assert_uint_eq(pat.entry[i], types[i]);
    }
    ck_assert_int_eq(dd_pat_encode(&pat, &value), DD_OK);
    ck_assert_uint_eq(value, 0x0007040600070406);
}
END_TEST

/* [SDM 3A] table 11-10: 2, 3 and 8 and above are reserved. */
START_TEST(reserved_types_are_refused_in_every_entry)
{
    static const unsigned int wrong[] = {2, 3, 8, 0x86, 0xFF};
    struct dd_pat pat = {{DD_CACHE_WRITE_BACK}};
    uint64_t value = 7;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct dd_pat bad = {{DD_CACHE_WRITE_BACK}};

        ck_assert_int_eq(dd_pat_decode((uint64_t)wrong[i] << (8 * _i), &pat), DD_EMALFORMED);
        bad.entry[_i] = (enum dd_cache_type)wrong[i];
        ck_assert_int_eq(dd_pat_encode(&bad, &value), DD_EARG);
        ck_assert_int_eq(dd_pat_write(&bad), DD_EARG);
    }
    ck_assert_int_eq(pat.entry[0], DD_CACHE_WRITE_BACK);
    ck_assert_uint_eq(value, 7);
    ck_assert_uint_eq(fake.writes, 0);
}
END_TEST

START_TEST(the_register_is_277h)
{
    struct dd_pat pat;

    fake.msr_index[0] = 0x277;
    fake.msr[0] = 0x0007040600070406;
    ck_assert_int_eq(dd_pat_read(&pat), DD_OK);
    pat.entry[7] = DD_CACHE_WRITE_COMBINING;
    pat.entry[5] = DD_CACHE_WRITE_PROTECTED;
    ck_assert_int_eq(dd_pat_write(&pat), DD_OK);
    ck_assert_uint_eq(fake.msr[0], 0x0107050600070406);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pat");
    TCase *table = tcase_create("table");

    tcase_add_checked_fixture(table, fake_registers_reset, NULL);
    tcase_add_test(table, after_reset_there_are_four_types_twice);
    tcase_add_loop_test(table, reserved_types_are_refused_in_every_entry, 0, 8);
    tcase_add_test(table, the_register_is_277h);
    suite_add_tcase(suite, table);
    return suite;
}
