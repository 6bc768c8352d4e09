/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The controller is a mailbox of one byte towards the guest. An answer of the
 * controller goes first, then what the keyboard has queued, translated on the
 * way. Interrupts follow the mailbox: high while a byte waits in it.
 */
#include "sim/devices/i8042.h"

#include "sim/devices/byte_lanes.h"
#include "sim/devices/i8042_internal.h"
#include "sim/devices/keyboard_layout.h"

#define KEY_INTERVAL (SIM_SECOND / 1000)

static bool has_keyboard(const struct sim_i8042 *i8042)
{
    return (i8042->state.memory[0] & SIM_I8042_CONFIG_NO_KEYBOARD) == 0;
}

static void drive(struct sim_i8042 *i8042)
{
    bool is_auxiliary = (i8042->state.output_flags & SIM_I8042_STATUS_AUXILIARY) != 0;
    uint8_t config = i8042->state.memory[0];

    sim_line_set(&i8042->interrupt, sim_i8042_has_output(i8042) && !is_auxiliary &&
                                        (config & SIM_I8042_CONFIG_INTERRUPT) != 0);
    sim_line_set(&i8042->auxiliary_interrupt,
                 sim_i8042_has_output(i8042) && is_auxiliary &&
                     (config & SIM_I8042_CONFIG_AUXILIARY_INTERRUPT) != 0);
}

/* Returns false for a break prefix, which becomes bit 7 of what follows. */
static bool translate(struct sim_i8042 *i8042, uint8_t *byte)
{
    if ((i8042->state.memory[0] & SIM_I8042_CONFIG_TRANSLATE) == 0) {
        return true;
    }
    if (*byte == SIM_I8042_BREAK) {
        i8042->state.breaks = true;
        return false;
    }
    *byte = (uint8_t)(sim_keyboard_translate(*byte) | (i8042->state.breaks ? 0x80 : 0));
    i8042->state.breaks = false;
    return true;
}

static void fill_output(struct sim_i8042 *i8042)
{
    if (!sim_i8042_has_output(i8042) && i8042->state.answer_flags != 0) {
        i8042->state.output = i8042->state.answer;
        i8042->state.output_flags = i8042->state.answer_flags;
        i8042->state.answer_flags = 0;
    }
    while (!sim_i8042_has_output(i8042) && has_keyboard(i8042) && i8042->state.keyboard.count > 0) {
        uint8_t byte = sim_i8042_keyboard_send(&i8042->state.keyboard);

        if (translate(i8042, &byte)) {
            i8042->state.output = byte;
            i8042->state.output_flags = SIM_I8042_STATUS_FULL;
        }
    }
    drive(i8042);
}

static uint8_t read_data(void *device, uint64_t port)
{
    struct sim_i8042 *i8042 = device;
    uint8_t byte = i8042->state.output; /* stays, if nothing comes after it */

    (void)port;
    i8042->state.output_flags = 0;
    drive(i8042); /* low in between, so that the next byte is an edge */
    fill_output(i8042);
    return byte;
}

static uint8_t read_status(void *device, uint64_t port)
{
    const struct sim_i8042 *i8042 = device;

    (void)port;
    return (uint8_t)(i8042->state.output_flags | SIM_I8042_STATUS_UNLOCKED |
                     (i8042->state.memory[0] & SIM_I8042_CONFIG_SYSTEM) |
                     (i8042->state.was_command ? SIM_I8042_STATUS_COMMAND : 0));
}

/* A byte for the keyboard enables its interface. [PC/AT] "Keyboard Controller", input buffer. */
static void write_data(void *device, uint64_t port, uint8_t value)
{
    struct sim_i8042 *i8042 = device;

    (void)port;
    i8042->state.was_command = false;
    if (i8042->state.command != 0) {
        sim_i8042_take_data(i8042, value);
    } else {
        i8042->state.memory[0] &= (uint8_t)~SIM_I8042_CONFIG_NO_KEYBOARD;
        sim_i8042_keyboard_write(&i8042->state.keyboard, value);
    }
    fill_output(i8042);
}

