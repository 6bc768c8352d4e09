/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the local APIC's timer: 100 MHz input, 10 ns. [SDM 3A] 10.5.4. */
#include "tests/unit/apic_case.h"

/* Figure 10-10 */
START_TEST(each_divide_value_gives_its_period)
{
    static const struct {
        uint32_t divide;
        uint64_t period; /* nanoseconds of one count */
    } values[] = {{0x0, 20},  {0x1, 40},  {0x2, 80},   {0x3, 160},
                  {0x8, 320}, {0x9, 640}, {0xA, 1280}, {0xB, 10}};

    store(0x320, 0x30);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        uint64_t start = now.now;

        store(0x3E0, values[i].divide);
        store(0x380, 1000);
        ck_assert_uint_eq(deadline(), start + 1000 * values[i].period);
        reach(start + 250 * values[i].period - 1);
        ck_assert_uint_eq(load(0x390), 751);
        reach(start + 250 * values[i].period);
        ck_assert_uint_eq(load(0x390), 750);
        reach(start + 1000 * values[i].period - 1);
        ck_assert_uint_eq(load(0x390), 1);
        ck_assert(!pending());
        reach(start + 1000 * values[i].period);
        ck_assert_uint_eq(load(0x390), 0);
        ck_assert_uint_eq(take(), 0x30);
        store(0xB0, 0);
    }
}
END_TEST

START_TEST(one_shot_fires_once)
{
    store(0x3E0, 0xB);
    store(0x320, 0x30);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    store(0x380, 5);
    ck_assert_uint_eq(deadline(), 50);
    reach(50);
    ck_assert_uint_eq(take(), 0x30);
    store(0xB0, 0);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    ck_assert_uint_eq(load(0x380), 5);
    reach(1000);
    ck_assert(!pending());
    store(0x380, 5);
    store(0x380, 0); /* stops */
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    store(0x380, 5);
    reach(1020);
    store(0x380, 7); /* starts again */
    ck_assert_uint_eq(deadline(), 1090);
}
END_TEST

START_TEST(periodic_fires_at_multiples_without_drift_however_late_it_is_looked_at)
{
    store(0x3E0, 0xB);
    store(0x320, 0x20030);
    now.now = 3;
    store(0x380, 7);
    for (uint64_t i = 1; i <= 1000; i++) {
        ck_assert_uint_eq(deadline(), 3 + 70 * i);
        reach(3 + 70 * i + i % 60); /* late */
        ck_assert_uint_eq(take(), 0x30);
        ck_assert(!pending());
        store(0xB0, 0);
        ck_assert_uint_eq(load(0x390), 7 - i % 60 / 10);
    }
    reach(3 + 70 * 5000 + 15); /* 4000 periods are one interrupt */
    ck_assert_uint_eq(take(), 0x30);
    store(0xB0, 0);
    ck_assert(!pending());
    ck_assert_uint_eq(deadline(), 3 + 70 * 5001);
    ck_assert_uint_eq(load(0x390), 6);
}
END_TEST

START_TEST(the_longest_count_has_its_exact_deadline)
{
    store(0x3E0, 0xA);
    store(0x320, 0x30);
    store(0x380, 0xFFFFFFFF);
    ck_assert_uint_eq(deadline(), UINT64_C(4294967295) * 1280);
    reach(UINT64_C(4294967295) * 1280 - 1);
    ck_assert_uint_eq(load(0x390), 1);
}
END_TEST

START_TEST(a_masked_timer_wakes_nobody_and_its_interrupt_is_lost)
{
    store(0x3E0, 0xB);
    store(0x320, 0x10030);
    store(0x380, 10);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    now.now = 60; /* nobody calls advance */
    ck_assert_uint_eq(load(0x390), 4);
    now.now = 200;
    ck_assert_uint_eq(load(0x390), 0);
    store(0x380, 10);
    now.now = 400;
    store(0x320, 0x30); /* unmasked after it expired */
    ck_assert(!pending());
    ck_assert_uint_eq(deadline(), UINT64_MAX);
}
END_TEST

/* 10.5.4.1: "a write to the LVT Timer Register that changes the timer mode disarms" */
START_TEST(a_change_of_mode_disarms_and_a_change_of_vector_does_not)
{
    store(0x3E0, 0xB);
    store(0x320, 0x30);
    store(0x380, 100);
    store(0x320, 0x31);
    ck_assert_uint_eq(deadline(), 1000);
    store(0x320, 0x20031);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    ck_assert_uint_eq(load(0x390), 0);
    store(0x380, 100);
    store(0x320, 0x40031);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    ck_assert(wrmsr(0x6E0, 5000));
    store(0x320, 0x31);
    ck_assert_uint_eq(get(0x6E0), 0);
    store(0x320, 0x40031);
    ck_assert_uint_eq(get(0x6E0), 0);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
}
END_TEST

