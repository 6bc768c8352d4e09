/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The controller's commands. Those with a data byte keep the command until the
 * byte comes; those with an answer leave it for the output buffer.
 * [PC/AT] "Controller Commands", [PS/2] "Controller Commands".
 */
#include "sim/devices/i8042_internal.h"

enum {
    COMMAND_READ_MEMORY = 0x20,  /* to 0x3F */
    COMMAND_WRITE_MEMORY = 0x60, /* to 0x7F */
    COMMAND_TEST_PASSWORD = 0xA4,
    COMMAND_DISABLE_AUXILIARY = 0xA7,
    COMMAND_ENABLE_AUXILIARY = 0xA8,
    COMMAND_TEST_AUXILIARY = 0xA9,
    COMMAND_SELF_TEST = 0xAA,
    COMMAND_TEST_KEYBOARD = 0xAB,
    COMMAND_DISABLE_KEYBOARD = 0xAD,
    COMMAND_ENABLE_KEYBOARD = 0xAE,
    COMMAND_READ_INPUT_PORT = 0xC0,
    COMMAND_READ_OUTPUT_PORT = 0xD0,
    COMMAND_WRITE_OUTPUT_PORT = 0xD1,
    COMMAND_WRITE_KEYBOARD_BUFFER = 0xD2,
    COMMAND_WRITE_AUXILIARY_BUFFER = 0xD3,
    COMMAND_WRITE_AUXILIARY = 0xD4,
    COMMAND_DISABLE_A20 = 0xDD,
    COMMAND_ENABLE_A20 = 0xDF,
    COMMAND_PULSE = 0xF0, /* to 0xFF */
};

enum {
    ANSWER_SELF_TEST_PASSED = 0x55,
    ANSWER_INTERFACE_GOOD = 0x00,
    ANSWER_NO_PASSWORD = 0xF1,
    ANSWER_RESEND = 0xFE,
    INPUT_PORT_NOT_LOCKED = 0x80,
    OUTPUT_PORT_NOT_RESET = 0x01, /* low resets the processor */
    OUTPUT_PORT_A20 = 0x02,
    OUTPUT_PORT_FULL = 0x10,
    OUTPUT_PORT_AUXILIARY_FULL = 0x20,
    OUTPUT_PORT_IDLE = 0xCC, /* clocks and data of both devices */
};

static void answer(struct sim_i8042 *i8042, uint8_t byte, uint8_t flags)
{
    i8042->state.answer = byte;
    i8042->state.answer_flags = SIM_I8042_STATUS_FULL | flags;
}

static void set_a20(struct sim_i8042 *i8042, bool level)
{
    i8042->state.a20 = level;
    sim_line_set(&i8042->a20, level);
}

/* Last of all that a write does: who listens may reset the controller too. */
static void pulse_reset(struct sim_i8042 *i8042)
{
    sim_line_set(&i8042->reset, true);
    sim_line_set(&i8042->reset, false);
}

static uint8_t output_port(const struct sim_i8042 *i8042)
{
    bool is_auxiliary = (i8042->state.output_flags & SIM_I8042_STATUS_AUXILIARY) != 0;
    unsigned int full = is_auxiliary ? OUTPUT_PORT_AUXILIARY_FULL : OUTPUT_PORT_FULL;

    return (uint8_t)(OUTPUT_PORT_IDLE | OUTPUT_PORT_NOT_RESET |
                     (i8042->state.a20 ? OUTPUT_PORT_A20 : 0) |
                     (sim_i8042_has_output(i8042) ? full : 0));
}

static void write_output_port(struct sim_i8042 *i8042, uint8_t value)
{
    set_a20(i8042, (value & OUTPUT_PORT_A20) != 0);
    if ((value & OUTPUT_PORT_NOT_RESET) == 0) {
        pulse_reset(i8042);
    }
}

static void set_config(struct sim_i8042 *i8042, uint8_t bit)
{
    i8042->state.memory[0] |= bit;
}

static void clear_config(struct sim_i8042 *i8042, uint8_t bit)
{
    i8042->state.memory[0] &= (uint8_t)~bit;
}

/* Commands that are answered. Returns false for others. */
static bool answer_command(struct sim_i8042 *i8042, uint8_t command)
{
    switch (command) {
    case COMMAND_TEST_PASSWORD:
        answer(i8042, ANSWER_NO_PASSWORD, 0);
        return true;
    case COMMAND_SELF_TEST:
        set_config(i8042, SIM_I8042_CONFIG_SYSTEM);
        answer(i8042, ANSWER_SELF_TEST_PASSED, 0);
        return true;
    case COMMAND_TEST_KEYBOARD:
    case COMMAND_TEST_AUXILIARY:
        answer(i8042, ANSWER_INTERFACE_GOOD, 0);
        return true;
    case COMMAND_READ_INPUT_PORT:
        answer(i8042, INPUT_PORT_NOT_LOCKED, 0);
        return true;
    case COMMAND_READ_OUTPUT_PORT:
        answer(i8042, output_port(i8042), 0);
        return true;
    default:
        if ((command & 0xE0) == COMMAND_READ_MEMORY) {
            answer(i8042, i8042->state.memory[command & 0x1F], 0);
            return true;
        }
        return false;
    }
}

static bool wants_data(uint8_t command)
{
    return (command & 0xE0) == COMMAND_WRITE_MEMORY ||
           (command >= COMMAND_WRITE_OUTPUT_PORT && command <= COMMAND_WRITE_AUXILIARY);
}

void sim_i8042_run_command(struct sim_i8042 *i8042, uint8_t command)
{
    i8042->state.command = wants_data(command) ? command : 0;
    if (i8042->state.command != 0 || answer_command(i8042, command)) {
        return;
    }
    switch (command) {
    case COMMAND_DISABLE_AUXILIARY:
        set_config(i8042, SIM_I8042_CONFIG_NO_AUXILIARY);
        break;
    case COMMAND_ENABLE_AUXILIARY:
        clear_config(i8042, SIM_I8042_CONFIG_NO_AUXILIARY);
        break;
    case COMMAND_DISABLE_KEYBOARD:
        set_config(i8042, SIM_I8042_CONFIG_NO_KEYBOARD);
        break;
    case COMMAND_ENABLE_KEYBOARD:
        clear_config(i8042, SIM_I8042_CONFIG_NO_KEYBOARD);
        break;
    case COMMAND_DISABLE_A20:
    case COMMAND_ENABLE_A20:
        set_a20(i8042, command == COMMAND_ENABLE_A20);
        break;
    default:
        if (command >= COMMAND_PULSE && (command & OUTPUT_PORT_NOT_RESET) == 0) {
            pulse_reset(i8042);
        }
        break;
    }
}

void sim_i8042_take_data(struct sim_i8042 *i8042, uint8_t byte)
{
    uint8_t command = i8042->state.command;

    i8042->state.command = 0;
    switch (command) {
    case COMMAND_WRITE_OUTPUT_PORT:
        write_output_port(i8042, byte);
        break;
    case COMMAND_WRITE_KEYBOARD_BUFFER:
        answer(i8042, byte, 0);
        break;
    case COMMAND_WRITE_AUXILIARY_BUFFER:
        answer(i8042, byte, SIM_I8042_STATUS_AUXILIARY);
        break;
    case COMMAND_WRITE_AUXILIARY:
        answer(i8042, ANSWER_RESEND, SIM_I8042_STATUS_AUXILIARY | SIM_I8042_STATUS_TIMEOUT);
        break;
    default: /* COMMAND_WRITE_MEMORY */
        i8042->state.memory[command & 0x1F] = byte;
        break;
    }
}