static void write_command(void *device, uint64_t port, uint8_t value)
{
    struct sim_i8042 *i8042 = device;

    (void)port;
    i8042->state.was_command = true;
    sim_i8042_run_command(i8042, value);
    fill_output(i8042);
}

/* With the output buffer empty and the keyboard enabled, its queue is empty too. */
static bool wants_to_type(const struct sim_i8042 *i8042)
{
    return i8042->state.typed < i8042->to_type.size && i8042->state.keyboard.scans &&
           has_keyboard(i8042) && !sim_i8042_has_output(i8042);
}

static uint64_t deadline(const void *self)
{
    const struct sim_i8042 *i8042 = self;

    return wants_to_type(i8042) ? i8042->state.next_key : SIM_NEVER;
}

static void advance(void *self)
{
    struct sim_i8042 *i8042 = self;
    bool has_typed = i8042->clock->now < i8042->state.next_key;

    while (!has_typed && wants_to_type(i8042)) {
        has_typed = sim_i8042_keyboard_type(&i8042->state.keyboard,
                                            i8042->to_type.bytes[i8042->state.typed++]);
        i8042->state.next_key = i8042->clock->now + KEY_INTERVAL;
    }
    fill_output(i8042);
}

int sim_i8042_type(struct sim_i8042 *i8042, const void *characters, size_t size)
{
    bool was_idle = i8042->state.typed == i8042->to_type.size;

    if (sim_byte_buffer_append(&i8042->to_type, characters, size) != 0) {
        return -1;
    }
    if (was_idle) {
        i8042->state.next_key = i8042->clock->now + KEY_INTERVAL;
    }
    return 0;
}

void sim_i8042_init(struct sim_i8042 *i8042, const struct sim_clock *clock)
{
    *i8042 = (struct sim_i8042){.clock = clock};
    sim_i8042_reset(i8042);
}

void sim_i8042_reset(struct sim_i8042 *i8042)
{
    i8042->state = (struct sim_i8042_state){
        .typed = i8042->state.typed,
        .next_key = i8042->state.next_key,
        .memory = {SIM_I8042_CONFIG_INTERRUPT | SIM_I8042_CONFIG_SYSTEM |
                   SIM_I8042_CONFIG_NO_AUXILIARY | SIM_I8042_CONFIG_TRANSLATE},
        .a20 = true,
    };
    sim_i8042_keyboard_reset(&i8042->state.keyboard);
    sim_line_set(&i8042->a20, true);
    drive(i8042);
}

void sim_i8042_free(struct sim_i8042 *i8042)
{
    sim_byte_buffer_free(&i8042->to_type);
    i8042->state.typed = 0;
}

static uint32_t on_read_data(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, read_data);
}

static void on_write_data(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, write_data);
}

static uint32_t on_read_status(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, read_status);
}

static void on_write_command(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, write_command);
}

struct sim_region sim_i8042_data_port(struct sim_i8042 *i8042)
{
    return (struct sim_region){.name = "8042 data",
                               .base = 0x60,
                               .size = 1,
                               .read = on_read_data,
                               .write = on_write_data,
                               .device = i8042,
                               .widths = 1};
}

struct sim_region sim_i8042_command_port(struct sim_i8042 *i8042)
{
    return (struct sim_region){.name = "8042 command",
                               .base = 0x64,
                               .size = 1,
                               .read = on_read_status,
                               .write = on_write_command,
                               .device = i8042,
                               .widths = 1};
}

struct sim_device sim_i8042_device(struct sim_i8042 *i8042)
{
    return (struct sim_device){.name = "8042",
                               .self = i8042,
                               .state = &i8042->state,
                               .state_size = sizeof i8042->state,
                               .deadline = deadline,
                               .advance = advance};
}
