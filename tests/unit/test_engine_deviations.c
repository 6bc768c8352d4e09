/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of docs/engine-deviations.md: the engine does what the page says, and the machine what
 * the manual says. A test that fails because a newer engine follows the manual is good news: the
 * row, and what the machine does because of it, can go.
 */
#include <string.h>

#include "tests/unit/deviation.h"
#include "tests/unit/machine_case.h"
#include "tests/unit/raw_engine.h"

#define CODE UINT64_C(0x7000) /* where EXECUTE puts code */

START_TEST(the_engine_accepts_what_the_manual_refuses)
{
    const struct laxity *laxity = &laxities[_i];
    struct raw_engine raw;

    raw_open(&raw);
    raw_set(&raw, UC_X86_REG_RAX, laxity->rax);
    raw_set(&raw, UC_X86_REG_RCX, laxity->rcx);
    raw_set(&raw, UC_X86_REG_RDX, laxity->rdx);
    raw_poke(&raw, LAXITY_OPERAND, laxity->operand[0]);
    raw_poke(&raw, LAXITY_OPERAND + 8, laxity->operand[1]);
    ck_assert_int_eq(raw_run(&raw, laxity->code, laxity->size), UC_ERR_OK);
    ck_assert_msg(raw.exceptions.count == 0 && !raw.exceptions.invalid,
                  "%s: Unicorn raises vector %u", laxity->id, raw.exceptions.vectors[0]);
    raw_close(&raw);
}
END_TEST

START_TEST(the_machine_refuses_what_the_manual_refuses)
{
    const struct laxity *laxity = &laxities[_i];
    struct sim_registers registers = {.rax = laxity->rax, .rcx = laxity->rcx, .rdx = laxity->rdx};
    struct sim_result result;

    machine_case_open();
    poke(LAXITY_OPERAND, laxity->operand[0]);
    poke(LAXITY_OPERAND + 8, laxity->operand[1]);
    result = execute(laxity->code, laxity->size, &registers);
    check_fault(&result, 13, 0);
    ck_assert_uint_eq(result.fault.rip, CODE + laxity->at);
    machine_case_close();
}
END_TEST

/* One row of the three lists. */
static const struct deviation *row(size_t number)
{
    if (number < instruction_deviation_count) {
        return &instruction_deviations[number];
    }
    number -= instruction_deviation_count;
    return number < access_deviation_count ? &access_deviations[number]
                                           : &paging_deviations[number - access_deviation_count];
}

START_TEST(the_engine_still_deviates)
{
    row((size_t)_i)->engine();
}
END_TEST

START_TEST(the_machine_follows_the_manual)
{
    row((size_t)_i)->machine();
}
END_TEST

START_TEST(the_machine_still_deviates_too)
{
    shortcomings[_i].machine();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("engine_deviations");
    TCase *laxity = tcase_create("values");
    TCase *deviation = tcase_create("behaviour");
    TCase *both = tcase_create("both");
    int rows = (int)(instruction_deviation_count + access_deviation_count + paging_deviation_count);

    tcase_add_loop_test(laxity, the_engine_accepts_what_the_manual_refuses, 0, (int)laxity_count);
    tcase_add_loop_test(laxity, the_machine_refuses_what_the_manual_refuses, 0, (int)laxity_count);
    suite_add_tcase(suite, laxity);

    tcase_add_loop_test(deviation, the_engine_still_deviates, 0, rows);
    tcase_add_loop_test(deviation, the_machine_follows_the_manual, 0, rows);
    suite_add_tcase(suite, deviation);

    tcase_add_loop_test(both, the_machine_still_deviates_too, 0, (int)shortcoming_count);
    suite_add_tcase(suite, both);
    return suite;
}
