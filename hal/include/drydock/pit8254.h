/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The 8254 interval timer of a PC: channel 0, whose output is IRQ 0, and
 * channel 2, which nobody but software needs. Channel 1 is the chipset's.
 *
 * Time is counted in ticks of DD_PIT8254_FREQUENCY. The ports are fixed, so
 * there is no handle; functions must not run at the same time.
 */
#ifndef DRYDOCK_PIT8254_H
#define DRYDOCK_PIT8254_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/status.h"

/** Ticks in a second: 14.31818 MHz divided by 12. Spec: [PIIX3] 2.5.4. */
#define DD_PIT8254_FREQUENCY 1193182u

/** Most ticks of one count; it is written as 0. Spec: [8254] "Write Operations". */
#define DD_PIT8254_COUNT_MAX 65536u

/**
 * How often a wait of one tick looks before it gives up. A tick is 838 ns, and no processor reads a
 * port in less than a nanosecond; on real buses a read takes about a microsecond, so a timer that
 * has died costs up to a millisecond a tick.
 */
#define DD_PIT8254_POLLS_PER_TICK 1000u

/** Channels of software; the values are the chip's. */
enum dd_pit8254_channel {
    DD_PIT8254_CHANNEL_0 = 0,
    DD_PIT8254_CHANNEL_2 = 2,
};

/** The modes the library programs; the values are the chip's. Spec: [8254] "Mode Definitions". */
enum dd_pit8254_mode {
    DD_PIT8254_TERMINAL_COUNT = 0, /**< OUT is low until the count is over, then high: one shot */
    DD_PIT8254_RATE_GENERATOR = 2, /**< OUT is low for the last tick of each period */
    DD_PIT8254_SQUARE_WAVE = 3,    /**< OUT is high for half of each period */
};

/** A channel at one moment. */
struct dd_pit8254_state {
    uint16_t count; /**< what is left, 65536 as 0; falls by 2 a tick in DD_PIT8254_SQUARE_WAVE */
    uint8_t output; /**< level of OUT, 0 or 1 */
    uint8_t mode;   /**< as the chip says; 6 and 7 mean 2 and 3 */
};

/**
 * The count that gives a frequency: the quotient rounded to the nearest.
 *
 * @param hertz       periods a second, 19..795454
 * @param[out] count  ticks a period, 2..65536
 * @retval DD_OK    *count is valid
 * @retval DD_EARG  no count that periodic modes take; *count untouched
 *
 * Spec: [8254] "Mode Definitions", table of minimum and maximum counts.
 */
DD_MUST_CHECK enum dd_status dd_pit8254_count_for(uint32_t hertz, uint32_t *count);

/**
 * Begin to count, at the next tick. Channel 2 gets its gate, and the speaker is disconnected.
 *
 * @param channel  which
 * @param mode     how
 * @param count    ticks: 1..65536 in mode DD_PIT8254_TERMINAL_COUNT, 2..65536 in the others
 * @retval DD_OK      counting
 * @retval DD_EARG    a value out of range; no port was accessed
 * @retval DD_ENODEV  the channel does not say that it is in this mode: there is no 8254
 *
 * Spec: [8254] "Write Operations", "Read-Back Command"; [PIIX3] 2.5.5.1.
 */
DD_MUST_CHECK enum dd_status dd_pit8254_start(enum dd_pit8254_channel channel,
                                              enum dd_pit8254_mode mode, uint32_t count);

/**
 * Look at a channel, at count and output of the same moment.
 *
 * @param channel     which
 * @param[out] state  what it does; untouched on failure
 * @retval DD_OK         *state is valid
 * @retval DD_EARG       there is no such channel; no port was accessed
 * @retval DD_EMALFORMED it is not programmed as the library does it, binary and with both bytes, or
 *                       there is no 8254
 *
 * Spec: [8254] "Read-Back Command".
 */
DD_MUST_CHECK enum dd_status dd_pit8254_read(enum dd_pit8254_channel channel,
                                             struct dd_pit8254_state *state);

/**
 * Wait by channel 2, busily; interrupts need not be enabled. What channel 2 did before ends.
 *
 * @param ticks  at least so many, 0..65536; one or two more than asked for
 * @retval DD_OK        that time has passed
 * @retval DD_EARG      ticks above 65536; no port was accessed
 * @retval DD_ENODEV    there is no 8254
 * @retval DD_ETIMEOUT  the count was not over after DD_PIT8254_POLLS_PER_TICK looks for each tick
 *
 * Spec: [8254] "Mode 0"; [PIIX3] 2.5.5.1.
 */
DD_MUST_CHECK enum dd_status dd_pit8254_wait(uint32_t ticks);

/**
 * Wait as dd_pit8254_wait() does, for any time.
 *
 * @param microseconds  at least so many
 * @retval DD_OK        that time has passed
 * @retval DD_ENODEV    there is no 8254
 * @retval DD_ETIMEOUT  as in dd_pit8254_wait()
 *
 * Spec: [8254] "Mode 0"; [PIIX3] 2.5.5.1.
 */
DD_MUST_CHECK enum dd_status dd_pit8254_wait_microseconds(uint32_t microseconds);

#endif
