/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The 8254 interval timer of a PC and port 0x61. Three channels count the ticks
 * of a 1,193,182 Hz clock; channel 0 interrupts, channel 2 is gated by port 0x61
 * and read there. Spec: [8254].
 *
 * Modelled: modes 0 to 5, binary and BCD, all read/write formats with their
 * byte flip-flops, the latch and read-back commands, null count, gates, new
 * counts while counting. Ticks are those of the virtual clock since it was 0,
 * exactly: no drift, whatever the programming.
 *
 * Not modelled: the sound; the gates of channels 0 and 1, which are always high;
 * the refresh request that channel 1 made (port 0x61 bit 4 toggles every 18
 * ticks whatever channel 1 does); the parity and channel check of port 0x61
 * (bits 7:6 are 0). A count of 1 in modes 2 and 3, which the manual forbids,
 * gives no edges. Counting does not start before a channel is programmed, and
 * a channel read before that gives 0. A count just written can be read without
 * waiting for the tick that loads it.
 */
#ifndef DRYDOCK_SIM_DEVICES_PIT8254_H
#define DRYDOCK_SIM_DEVICES_PIT8254_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"

/** Ticks in a second. */
#define SIM_PIT8254_FREQUENCY 1193182u

/** One channel; times are ticks since the virtual clock was 0. */
struct sim_pit8254_channel {
    uint8_t control; /**< bits 5:0 of the last control word */
    bool gate;
    bool loaded;      /**< the counting element got a count: it counts from `base` on */
    bool held;        /**< the gate holds it after `passed` ticks */
    bool waiting;     /**< `count` is not in the counting element yet */
    bool out_before;  /**< OUT until `base` */
    uint32_t initial; /**< what the counting element started from, 1 to 65536 */
    uint32_t count;   /**< what was written last, as a number of ticks */
    int64_t base;     /**< tick that loads the counting element */
    int64_t passed;
    int64_t switch_at; /**< tick at which modes 2 and 3 take the waiting count */
    uint8_t low_byte;  /**< first byte of a count of two */
    bool second_write; /**< the next write is the high byte of two */
    bool second_read;  /**< the next read is the high byte of two */
    bool count_latched, status_latched;
    uint16_t latched_count; /**< as it reads, BCD or binary */
    uint8_t latched_status;
};

struct sim_pit8254 {
    const struct sim_clock *clock;
    struct sim_line interrupt; /**< OUT of channel 0: IRQ 0; connect before the first use */
    struct {
        struct sim_pit8254_channel channels[3];
        int64_t seen;      /**< tick up to which the line is driven */
        uint8_t control61; /**< port 0x61 bits 3:0 */
    } state;
};

/** The timer after power-on. @param clock  outlives the timer */
void sim_pit8254_init(struct sim_pit8254 *pit, const struct sim_clock *clock);

/** Reset; the output falls. */
void sim_pit8254_reset(struct sim_pit8254 *pit);

/** Ports 0x40 to 0x43, and port 0x61. */
struct sim_region sim_pit8254_ports(struct sim_pit8254 *pit);
struct sim_region sim_pit8254_control_port(struct sim_pit8254 *pit);

/** Its deadline is the next edge of channel 0. Edges that are overdue at once become one pulse. */
struct sim_device sim_pit8254_device(struct sim_pit8254 *pit);

#endif
