/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of tests/claims/claim.c: what becomes of claims that hold, fail, skip, or check nothing. */
#include <string.h>

#include "tests/claims/claim.h"
#include "tests/unit/unit.h"

static int statements_after_failure;

CLAIM(that_holds)
{
    CLAIM_TRUE(1 + 1 == 2);
    CLAIM_EQUAL(1, 1);
    CLAIM_OK(DD_OK);
    CLAIM_TEXT("same", "same");
}

CLAIM(whose_condition_does_not_hold)
{
    CLAIM_TRUE(1 + 1 == 3);
    statements_after_failure++;
}

CLAIM(whose_numbers_differ)
{
    CLAIM_EQUAL(0x1F, UINT64_MAX);
    statements_after_failure++;
}

CLAIM(whose_status_differs)
{
    CLAIM_STATUS(DD_EALIGN, DD_ENOMEM);
    statements_after_failure++;
}

CLAIM(whose_texts_differ)
{
    CLAIM_TEXT("actual", "actually");
    statements_after_failure++;
}

CLAIM(that_is_skipped)
{
    CLAIM_SKIP_IF(true, "no such thing here");
    statements_after_failure++;
}

CLAIM(that_checks_nothing)
{
}

CLAIM(that_fails_after_a_check_that_holds)
{
    CLAIM_EQUAL(7, 7);
    CLAIM_TRUE(false);
}

CLAIM(whose_text_is_too_long)
{
    CLAIM_TEXT("0123456789012345678901234567890123456789012345678901234567890123456789",
               "0123456789012345678901234567890123456789012345678901234567890123456789"
               "0123456789012345678901234567890123456789012345678901234567890123456789");
}

static const struct {
    const char *name;
    enum claim_outcome outcome;
    const char *end; /* of the text, behind file and line */
} expected[] = {
    {"that_holds", CLAIM_SUCCESS, ""},
    {"whose_condition_does_not_hold", CLAIM_FAILURE, ": 1 + 1 == 3 does not hold"},
    {"whose_numbers_differ", CLAIM_FAILURE, ": 0x1F is 0x1f, expected 0xffffffffffffffff"},
    {"whose_status_differs", CLAIM_FAILURE, ": DD_EALIGN gave DD_EALIGN, expected DD_ENOMEM"},
    {"whose_texts_differ", CLAIM_FAILURE, ": \"actual\" is \"actual\", expected \"actually\""},
    {"that_is_skipped", CLAIM_SKIP, "no such thing here"},
    {"that_checks_nothing", CLAIM_ERROR, "the claim made no check"},
    {"that_fails_after_a_check_that_holds", CLAIM_FAILURE, ": false does not hold"},
};

START_TEST(each_claim_has_its_outcome_and_text)
{
    struct claim_result result = claim_run((unsigned int)_i);
    size_t length = strlen(result.text);
    size_t end = strlen(expected[_i].end);

    ck_assert_str_eq(claims[_i].name, expected[_i].name);
    ck_assert_int_eq((int)result.outcome, (int)expected[_i].outcome);
    ck_assert_uint_ge(length, end);
    ck_assert_str_eq(result.text + length - end, expected[_i].end);
    ck_assert_int_eq(statements_after_failure, 0);
}
END_TEST

START_TEST(a_failure_names_file_and_line)
{
    struct claim_result result = claim_run(1);

    ck_assert_str_eq(result.text, "tests/unit/test_claim.c:20: 1 + 1 == 3 does not hold");
}
END_TEST

START_TEST(one_result_does_not_show_in_the_next)
{
    (void)claim_run(1);
    ck_assert_int_eq((int)claim_run(0).outcome, (int)CLAIM_SUCCESS);
    ck_assert_str_eq(claim_run(0).text, "");
    (void)claim_run(0);
    ck_assert_int_eq((int)claim_run(6).outcome, (int)CLAIM_ERROR);
}
END_TEST

START_TEST(a_text_that_is_too_long_is_cut)
{
    struct claim_result result = claim_run(8);

    ck_assert_int_eq((int)result.outcome, (int)CLAIM_FAILURE);
    ck_assert_uint_eq(strlen(result.text), 199);
}
END_TEST

START_TEST(a_claim_that_does_not_exist_is_an_error)
{
    ck_assert_uint_eq(claim_count, 9);
    ck_assert_int_eq((int)claim_run(9).outcome, (int)CLAIM_ERROR);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("claim");
    TCase *run = tcase_create("run");

    tcase_add_loop_test(run, each_claim_has_its_outcome_and_text, 0,
                        sizeof expected / sizeof expected[0]);
    tcase_add_test(run, a_failure_names_file_and_line);
    tcase_add_test(run, one_result_does_not_show_in_the_next);
    tcase_add_test(run, a_text_that_is_too_long_is_cut);
    tcase_add_test(run, a_claim_that_does_not_exist_is_an_error);
    suite_add_tcase(suite, run);
    return suite;
}
