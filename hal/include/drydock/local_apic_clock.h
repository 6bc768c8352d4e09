/* SPDX-License-Identifier: MIT */
/**
 * @file
 * How fast the timer of the local APIC counts: CPUID says it on some processors only, so it is
 * measured against the 8254.
 */
#ifndef DRYDOCK_LOCAL_APIC_CLOCK_H
#define DRYDOCK_LOCAL_APIC_CLOCK_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/local_apic.h"
#include "drydock/status.h"

/** Ticks of the 8254 that a measurement may take; 11932 are 10 milliseconds. */
#define DD_LOCAL_APIC_CLOCK_TICKS_MAX 65000u

/**
 * Measure the input clock of the timer, before its divisor. Uses channel 2 of the 8254, and the
 * timer, which is stopped and masked afterwards. With interrupts off: a handler in between counts
 * for the clock.
 *
 * @param ticks       of the 8254, for how long: 1..DD_LOCAL_APIC_CLOCK_TICKS_MAX; what it cannot tell
 *                    is one tick, so 11932 are good for a ten-thousandth
 * @param[out] hertz  of the undivided clock; untouched on failure
 * @retval DD_OK        *hertz is valid
 * @retval DD_EARG      ticks out of range; nothing was accessed
 * @retval DD_ENODEV    the handle is disabled, or there is no 8254
 * @retval DD_ENOTSUP   the timer does not count, or faster than 32 bits can say
 * @retval DD_ETIMEOUT  the 8254 does not count: dd_pit8254_wait()
 *
 * Spec: [SDM 3A] 10.5.4; [8254] "Mode 0".
 */
DD_MUST_CHECK enum dd_status dd_local_apic_measure_clock(const struct dd_local_apic *apic,
                                                         uint32_t ticks, uint32_t *hertz);

#endif
