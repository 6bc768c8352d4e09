/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/include/drydock/table_index.h and hal/src/paging/table_index.c. */
#include "drydock/table_index.h"
#include "tests/unit/unit.h"

/* [SDM 3A] figures 4-8 to 4-11: bits 56:48, 47:39, 38:30, 29:21 and 20:12. */
START_TEST(each_level_takes_its_nine_bits)
{
    dd_vaddr address = dd_vaddr_from(0xFF7FEFE3F9FC7123);

    ck_assert_uint_eq(dd_table_index(address, 5), 0x17F);
    ck_assert_uint_eq(dd_table_index(address, 4), 0x1DF);
    ck_assert_uint_eq(dd_table_index(address, 3), 0x18F);
    ck_assert_uint_eq(dd_table_index(address, 2), 0x1CF);
    ck_assert_uint_eq(dd_table_index(address, 1), 0x1C7);
    ck_assert_uint_eq(dd_page_offset(address, 0x1000), 0x123);
    ck_assert_uint_eq(dd_page_offset(address, 0x200000), 0x1C7123);
    ck_assert_uint_eq(dd_page_offset(address, 0x40000000), 0x39FC7123);
}
END_TEST

START_TEST(one_bit_selects_one_entry)
{
    for (unsigned int bit = 12; bit < 57; bit++) {
        dd_vaddr address = dd_vaddr_from(UINT64_C(1) << bit);

        for (unsigned int level = 1; level <= 5; level++) {
            unsigned int expected = level == (bit - 12) / 9 + 1 ? 1u << (bit - 12) % 9 : 0;

            ck_assert_uint_eq(dd_table_index(address, level), expected);
        }
    }
}
END_TEST

START_TEST(an_entry_stands_for_512_of_the_level_below)
{
    static const uint64_t bytes[] = {0x1000,       0x200000,        0x40000000,
                                     0x8000000000, 0x1000000000000, 0x200000000000000};

    for (unsigned int level = 1; level <= 5; level++) {
        ck_assert_uint_eq(dd_table_entry_bytes(level), bytes[level - 1]);
        ck_assert_uint_eq(dd_table_bytes(level), bytes[level]);
    }
}
END_TEST

struct path {
    unsigned int indices[5];
    unsigned int levels;
    unsigned int lowest;
    uint64_t expected;
};

static const struct path paths[] = {
    {{0, 0, 0, 0}, 4, 1, 0},
    {{255, 511, 511, 511}, 4, 1, 0x00007FFFFFFFF000},
    {{256, 0, 0, 0}, 4, 1, 0xFFFF800000000000},
    {{511, 511, 511, 511}, 4, 1, 0xFFFFFFFFFFFFF000},
    {{1, 2, 3, 4}, 4, 1, 0x0000008080604000},
    {{511, 510, 3}, 4, 2, 0xFFFFFFFF80600000},
    {{256, 511}, 4, 3, 0xFFFF807FC0000000},
    {{256}, 4, 4, 0xFFFF800000000000},
    {{255, 511, 511, 511, 511}, 5, 1, 0x00FFFFFFFFFFF000},
    {{256, 0, 0, 0, 0}, 5, 1, 0xFF00000000000000},
    {{0, 256, 0, 0, 0}, 5, 1, 0x0000800000000000},
    {{511, 511, 511, 511}, 5, 2, 0xFFFFFFFFFFE00000},
    {{511, 511, 511}, 5, 3, 0xFFFFFFFFC0000000},
};

START_TEST(indices_make_the_canonical_address_that_selects_them)
{
    const struct path *path = &paths[_i];
    dd_vaddr address = dd_vaddr_from(1);

    ck_assert_int_eq(dd_table_address(path->indices, path->levels, path->lowest, &address), DD_OK);
    ck_assert_uint_eq(address.raw, path->expected);
    for (unsigned int level = path->levels; level >= path->lowest; level--) {
        ck_assert_uint_eq(dd_table_index(address, level), path->indices[path->levels - level]);
    }
}
END_TEST

START_TEST(indices_above_511_and_levels_that_do_not_exist_are_refused)
{
    dd_vaddr address = dd_vaddr_from(1);

    for (unsigned int i = 0; i < 5; i++) {
        unsigned int indices[5] = {0};

        indices[i] = 512;
        ck_assert_int_eq(dd_table_address(indices, 5, 1, &address), DD_EARG);
        indices[i] = 511;
        ck_assert_int_eq(dd_table_address(indices, 3, 1, &address), DD_EARG);
        ck_assert_int_eq(dd_table_address(indices, 6, 1, &address), DD_EARG);
        ck_assert_int_eq(dd_table_address(indices, 4, 0, &address), DD_EARG);
        ck_assert_int_eq(dd_table_address(indices, 4, 5, &address), DD_EARG);
    }
    ck_assert_uint_eq(address.raw, 1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("table_index");
    TCase *indices = tcase_create("indices");

    tcase_add_test(indices, each_level_takes_its_nine_bits);
    tcase_add_test(indices, one_bit_selects_one_entry);
    tcase_add_test(indices, an_entry_stands_for_512_of_the_level_below);
    tcase_add_loop_test(indices, indices_make_the_canonical_address_that_selects_them, 0,
                        (int)(sizeof paths / sizeof paths[0]));
    tcase_add_test(indices, indices_above_511_and_levels_that_do_not_exist_are_refused);
    suite_add_tcase(suite, indices);
    return suite;
}