START_TEST(a_new_divide_value_goes_on_from_the_count)
{
    store(0x3E0, 0xB);
    store(0x320, 0x20030);
    store(0x380, 100);
    reach(400);
    store(0x3E0, 0x0);
    ck_assert_uint_eq(load(0x390), 60);
    ck_assert_uint_eq(deadline(), 400 + 60 * 20);
    reach(1600);
    ck_assert_uint_eq(take(), 0x30);
    ck_assert_uint_eq(deadline(), 1600 + 100 * 20);
}
END_TEST

/* 10.5.4.1 */
START_TEST(tsc_deadline_fires_when_the_counter_gets_there)
{
    store(0x320, 0x40030);
    tsc_offset = 1000000;
    ck_assert(wrmsr(0x6E0, 1000500));
    ck_assert_uint_eq(get(0x6E0), 1000500);
    ck_assert_uint_eq(deadline(), 500);
    reach(499);
    ck_assert(!pending());
    reach(500);
    ck_assert_uint_eq(take(), 0x30);
    ck_assert_uint_eq(get(0x6E0), 0);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    ck_assert(wrmsr(0x6E0, 2000000));
    ck_assert(wrmsr(0x6E0, 0)); /* disarms */
    ck_assert_uint_eq(deadline(), UINT64_MAX);
}
END_TEST

START_TEST(a_tsc_deadline_in_the_past_fires_at_once)
{
    store(0x320, 0x40030);
    now.now = 700;
    ck_assert(wrmsr(0x6E0, 700));
    ck_assert_uint_eq(take(), 0x30);
    store(0xB0, 0);
    ck_assert(wrmsr(0x6E0, 1));
    ck_assert_uint_eq(take(), 0x30);
    store(0xB0, 0);
    ck_assert_uint_eq(get(0x6E0), 0);
    ck_assert(wrmsr(0x6E0, 800)); /* then the guest moves the counter beyond it */
    tsc_offset = 5000;
    ck_assert_uint_eq(deadline(), 700);
    reach(701);
    ck_assert_uint_eq(take(), 0x30);
}
END_TEST

START_TEST(the_counts_are_off_in_tsc_deadline_mode_and_the_deadline_in_the_others)
{
    store(0x3E0, 0xB);
    store(0x320, 0x40030);
    store(0x380, 100);
    ck_assert_uint_eq(load(0x380), 0);
    ck_assert_uint_eq(load(0x390), 0);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    store(0x320, 0x30);
    ck_assert(wrmsr(0x6E0, 5000));
    ck_assert_uint_eq(get(0x6E0), 0);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    store(0x320, 0x60030); /* reserved: nothing runs */
    store(0x380, 100);
    ck_assert(wrmsr(0x6E0, 5000));
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    ck_assert_uint_eq(load(0x390), 0);
}
END_TEST

START_TEST(deadlines_at_the_end_of_time_do_not_wrap)
{
    store(0x320, 0x40030);
    now.now = 100;
    ck_assert(wrmsr(0x6E0, UINT64_MAX));
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    now.now = UINT64_MAX - 10;
    store(0x320, 0x20030);
    store(0x3E0, 0xA);
    store(0x380, 0xFFFFFFFF);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    reach(UINT64_MAX);
    ck_assert(!pending());
}
END_TEST

START_TEST(the_timer_counts_while_the_apic_is_disabled_by_software)
{
    store(0x3E0, 0xB);
    store(0x320, 0x20030);
    store(0x380, 100);
    store(0xF0, 0xFF);
    ck_assert_uint_eq(deadline(), UINT64_MAX);
    reach(450);
    ck_assert_uint_eq(load(0x390), 55);
    store(0xF0, 0x1FF);
    store(0x320, 0x20030);
    ck_assert_uint_eq(deadline(), 1000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("local_apic_timer");
    TCase *counts = tcase_create("counts");
    TCase *tsc = tcase_create("tsc deadline");

    tcase_add_checked_fixture(counts, setup, NULL);
    tcase_add_test(counts, each_divide_value_gives_its_period);
    tcase_add_test(counts, one_shot_fires_once);
    tcase_add_test(counts, periodic_fires_at_multiples_without_drift_however_late_it_is_looked_at);
    tcase_add_test(counts, the_longest_count_has_its_exact_deadline);
    tcase_add_test(counts, a_masked_timer_wakes_nobody_and_its_interrupt_is_lost);
    tcase_add_test(counts, a_change_of_mode_disarms_and_a_change_of_vector_does_not);
    tcase_add_test(counts, a_new_divide_value_goes_on_from_the_count);
    tcase_add_test(counts, the_timer_counts_while_the_apic_is_disabled_by_software);
    suite_add_tcase(suite, counts);

    tcase_add_checked_fixture(tsc, setup, NULL);
    tcase_add_test(tsc, tsc_deadline_fires_when_the_counter_gets_there);
    tcase_add_test(tsc, a_tsc_deadline_in_the_past_fires_at_once);
    tcase_add_test(tsc, the_counts_are_off_in_tsc_deadline_mode_and_the_deadline_in_the_others);
    tcase_add_test(tsc, deadlines_at_the_end_of_time_do_not_wrap);
    suite_add_tcase(suite, tsc);
    return suite;
}
