/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timer counts the input clock, divided, from the initial count down to 0
 * ([SDM 3A] 10.5.4). Nothing here counts: the state is the count at one moment,
 * and everything else follows from the clock by division, so that no error adds
 * up and a late look costs no loop. In TSC-deadline mode it interrupts when the
 * time-stamp counter has reached a value (10.5.4.1).
 */
#include "sim/devices/local_apic_internal.h"

/** Bits 18:17 of the timer's entry. Spec: [SDM 3A] table 10-2. */
enum timer_mode {
    MODE_ONE_SHOT = 0,
    MODE_PERIODIC = 1,
    MODE_DEADLINE = 2,
    MODE_RESERVED = 3, /* does not count */
};

static enum timer_mode get_mode(const struct sim_local_apic *apic)
{
    return apic->state.lvt[SIM_LVT_TIMER] >> 17 & 3;
}

/* Nanoseconds of one count. Bits 3, 1, 0 are log2 of the divisor minus 1; 111 divides by 1. */
static uint64_t count_period(const struct sim_local_apic *apic)
{
    uint32_t divide = apic->state.timer.divide;
    unsigned int code = (divide >> 1 & 4) | (divide & 3);

    return (uint64_t)SIM_LOCAL_APIC_CLOCK_PERIOD << ((code + 1) & 7);
}

static uint64_t counts_since(const struct sim_local_apic *apic)
{
    return (apic->wiring.clock->now - apic->state.timer.since) / count_period(apic);
}

static bool is_counting(const struct sim_local_apic *apic)
{
    return get_mode(apic) <= MODE_PERIODIC && apic->state.timer.remaining != 0;
}

/* Right after the timer was brought up to date, as before each access of the guest. */
uint32_t sim_local_apic_timer_count(const struct sim_local_apic *apic)
{
    return is_counting(apic) ? apic->state.timer.remaining - (uint32_t)counts_since(apic) : 0;
}

static uint64_t read_tsc(const struct sim_local_apic *apic)
{
    const uint64_t *offset = apic->wiring.tsc_offset;

    return apic->wiring.clock->now + (offset == NULL ? 0 : *offset);
}

static uint64_t add_time(uint64_t time, uint64_t delay)
{
    return delay < SIM_NEVER - time ? time + delay : SIM_NEVER;
}

uint64_t sim_local_apic_timer_due(const struct sim_local_apic *apic)
{
    const struct sim_local_apic_timer *timer = &apic->state.timer;
    uint64_t now = apic->wiring.clock->now;
    uint64_t tsc = read_tsc(apic);

    if (is_counting(apic)) {
        return add_time(timer->since, timer->remaining * count_period(apic));
    }
    if (get_mode(apic) != MODE_DEADLINE || timer->deadline == 0) {
        return SIM_NEVER;
    }
    return tsc >= timer->deadline ? now : add_time(now, timer->deadline - tsc);
}

/* However many periods have passed, the request is one: IRR has one bit. */
void sim_local_apic_timer_advance(struct sim_local_apic *apic)
{
    struct sim_local_apic_timer *timer = &apic->state.timer;
    uint64_t due = sim_local_apic_timer_due(apic);

    if (due == SIM_NEVER || due > apic->wiring.clock->now) {
        return;
    }
    if (get_mode(apic) == MODE_PERIODIC) {
        uint64_t over = (counts_since(apic) - timer->remaining) % timer->initial;

        timer->since += (counts_since(apic) - over) * count_period(apic);
        timer->remaining = timer->initial;
    } else {
        timer->remaining = 0;
        timer->deadline = 0;
    }
    sim_local_apic_raise_local(apic, SIM_LVT_TIMER);
}

void sim_local_apic_timer_start(struct sim_local_apic *apic, uint32_t count)
{
    if (get_mode(apic) != MODE_DEADLINE) {
        apic->state.timer.initial = count;
        apic->state.timer.remaining = count;
        apic->state.timer.since = apic->wiring.clock->now;
    }
}

/* A running count goes on from where it is with the new clock. */
void sim_local_apic_timer_divide(struct sim_local_apic *apic, uint32_t value)
{
    apic->state.timer.remaining = sim_local_apic_timer_count(apic);
    apic->state.timer.since = apic->wiring.clock->now;
    apic->state.timer.divide = value & 0xB;
}

void sim_local_apic_timer_disarm(struct sim_local_apic *apic)
{
    apic->state.timer.remaining = 0;
    apic->state.timer.deadline = 0;
}

uint64_t sim_local_apic_timer_read_deadline(const struct sim_local_apic *apic)
{
    return apic->state.timer.deadline;
}

/* Ignored in the other modes; a deadline that has passed interrupts at once. */
void sim_local_apic_timer_set_deadline(struct sim_local_apic *apic, uint64_t deadline)
{
    if (get_mode(apic) == MODE_DEADLINE) {
        apic->state.timer.deadline = deadline;
        sim_local_apic_timer_advance(apic);
    }
}
