/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about the local APIC's timer. The 8254 says how time passes; where a
 * machine runs in real time, the claim may be suspended at any moment, so what
 * compares times gets several attempts.
 */
#include "drydock/arch/insn.h"
#include "drydock/cpu.h"
#include "drydock/local_apic_clock.h"
#include "drydock/pit8254.h"
#include "tests/claims/controllers.h"

enum {
    VECTOR = 0x62,
    ATTEMPTS = 8
};

static struct dd_local_apic_timer masked(uint8_t divisor)
{
    return (struct dd_local_apic_timer){
        .vector = VECTOR, .divisor = divisor, .mask = DD_APIC_MASKED};
}

/* [SDM 3A] 10.5.4. */
CLAIM(local_apic_timer_counts_down_until_it_is_stopped)
{
    const struct dd_local_apic_timer timer = masked(1);
    struct dd_local_apic apic;
    uint32_t first;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_set_timer(&apic, &timer));
    CLAIM_EQUAL(dd_local_apic_read_timer(&apic), 0);
    dd_local_apic_start_timer(&apic, 0xFFFFFFFF);
    first = dd_local_apic_read_timer(&apic);
    CLAIM_TRUE(first > 0);
    CLAIM_OK(dd_pit8254_wait(3));
    CLAIM_TRUE(dd_local_apic_read_timer(&apic) < first);
    CLAIM_TRUE(dd_local_apic_read_timer(&apic) > 0);
    dd_local_apic_start_timer(&apic, 0);
    CLAIM_EQUAL(dd_local_apic_read_timer(&apic), 0);
    controllers_close();
}

/* Counts while the 8254 counts: long enough for a divisor twice as large to give some, too. */
static enum dd_status measure(const struct dd_local_apic *apic, uint8_t divisor, uint32_t ticks,
                              uint32_t *counts)
{
    const struct dd_local_apic_timer timer = masked(divisor);
    enum dd_status status = dd_local_apic_set_timer(apic, &timer);

    if (status == DD_OK) {
        dd_local_apic_start_timer(apic, 0xFFFFFFFF);
        status = dd_pit8254_wait(ticks);
        *counts = 0xFFFFFFFF - dd_local_apic_read_timer(apic);
    }
    return status;
}

/* Neighbours of the table of divisors: within 1.5 and 3 where 2 is meant. [SDM 3A] figure 10-10. */
CLAIM(local_apic_timer_divides_its_clock)
{
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    for (unsigned int divisor = 1; divisor < 128; divisor *= 2) {
        const uint32_t ticks = 4 + divisor / 4;
        bool seen = false;

        for (unsigned int i = 0; i < ATTEMPTS && !seen; i++) {
            uint32_t counts = 0;
            uint32_t half = 0;

            CLAIM_OK(measure(&apic, (uint8_t)divisor, ticks, &counts));
            CLAIM_OK(measure(&apic, (uint8_t)(2 * divisor), ticks, &half));
            seen = 2 * counts >= 3 * half && counts <= 3 * half;
        }
        CLAIM_TRUE(seen);
    }
    dd_local_apic_start_timer(&apic, 0);
    controllers_close();
}

/* One shot: a request when the count is over, and then rest. */
CLAIM(local_apic_timer_requests_once_when_the_count_is_over)
{
    struct dd_local_apic_timer timer = masked(1);
    struct dd_local_apic apic;

    timer.mask = DD_APIC_UNMASKED;
    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_set_timer(&apic, &timer));
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    dd_local_apic_start_timer(&apic, 100);
    CLAIM_OK(controllers_await_request(&apic, VECTOR));
    CLAIM_EQUAL(dd_local_apic_read_timer(&apic), 0);
    controllers_watch(&apic);
    controllers_let_in();
    CLAIM_OK(dd_pit8254_wait(10));
    controllers_let_in();
    controllers_watch_end();
    CLAIM_EQUAL(arrival_count, world_runs_on_processor() ? 1 : 0);
    controllers_close();
}

CLAIM(local_apic_timer_that_is_masked_requests_nothing)
{
    const struct dd_local_apic_timer timer = masked(1);
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_set_timer(&apic, &timer));
    dd_local_apic_start_timer(&apic, 100);
    CLAIM_OK(dd_pit8254_wait(10));
    CLAIM_EQUAL(dd_local_apic_read_timer(&apic), 0);
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    controllers_close();
}

