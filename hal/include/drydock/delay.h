/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Waiting: the library has no clock, so whoever calls a function that has to wait says how.
 */
#ifndef DRYDOCK_DELAY_H
#define DRYDOCK_DELAY_H

#include <stdint.h>

/** What `wait` takes for a millisecond. */
#define DD_DELAY_MILLISECOND 1000u

/** How to wait: with dd_pit8254_wait_microseconds() for example, or by letting others run. */
struct dd_delay {
    /** Return after at least so many microseconds. */
    void (*wait)(void *context, uint32_t microseconds);
    void *context; /**< passed to it */
};

#endif
