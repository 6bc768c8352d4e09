/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of injected faults share: scripts given to the machine of
 * event_case.h, and a look at the trace.
 */
#ifndef DRYDOCK_TESTS_INJECT_CASE_H
#define DRYDOCK_TESTS_INJECT_CASE_H

#include <string.h>

#include "sim/machine/inject.h"
#include "tests/unit/event_case.h"

/** Give the machine a script; fails the test if that is refused. */
static inline void inject(const char *script)
{
    struct sim_injection injection = {.count = 0};
    struct sim_error error = {""};

    ck_assert_msg(sim_injection_parse(&injection, "plan", script, strlen(script), &error) == 0,
                  "%s", error.text);
    ck_assert_msg(sim_machine_inject(machine, &injection, &error) == 0, "%s", error.text);
}

/** How often this kind of fault is among the last 32 events; the last of them. */
static inline unsigned int find_faults(enum sim_inject_kind kind, struct sim_trace_event *last)
{
    const struct sim_trace *trace = sim_machine_trace(machine);
    uint64_t first = trace->count < SIM_TRACE_KEPT ? 0 : trace->count - SIM_TRACE_KEPT;
    unsigned int count = 0;

    for (uint64_t i = first; i < trace->count; i++) {
        const struct sim_trace_event *event = &trace->last[i % SIM_TRACE_KEPT];

        if (event->kind == SIM_TRACE_FAULT && event->code == (uint32_t)kind) {
            *last = *event;
            count++;
        }
    }
    return count;
}

/** There is exactly one such fault among the last events, with these values. */
static inline void check_fault_event(enum sim_inject_kind kind, uint64_t a, uint64_t b)
{
    struct sim_trace_event event = {0};

    ck_assert_uint_eq(find_faults(kind, &event), 1);
    ck_assert_uint_eq(event.a, a);
    ck_assert_uint_eq(event.b, b);
}

/** Fault @p index has happened or not, and so many were counted. */
static inline void check_outcome(size_t index, bool happened, uint64_t seen)
{
    struct sim_inject_outcome outcome = sim_machine_inject_outcome(machine, index);

    ck_assert_int_eq(outcome.happened, happened);
    ck_assert_uint_eq(outcome.seen, seen);
}

static inline void out8(uint16_t port, uint8_t value)
{
    struct sim_registers registers = {.rax = value, .rdx = port};

    ck_assert_int_eq(EXECUTE(&registers, 0xEE).stop, SIM_STOP_RETURNED);
}

static inline uint8_t in8(uint16_t port)
{
    struct sim_registers registers = {.rdx = port};

    ck_assert_int_eq(EXECUTE(&registers, 0xEC).stop, SIM_STOP_RETURNED);
    return (uint8_t)registers.rax;
}

/** Let the 8254's channel 0, which firmware has started, wait for a count. Control word: mode 0. */
static inline void stop_ticks(void)
{
    out8(0x43, 0x30);
}

#endif
