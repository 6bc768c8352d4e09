/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/selector.c. */
#include "drydock/selector.h"
#include "tests/unit/unit.h"

/* [SDM 3A] figure 3-6. */
static bool is_made_and_taken_apart(unsigned int raw)
{
    uint16_t made = 0;
    enum dd_status status =
        dd_selector_make(raw >> 3, (enum dd_selector_table)(raw >> 2 & 1), raw & 3, &made);

    return status == DD_OK && made == raw && dd_selector_index(made) == raw >> 3 &&
           dd_selector_table(made) == (raw >> 2 & 1) && dd_selector_rpl(made) == (raw & 3) &&
           dd_selector_is_null(made) == (raw <= 3);
}

/* The first that is not as it should be, or one more than there are. */
START_TEST(every_selector_is_made_of_its_parts_and_taken_apart_again)
{
    unsigned int raw = 0;

    while (raw <= 0xFFFF && is_made_and_taken_apart(raw)) {
        raw++;
    }
    ck_assert_uint_eq(raw, 0x10000);
}
END_TEST

static const struct {
    unsigned int index, table, rpl;
} out_of_range[] = {{8192, 0, 0}, {UINT32_MAX, 0, 0}, {0, 2, 0},   {0, UINT32_MAX, 0},
                    {0, 0, 4},    {0, 0, UINT32_MAX}, {8192, 2, 4}};

START_TEST(parts_out_of_range_are_refused)
{
    uint16_t selector = 0xBEEF;

    ck_assert_int_eq(dd_selector_make(out_of_range[_i].index,
                                      (enum dd_selector_table)out_of_range[_i].table,
                                      out_of_range[_i].rpl, &selector),
                     DD_EARG);
    ck_assert_uint_eq(selector, 0xBEEF);
}
END_TEST

static bool takes_only_the_rpl(unsigned int raw, unsigned int rpl)
{
    uint16_t selector = (uint16_t)raw;
    enum dd_status status = dd_selector_set_rpl(rpl, &selector);

    return rpl < 4 ? status == DD_OK && selector == (raw & 0xFFFC) + rpl
                   : status == DD_EARG && selector == raw;
}

START_TEST(the_rpl_is_replaced_and_nothing_else)
{
    unsigned int raw = 0;

    while (raw <= 0xFFFF && takes_only_the_rpl(raw, (unsigned int)_i)) {
        raw++;
    }
    ck_assert_uint_eq(raw, 0x10000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("selector");
    TCase *parts = tcase_create("parts");

    tcase_add_test(parts, every_selector_is_made_of_its_parts_and_taken_apart_again);
    tcase_add_loop_test(parts, parts_out_of_range_are_refused, 0, 7);
    tcase_add_loop_test(parts, the_rpl_is_replaced_and_nothing_else, 0, 5);
    suite_add_tcase(suite, parts);
    return suite;
}