CLAIM(local_apic_timer_periods_interrupt_again_and_again)
{
    SKIP_WITHOUT_HANDLERS();

    struct dd_local_apic_timer timer = masked(2);
    struct dd_local_apic apic;

    timer.mode = DD_LOCAL_APIC_PERIODIC;
    timer.mask = DD_APIC_UNMASKED;
    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_set_timer(&apic, &timer));
    controllers_watch(&apic);
    dd_local_apic_start_timer(&apic, 1000);
    for (unsigned int i = 0; i < 3; i++) {
        CLAIM_OK(controllers_await_request(&apic, VECTOR));
        controllers_let_in();
    }
    dd_local_apic_start_timer(&apic, 0);
    controllers_let_in();
    controllers_watch_end();
    CLAIM_TRUE(arrival_count >= 3);
    CLAIM_EQUAL(arrivals[2].vector, VECTOR);
    controllers_close();
}

CLAIM(local_apic_timer_refuses_divisors_that_do_not_exist)
{
    struct dd_local_apic_timer timer = masked(3);
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_STATUS(dd_local_apic_set_timer(&apic, &timer), DD_EARG);
    timer.divisor = 1;
    timer.vector = 0x1F;
    CLAIM_STATUS(dd_local_apic_set_timer(&apic, &timer), DD_EARG);
    controllers_close();
}

/* [SDM 2A] CPUID.1:ECX bit 24. */
static bool lacks_tsc_deadline(void)
{
    return (dd_cpuid(1, 0).ecx >> 24 & 1) == 0;
}

/* [SDM 3A] 10.5.4.1: disarmed by its own interrupt. */
CLAIM(local_apic_timer_waits_for_the_time_stamp_counter)
{
    CLAIM_SKIP_IF(lacks_tsc_deadline(), "the processor has no TSC-deadline mode");

    const struct dd_local_apic_timer timer = {.mode = DD_LOCAL_APIC_TSC_DEADLINE, .vector = VECTOR};
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_set_timer(&apic, &timer));
    dd_local_apic_set_deadline(UINT64_MAX);
    CLAIM_EQUAL(dd_local_apic_read_deadline(), UINT64_MAX);
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    dd_local_apic_set_deadline(0);
    CLAIM_EQUAL(dd_local_apic_read_deadline(), 0);
    dd_local_apic_set_deadline(dd_rdtsc() + 2000);
    CLAIM_OK(controllers_await_request(&apic, VECTOR));
    CLAIM_EQUAL(dd_local_apic_read_deadline(), 0);
    controllers_watch(&apic);
    controllers_let_in();
    controllers_watch_end();
    controllers_close();
}

CLAIM(local_apic_timer_refuses_a_deadline_without_the_feature)
{
    CLAIM_SKIP_IF(!lacks_tsc_deadline(), "the processor has TSC-deadline mode");

    const struct dd_local_apic_timer timer = {.mode = DD_LOCAL_APIC_TSC_DEADLINE, .vector = VECTOR};
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_STATUS(dd_local_apic_set_timer(&apic, &timer), DD_ENOTSUP);
    controllers_close();
}

/* 400 ticks are enough to tell a hundredth. An emulator that runs in the host's time, where programs
   interrupt each other, gets 10 milliseconds; TCG tells no crystal. */
static uint32_t ticks_to_measure(const struct dd_cpu *cpu)
{
    if (!world_runs_on_processor()) {
        return 60;
    }
    return cpu->crystal_hz != 0 ? 400 : 11932;
}

/* [SDM 3A] 10.5.4: the crystal of CPUID leaf 15H, if there is one; else some megahertz at least. */
CLAIM(local_apic_clock_is_what_cpuid_says_if_it_does)
{
    struct dd_local_apic apic;
    struct dd_cpu cpu;
    uint32_t hertz = 0;

    dd_cpu_read(&cpu);
    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_measure_clock(&apic, ticks_to_measure(&cpu), &hertz));
    CLAIM_EQUAL(dd_local_apic_read_timer(&apic), 0);
    CLAIM_TRUE(hertz > 1000000);
    if (cpu.crystal_hz != 0) {
        CLAIM_TRUE(hertz > cpu.crystal_hz / 100 * 99 && hertz < cpu.crystal_hz / 100 * 101);
    }
    controllers_close();
}
