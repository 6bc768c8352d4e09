/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The 8042 keyboard controller of a PC at ports 0x60 and 0x64, with an IBM
 * Enhanced Keyboard. What the host wants typed is typed by a careful person on a
 * US layout: one key at a time, pressed and released at once, the next one a
 * millisecond later at the earliest and not before the guest has read the last.
 * While the guest has the keyboard or its scanning disabled, the person waits.
 * Spec: [PC/AT] "Keyboard Controller", [PS/2] "Keyboard and Auxiliary Device Controller".
 *
 * Modelled: the status register, the configuration byte and the controller's
 * RAM, self tests, enabling and disabling, the output port with A20 and reset,
 * writing the output buffers, pulses; of the keyboard reset, identification, LEDs,
 * scan code sets 1 and 2, rate, echo, resend, enable, disable; translation to set 1.
 *
 * Not modelled: a mouse (bytes for it time out: 0xFE with the time-out bit); the
 * time commands take (answers are there at once); typematic repetition; scan code
 * set 3 (refused with 0xFE); passwords; the keylock. An answer of the controller
 * replaces one that still waits for room in the output buffer; answers of the
 * keyboard for which its 16-byte queue has no room are lost. After reset the
 * configuration is what a BIOS leaves: translation and IRQ 1 on, the second port
 * off, A20 on.
 */
#ifndef DRYDOCK_SIM_DEVICES_I8042_H
#define DRYDOCK_SIM_DEVICES_I8042_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/machine/bus.h"
#include "sim/machine/device.h"
#include "sim/devices/byte_buffer.h"

/** Bytes the keyboard holds back. */
#define SIM_I8042_QUEUE 16u

/** The keyboard's part of the state. */
struct sim_i8042_keyboard {
    uint8_t queue[SIM_I8042_QUEUE];
    uint8_t first, count;
    uint8_t command;  /**< whose argument comes next; 0: none */
    uint8_t scan_set; /**< 1 or 2 */
    bool scans;
    uint8_t last_sent;
};

/** What a snapshot copies. */
struct sim_i8042_state {
    size_t typed;       /**< characters of `to_type` that were */
    uint64_t next_key;  /**< when the next may be, in virtual time */
    uint8_t memory[32]; /**< the configuration byte first */
    uint8_t command;    /**< whose data byte comes next; 0: none */
    bool was_command;   /**< the last write was to port 0x64 */
    bool a20;
    uint8_t output;               /**< output buffer */
    uint8_t output_flags;         /**< status bits that come with it: 0, 5 and 6 */
    uint8_t answer, answer_flags; /**< waits for room in the output buffer; flags 0: none */
    bool breaks;                  /**< translation has swallowed a break prefix */
    struct sim_i8042_keyboard keyboard;
};

struct sim_i8042 {
    const struct sim_clock *clock;
    /* connect these before the first use */
    struct sim_line interrupt;           /**< IRQ 1 */
    struct sim_line auxiliary_interrupt; /**< IRQ 12, for bytes written with command 0xD3 */
    struct sim_line reset;               /**< raised and lowered when the guest resets */
    struct sim_line a20;                 /**< high: address line 20 is enabled */
    struct sim_byte_buffer to_type;      /**< of the host */
    struct sim_i8042_state state;
};

/** The controller after power-on. @param clock  outlives the controller */
void sim_i8042_init(struct sim_i8042 *i8042, const struct sim_clock *clock);

/** Reset controller and keyboard; what waits to be typed stays. */
void sim_i8042_reset(struct sim_i8042 *i8042);

/** Free what waits to be typed. */
void sim_i8042_free(struct sim_i8042 *i8042);

/** Ports 0x60 and 0x64. */
struct sim_region sim_i8042_data_port(struct sim_i8042 *i8042);
struct sim_region sim_i8042_command_port(struct sim_i8042 *i8042);

/** Its deadline is the next key. */
struct sim_device sim_i8042_device(struct sim_i8042 *i8042);

/**
 * Have characters typed. See keyboard_layout.h for those that can be; others are skipped.
 *
 * @return 0, or -1 without memory or room; all or none
 */
SIM_MUST_CHECK int sim_i8042_type(struct sim_i8042 *i8042, const void *characters, size_t size);

#endif
