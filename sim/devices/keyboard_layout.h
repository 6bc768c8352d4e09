/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Which keys of a US keyboard type a character, in scan code set 2, and how
 * the keyboard controller translates set 2 to set 1.
 */
#ifndef DRYDOCK_SIM_DEVICES_KEYBOARD_LAYOUT_H
#define DRYDOCK_SIM_DEVICES_KEYBOARD_LAYOUT_H

#include <stdint.h>

enum {
    SIM_KEY_NONE = 0x00,
    SIM_KEY_LEFT_SHIFT = 0x12,
    SIM_KEY_LEFT_CTRL = 0x14,
};

/** A key and the one held down with it, as make codes of set 2. */
struct sim_keystroke {
    uint8_t key;      /**< SIM_KEY_NONE: no key types this */
    uint8_t modifier; /**< SIM_KEY_NONE, SIM_KEY_LEFT_SHIFT or SIM_KEY_LEFT_CTRL */
};

/**
 * How to type an ASCII character: what is printed on a key, tab, enter (for LF and CR), escape,
 * backspace (for BS and DEL), and control with a letter.
 */
struct sim_keystroke sim_keyboard_find_key(uint8_t character);

/** The set 1 byte the controller makes of a set 2 byte other than the break prefix 0xF0. */
uint8_t sim_keyboard_translate(uint8_t code);

#endif
