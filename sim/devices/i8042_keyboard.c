/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyboard: a command at a time, perhaps with an argument, each byte
 * acknowledged. A byte with bit 7 in place of an argument is a new command.
 * [PS/2] "Keyboard (101- and 102-Key)", commands from the system.
 */
#include "sim/devices/i8042_internal.h"

#include "sim/devices/keyboard_layout.h"

enum {
    COMMAND_LEDS = 0xED,
    COMMAND_ECHO = 0xEE,
    COMMAND_SCAN_SET = 0xF0,
    COMMAND_IDENTIFY = 0xF2,
    COMMAND_RATE = 0xF3,
    COMMAND_ENABLE = 0xF4,
    COMMAND_DISABLE = 0xF5,
    COMMAND_DEFAULTS = 0xF6,
    COMMAND_RESEND = 0xFE,
    COMMAND_RESET = 0xFF,
    ANSWER_SELF_TEST_PASSED = 0xAA,
    ANSWER_ID_FIRST = 0xAB,
    ANSWER_ID_SECOND = 0x83,
    ANSWER_ACKNOWLEDGE = 0xFA,
    ANSWER_RESEND = 0xFE,
    SET1_RELEASED = 0x80,
};

void sim_i8042_keyboard_reset(struct sim_i8042_keyboard *keyboard)
{
    *keyboard = (struct sim_i8042_keyboard){.scan_set = 2, .scans = true};
}

static void queue_byte(struct sim_i8042_keyboard *keyboard, uint8_t byte)
{
    if (keyboard->count < SIM_I8042_QUEUE) {
        keyboard->queue[(keyboard->first + keyboard->count) % SIM_I8042_QUEUE] = byte;
        keyboard->count++;
    }
}

uint8_t sim_i8042_keyboard_send(struct sim_i8042_keyboard *keyboard)
{
    keyboard->last_sent = keyboard->queue[keyboard->first];
    keyboard->first = (uint8_t)((keyboard->first + 1) % SIM_I8042_QUEUE);
    keyboard->count--;
    return keyboard->last_sent;
}

static void select_scan_set(struct sim_i8042_keyboard *keyboard, uint8_t set)
{
    if (set > 2) {
        queue_byte(keyboard, ANSWER_RESEND);
        return;
    }
    queue_byte(keyboard, ANSWER_ACKNOWLEDGE);
    if (set == 0) {
        queue_byte(keyboard, keyboard->scan_set);
    } else {
        keyboard->scan_set = set;
    }
}

static void take_argument(struct sim_i8042_keyboard *keyboard, uint8_t argument)
{
    if (keyboard->command == COMMAND_SCAN_SET) {
        select_scan_set(keyboard, argument);
    } else {
        queue_byte(keyboard, ANSWER_ACKNOWLEDGE); /* LEDs that nobody sees; a rate without effect */
    }
    keyboard->command = 0;
}

/* Defaults, and scanning or not; what was typed before is forgotten. */
static void set_scanning(struct sim_i8042_keyboard *keyboard, bool scans)
{
    keyboard->count = 0;
    keyboard->scans = scans;
    queue_byte(keyboard, ANSWER_ACKNOWLEDGE);
}

static void run_command(struct sim_i8042_keyboard *keyboard, uint8_t command)
{
    switch (command) {
    case COMMAND_LEDS:
    case COMMAND_RATE:
    case COMMAND_SCAN_SET:
        keyboard->command = command;
        queue_byte(keyboard, ANSWER_ACKNOWLEDGE);
        break;
    case COMMAND_ECHO:
        queue_byte(keyboard, COMMAND_ECHO);
        break;
    case COMMAND_IDENTIFY:
        queue_byte(keyboard, ANSWER_ACKNOWLEDGE);
        queue_byte(keyboard, ANSWER_ID_FIRST);
        queue_byte(keyboard, ANSWER_ID_SECOND);
        break;
    case COMMAND_ENABLE:
        set_scanning(keyboard, true);
        break;
    case COMMAND_DISABLE:
        keyboard->scan_set = 2;
        set_scanning(keyboard, false);
        break;
    case COMMAND_DEFAULTS:
        keyboard->scan_set = 2;
        set_scanning(keyboard, keyboard->scans);
        break;
    case COMMAND_RESET:
        sim_i8042_keyboard_reset(keyboard);
        queue_byte(keyboard, ANSWER_ACKNOWLEDGE);
        queue_byte(keyboard, ANSWER_SELF_TEST_PASSED);
        break;
    case COMMAND_RESEND:
        queue_byte(keyboard, keyboard->last_sent);
        break;
    default:
        queue_byte(keyboard, ANSWER_RESEND);
        break;
    }
}

void sim_i8042_keyboard_write(struct sim_i8042_keyboard *keyboard, uint8_t byte)
{
    if (keyboard->command != 0 && byte < 0x80) {
        take_argument(keyboard, byte);
        return;
    }
    keyboard->command = 0;
    run_command(keyboard, byte);
}

static void press(struct sim_i8042_keyboard *keyboard, uint8_t key)
{
    if (key != SIM_KEY_NONE) {
        queue_byte(keyboard, keyboard->scan_set == 1 ? sim_keyboard_translate(key) : key);
    }
}

static void release(struct sim_i8042_keyboard *keyboard, uint8_t key)
{
    if (key == SIM_KEY_NONE) {
        return;
    }
    if (keyboard->scan_set == 1) {
        queue_byte(keyboard, sim_keyboard_translate(key) | SET1_RELEASED);
    } else {
        queue_byte(keyboard, SIM_I8042_BREAK);
        queue_byte(keyboard, key);
    }
}

bool sim_i8042_keyboard_type(struct sim_i8042_keyboard *keyboard, uint8_t character)
{
    struct sim_keystroke stroke = sim_keyboard_find_key(character);

    if (stroke.key == SIM_KEY_NONE) {
        return false;
    }
    press(keyboard, stroke.modifier);
    press(keyboard, stroke.key);
    release(keyboard, stroke.key);
    release(keyboard, stroke.modifier);
    return true;
}
