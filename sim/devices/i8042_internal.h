/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the 8042 share: its flags, its commands, the keyboard behind it.
 */
#ifndef DRYDOCK_SIM_DEVICES_I8042_INTERNAL_H
#define DRYDOCK_SIM_DEVICES_I8042_INTERNAL_H

#include "sim/devices/i8042.h"

/* [PC/AT] "Status Register", [PS/2] "Controller Status Register". */
enum {
    SIM_I8042_STATUS_FULL = 0x01,
    SIM_I8042_STATUS_COMMAND = 0x08,
    SIM_I8042_STATUS_UNLOCKED = 0x10,
    SIM_I8042_STATUS_AUXILIARY = 0x20,
    SIM_I8042_STATUS_TIMEOUT = 0x40,
};

enum {
    SIM_I8042_CONFIG_INTERRUPT = 0x01,
    SIM_I8042_CONFIG_AUXILIARY_INTERRUPT = 0x02,
    SIM_I8042_CONFIG_SYSTEM = 0x04, /* the status register shows it in the same place */
    SIM_I8042_CONFIG_NO_KEYBOARD = 0x10,
    SIM_I8042_CONFIG_NO_AUXILIARY = 0x20,
    SIM_I8042_CONFIG_TRANSLATE = 0x40,
};

/** Whether a byte waits for the guest. */
static inline bool sim_i8042_has_output(const struct sim_i8042 *i8042)
{
    return (i8042->state.output_flags & SIM_I8042_STATUS_FULL) != 0;
}

/** A byte written to the command port. */
void sim_i8042_run_command(struct sim_i8042 *i8042, uint8_t command);

/** The data byte of state.command, which is not 0. */
void sim_i8042_take_data(struct sim_i8042 *i8042, uint8_t byte);

/** What precedes the code of a released key in set 2. */
#define SIM_I8042_BREAK 0xF0u

/** The keyboard after its self test: set 2, scanning, nothing to say. */
void sim_i8042_keyboard_reset(struct sim_i8042_keyboard *keyboard);

/** A byte from the controller. */
void sim_i8042_keyboard_write(struct sim_i8042_keyboard *keyboard, uint8_t byte);

/** Take the oldest byte. Only with count above 0. */
uint8_t sim_i8042_keyboard_send(struct sim_i8042_keyboard *keyboard);

/** Press and release the keys for a character. Returns false if there are none. */
bool sim_i8042_keyboard_type(struct sim_i8042_keyboard *keyboard, uint8_t character);

#endif
