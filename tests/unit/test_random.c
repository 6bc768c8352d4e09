/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/processor/random.c. */
#include "drydock/random.h"
#include "tests/unit/fake_registers.h"
#include "tests/unit/unit.h"

static struct dd_cpu cpu;

static void setup(void)
{
    fake_registers_reset();
    cpu = (struct dd_cpu){.vendor = DD_CPU_VENDOR_INTEL};
    cpu.features[DD_CPU_RDRAND / 64] |= UINT64_C(1) << (DD_CPU_RDRAND % 64);
    cpu.features[DD_CPU_RDSEED / 64] |= UINT64_C(1) << (DD_CPU_RDSEED % 64);
}

static enum dd_status (*const sources[])(const struct dd_cpu *, uint64_t *) = {dd_random_number,
                                                                               dd_random_seed};

START_TEST(the_tenth_try_may_succeed)
{
    uint64_t value = 7;

    fake.random_failures = 9;
    ck_assert_int_eq(sources[_i](&cpu, &value), DD_OK);
    ck_assert_uint_eq(value, 0x123456789ABCDEF0);
}
END_TEST

START_TEST(ten_failures_are_the_end_of_it)
{
    uint64_t value = 7;

    fake.random_failures = 10;
    ck_assert_int_eq(sources[_i](&cpu, &value), DD_ETIMEOUT);
    ck_assert_uint_eq(value, 7);
    ck_assert_uint_eq(fake.random_failures, 0);
}
END_TEST

START_TEST(without_the_instruction_it_is_not_executed)
{
    struct dd_cpu without = {.vendor = DD_CPU_VENDOR_AMD};
    uint64_t value = 7;

    ck_assert_int_eq(sources[_i](&without, &value), DD_ENOTSUP);
    ck_assert_uint_eq(value, 7);
    ck_assert_str_eq(fake.log, "");
}
END_TEST

START_TEST(each_source_has_its_instruction)
{
    uint64_t value = 0;

    ck_assert_int_eq(dd_random_number(&cpu, &value), DD_OK);
    fake.random_failures = 1;
    ck_assert_int_eq(dd_random_seed(&cpu, &value), DD_OK);
    ck_assert_str_eq(fake.log, "RDRAND RDSEED PAUSE RDSEED ");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("random");
    TCase *tries = tcase_create("tries");

    tcase_add_checked_fixture(tries, setup, NULL);
    tcase_add_loop_test(tries, the_tenth_try_may_succeed, 0, 2);
    tcase_add_loop_test(tries, ten_failures_are_the_end_of_it, 0, 2);
    tcase_add_loop_test(tries, without_the_instruction_it_is_not_executed, 0, 2);
    tcase_add_test(tries, each_source_has_its_instruction);
    suite_add_tcase(suite, tries);
    return suite;
}
