/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports, and the translation between nanoseconds and ticks. Seconds and
 * the rest of a second are converted apart, so that nothing overflows and
 * nothing is rounded twice: tick n is at exactly the first nanosecond at which
 * n / 1193182 s have passed.
 */
#include "sim/devices/pit8254.h"

#include "sim/devices/byte_lanes.h"
#include "sim/devices/pit8254_internal.h"

enum {
    PORT_CONTROL = 3,
    CONTROL_FORMAT = 0x30, /* 0: counter latch command */
    CONTROL_READ_BACK = 3, /* bits 7:6 */
    READ_BACK_NO_COUNT = 0x20,
    READ_BACK_NO_STATUS = 0x10,
    READ_BACK_CHANNEL_0 = 0x02,
    PORT61_GATE2 = 0x01,
    PORT61_WRITABLE = 0x0F,
    PORT61_REFRESH = 0x10,
    PORT61_OUT2 = 0x20,
    REFRESH_TICKS = 18,
};

static int64_t ticks_at(uint64_t nanoseconds)
{
    uint64_t seconds = nanoseconds / SIM_SECOND;
    uint64_t rest = nanoseconds % SIM_SECOND;

    return (int64_t)(seconds * SIM_PIT8254_FREQUENCY + rest * SIM_PIT8254_FREQUENCY / SIM_SECOND);
}

static uint64_t time_of(int64_t ticks)
{
    uint64_t seconds = (uint64_t)ticks / SIM_PIT8254_FREQUENCY;
    uint64_t rest = (uint64_t)ticks % SIM_PIT8254_FREQUENCY;

    return seconds * SIM_SECOND +
           (rest * SIM_SECOND + SIM_PIT8254_FREQUENCY - 1) / SIM_PIT8254_FREQUENCY;
}

static void drive(struct sim_pit8254 *pit, int64_t tick)
{
    struct sim_pit8254_channel *channel = &pit->state.channels[0];

    sim_pit8254_channel_advance(channel, tick);
    sim_line_set(&pit->interrupt, sim_pit8254_channel_out(channel, tick));
}

/*
 * Drive the line up to the clock's now. Of many overdue changes the first two are shown, one of
 * which rises: the interrupt controller would not have noticed more than one.
 */
static void advance(void *self)
{
    struct sim_pit8254 *pit = self;
    int64_t now = ticks_at(pit->clock->now);

    for (unsigned int i = 0; i < 2; i++) {
        int64_t change = sim_pit8254_channel_next_change(&pit->state.channels[0], pit->state.seen);

        if (change > now) {
            break;
        }
        drive(pit, change);
        pit->state.seen = change;
    }
    drive(pit, now);
    pit->state.seen = now;
    sim_pit8254_channel_advance(&pit->state.channels[1], now);
    sim_pit8254_channel_advance(&pit->state.channels[2], now);
}

static uint64_t deadline(const void *self)
{
    const struct sim_pit8254 *pit = self;
    int64_t change = sim_pit8254_channel_next_change(&pit->state.channels[0], pit->state.seen);

    return change == SIM_PIT8254_NEVER ? SIM_NEVER : time_of(change);
}

static void read_back(struct sim_pit8254 *pit, uint8_t command)
{
    for (unsigned int i = 0; i < 3; i++) {
        struct sim_pit8254_channel *channel = &pit->state.channels[i];

        if ((command & READ_BACK_CHANNEL_0 << i) == 0) {
            continue;
        }
        if ((command & READ_BACK_NO_COUNT) == 0) {
            sim_pit8254_channel_latch_count(channel, pit->state.seen);
        }
        if ((command & READ_BACK_NO_STATUS) == 0) {
            sim_pit8254_channel_latch_status(channel, pit->state.seen);
        }
    }
}

static void write_control(struct sim_pit8254 *pit, uint8_t word)
{
    unsigned int selected = word >> 6;

    if (selected == CONTROL_READ_BACK) {
        read_back(pit, word);
    } else if ((word & CONTROL_FORMAT) == 0) {
        sim_pit8254_channel_latch_count(&pit->state.channels[selected], pit->state.seen);
    } else {
        sim_pit8254_channel_control(&pit->state.channels[selected], word);
    }
}

static uint8_t read_port(void *device, uint64_t port)
{
    struct sim_pit8254 *pit = device;

    advance(pit);
    if (port == PORT_CONTROL) {
        return 0xFF; /* write-only */
    }
    return sim_pit8254_channel_read(&pit->state.channels[port], pit->state.seen);
}

static void write_port(void *device, uint64_t port, uint8_t value)
{
    struct sim_pit8254 *pit = device;

    advance(pit);
    if (port == PORT_CONTROL) {
        write_control(pit, value);
    } else {
        sim_pit8254_channel_write(&pit->state.channels[port], value, pit->state.seen);
    }
    drive(pit, pit->state.seen);
}

static uint8_t read_control_port(void *device, uint64_t port)
{
    struct sim_pit8254 *pit = device;

    (void)port;
    advance(pit);
    return (uint8_t)(pit->state.control61 |
                     (pit->state.seen / REFRESH_TICKS % 2 != 0 ? PORT61_REFRESH : 0) |
                     (sim_pit8254_channel_out(&pit->state.channels[2], pit->state.seen)
                          ? PORT61_OUT2
                          : 0));
}

static void write_control_port(void *device, uint64_t port, uint8_t value)
{
    struct sim_pit8254 *pit = device;

    (void)port;
    advance(pit);
    pit->state.control61 = value & PORT61_WRITABLE;
    sim_pit8254_channel_set_gate(&pit->state.channels[2], (value & PORT61_GATE2) != 0,
                                 pit->state.seen);
}

static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, read_port);
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, write_port);
}

static uint32_t on_read_control(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, read_control_port);
}

static void on_write_control(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, write_control_port);
}

void sim_pit8254_init(struct sim_pit8254 *pit, const struct sim_clock *clock)
{
    *pit = (struct sim_pit8254){.clock = clock};
    sim_pit8254_reset(pit);
}

void sim_pit8254_reset(struct sim_pit8254 *pit)
{
    for (unsigned int i = 0; i < 3; i++) {
        pit->state.channels[i] = (struct sim_pit8254_channel){.gate = i != 2};
    }
    pit->state.control61 = 0;
    pit->state.seen = ticks_at(pit->clock->now);
    drive(pit, pit->state.seen);
}

struct sim_region sim_pit8254_ports(struct sim_pit8254 *pit)
{
    return (struct sim_region){.name = "8254",
                               .base = 0x40,
                               .size = 4,
                               .read = on_read,
                               .write = on_write,
                               .device = pit,
                               .widths = 1};
}

struct sim_region sim_pit8254_control_port(struct sim_pit8254 *pit)
{
    return (struct sim_region){.name = "port 0x61",
                               .base = 0x61,
                               .size = 1,
                               .read = on_read_control,
                               .write = on_write_control,
                               .device = pit,
                               .widths = 1};
}

struct sim_device sim_pit8254_device(struct sim_pit8254 *pit)
{
    return (struct sim_device){.name = "8254",
                               .self = pit,
                               .state = &pit->state,
                               .state_size = sizeof pit->state,
                               .deadline = deadline,
                               .advance = advance};
}
