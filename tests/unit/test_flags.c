/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/processor/flags.c. */
#include "drydock/flags.h"
#include "tests/unit/fake_registers.h"
#include "tests/unit/unit.h"

static struct dd_cpu cpu;

static void setup(void)
{
    fake_registers_reset();
    cpu = (struct dd_cpu){.vendor = DD_CPU_VENDOR_INTEL};
    cpu.features[DD_CPU_SMAP / 64] = UINT64_C(1) << (DD_CPU_SMAP % 64);
}

START_TEST(interrupts_come_back_only_at_the_outermost_pair)
{
    struct dd_interrupts outer;
    struct dd_interrupts inner;

    fake.rflags = 0x202;
    outer = dd_interrupts_disable();
    inner = dd_interrupts_disable();
    ck_assert(!dd_interrupts_are_enabled());
    dd_interrupts_restore(inner);
    ck_assert(!dd_interrupts_are_enabled());
    dd_interrupts_restore(outer);
    ck_assert(dd_interrupts_are_enabled());
}
END_TEST

START_TEST(interrupts_that_were_off_stay_off)
{
    dd_interrupts_restore(dd_interrupts_disable());
    ck_assert_uint_eq(fake.rflags, 0x2);
}
END_TEST

START_TEST(interrupts_are_looked_at_before_they_are_disabled)
{
    (void)dd_interrupts_disable().enabled;
    ck_assert_str_eq(fake.log, "READ_RFLAGS CLI ");
}
END_TEST

/* [SDM 2B] STI: the instruction after it is not interrupted. */
START_TEST(an_instruction_follows_the_one_that_enables_interrupts)
{
    dd_interrupts_enable();
    ck_assert_str_eq(fake.log, "STI NOP ");
}
END_TEST

START_TEST(waiting_is_one_instruction_pair)
{
    dd_interrupts_wait();
    ck_assert_str_eq(fake.log, "STI_HLT ");
}
END_TEST

START_TEST(user_pages_are_forbidden_again_only_at_the_outermost_pair)
{
    struct dd_smap_guard outer = dd_smap_allow(&cpu);
    struct dd_smap_guard inner = dd_smap_allow(&cpu);

    ck_assert(dd_smap_is_allowed());
    dd_smap_restore(&cpu, inner);
    ck_assert(dd_smap_is_allowed());
    dd_smap_restore(&cpu, outer);
    ck_assert(!dd_smap_is_allowed());
}
END_TEST

/* STAC and CLAC are #UD there. [SDM 2B] STAC. */
START_TEST(without_smap_neither_instruction_is_executed)
{
    struct dd_smap_guard before;

    cpu.features[DD_CPU_SMAP / 64] = 0;
    before = dd_smap_allow(&cpu);
    dd_smap_restore(&cpu, before);
    ck_assert_str_eq(fake.log, "READ_RFLAGS ");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("flags");
    TCase *pairs = tcase_create("pairs");

    tcase_add_checked_fixture(pairs, setup, NULL);
    tcase_add_test(pairs, interrupts_come_back_only_at_the_outermost_pair);
    tcase_add_test(pairs, interrupts_that_were_off_stay_off);
    tcase_add_test(pairs, interrupts_are_looked_at_before_they_are_disabled);
    tcase_add_test(pairs, an_instruction_follows_the_one_that_enables_interrupts);
    tcase_add_test(pairs, waiting_is_one_instruction_pair);
    tcase_add_test(pairs, user_pages_are_forbidden_again_only_at_the_outermost_pair);
    tcase_add_test(pairs, without_smap_neither_instruction_is_executed);
    suite_add_tcase(suite, pairs);
    return suite;
}
