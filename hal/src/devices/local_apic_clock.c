/* SPDX-License-Identifier: MIT */
/*
 * The timer counts down while the 8254 counts a known number of ticks. To begin and
 * to end a wait takes some port accesses, about as long each time: so a short wait and
 * a long one are measured, and what counts is the difference.
 */
#include "drydock/local_apic_clock.h"

#include "drydock/local_apic_lvt.h"
#include "drydock/pit8254.h"

enum {
    DIVISOR = 16,
    SHORT_TICKS = 20, /* the long wait takes so many more than asked for */
    VECTOR = 0xFF     /* of an interrupt that is masked */
};

/* Counts of the timer while the 8254 counts. */
static enum dd_status count_while(const struct dd_local_apic *apic, uint32_t ticks,
                                  uint32_t *counted)
{
    enum dd_status status;

    dd_local_apic_start_timer(apic, UINT32_MAX);
    status = dd_pit8254_wait(ticks);
    *counted = UINT32_MAX - dd_local_apic_read_timer(apic);
    dd_local_apic_start_timer(apic, 0);
    return status;
}

enum dd_status dd_local_apic_measure_clock(const struct dd_local_apic *apic, uint32_t ticks,
                                           uint32_t *hertz)
{
    const struct dd_local_apic_timer masked = {.mode = DD_LOCAL_APIC_ONE_SHOT,
                                               .vector = VECTOR,
                                               .divisor = DIVISOR,
                                               .mask = DD_APIC_MASKED};
    uint32_t in_short = 0;
    uint32_t in_long = 0;
    uint64_t clock = 0;
    enum dd_status status;

    if (ticks == 0 || ticks > DD_LOCAL_APIC_CLOCK_TICKS_MAX) {
        return DD_EARG;
    }
    status = dd_local_apic_set_timer(apic, &masked);
    if (status == DD_OK) {
        status = count_while(apic, SHORT_TICKS, &in_short);
    }
    if (status == DD_OK) {
        status = count_while(apic, SHORT_TICKS + ticks, &in_long);
    }
    if (status != DD_OK) {
        return status;
    }
    if (in_long > in_short) {
        clock = (uint64_t)(in_long - in_short) * DIVISOR * DD_PIT8254_FREQUENCY / ticks;
    }
    if (clock == 0 || clock > UINT32_MAX) {
        return DD_ENOTSUP;
    }
    *hertz = (uint32_t)clock;
    return DD_OK;
}
