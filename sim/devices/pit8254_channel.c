/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A channel does not count: it remembers the tick that loaded its counting
 * element, and what the element and OUT are at any later tick follows from the
 * number of ticks since. [8254] "Mode Definitions"; the element is loaded by the
 * tick after the one in which the count is written or the gate rises.
 */
#include "sim/devices/pit8254_internal.h"

enum {
    CONTROL_BCD = 0x01,
    CONTROL_BITS = 0x3F,
    STATUS_OUT = 0x80,
    STATUS_NULL_COUNT = 0x40,
};

/* Control word bits 5:4. */
enum format {
    FORMAT_LOW = 1,
    FORMAT_HIGH = 2,
    FORMAT_BOTH = 3,
};

/* The modes, by what the manual calls them. */
enum mode {
    MODE_TERMINAL_COUNT = 0,
    MODE_ONE_SHOT = 1,
    MODE_RATE = 2,
    MODE_SQUARE_WAVE = 3,
    MODE_SOFTWARE_STROBE = 4,
    MODE_HARDWARE_STROBE = 5,
};

/* Bit 2 of the mode does not matter for modes 2 and 3. */
static enum mode mode_of(const struct sim_pit8254_channel *channel)
{
    unsigned int mode = channel->control >> 1 & 7u;

    return (enum mode)(mode > MODE_HARDWARE_STROBE ? mode & 3u : mode);
}

static enum format format_of(const struct sim_pit8254_channel *channel)
{
    return (enum format)(channel->control >> 4 & 3u);
}

static bool is_periodic(const struct sim_pit8254_channel *channel)
{
    return mode_of(channel) == MODE_RATE || mode_of(channel) == MODE_SQUARE_WAVE;
}

static bool is_triggered(const struct sim_pit8254_channel *channel)
{
    return mode_of(channel) == MODE_ONE_SHOT || mode_of(channel) == MODE_HARDWARE_STROBE;
}

static int64_t modulus(const struct sim_pit8254_channel *channel)
{
    return (channel->control & CONTROL_BCD) != 0 ? 10000 : 65536;
}

/* Ticks since the counting element was loaded; negative before that. */
static int64_t passed_at(const struct sim_pit8254_channel *channel, int64_t tick)
{
    return channel->held ? channel->passed : tick - channel->base;
}

/* Ticks for which a square wave is high: the odd tick is spent there. */
static int64_t high_half(uint32_t period)
{
    return ((int64_t)period + 1) / 2;
}

bool sim_pit8254_channel_out(const struct sim_pit8254_channel *channel, int64_t tick)
{
    const int64_t initial = channel->initial;
    int64_t passed = passed_at(channel, tick);

    if (!channel->loaded) {
        return mode_of(channel) != MODE_TERMINAL_COUNT;
    }
    if (is_periodic(channel) && channel->held) {
        return true;
    }
    if (passed < 0) {
        return channel->out_before;
    }
    switch (mode_of(channel)) {
    case MODE_RATE:
        return passed % initial != initial - 1;
    case MODE_SQUARE_WAVE:
        return passed % initial < high_half(channel->initial);
    case MODE_SOFTWARE_STROBE:
    case MODE_HARDWARE_STROBE:
        return passed != initial;
    default: /* MODE_TERMINAL_COUNT, MODE_ONE_SHOT */
        return passed >= initial;
    }
}

/* Ticks from `passed` to the end of a period, or of the half of a square wave. */
static int64_t rest_of_cycle(const struct sim_pit8254_channel *channel, int64_t passed)
{
    int64_t phase = passed % channel->initial;
    int64_t half = high_half(channel->initial);

    return mode_of(channel) == MODE_SQUARE_WAVE && phase < half ? half - phase
                                                                : channel->initial - phase;
}

/* Ticks from `passed` to the next change of OUT, with the counting element loaded; 0: none. */
static int64_t rest_to_change(const struct sim_pit8254_channel *channel, int64_t passed)
{
    int64_t rest = 0;

    switch (mode_of(channel)) {
    case MODE_RATE:
    case MODE_SQUARE_WAVE:
        rest = channel->initial == 1 ? 0 : rest_of_cycle(channel, passed);
        return mode_of(channel) == MODE_RATE && rest > 1 ? rest - 1 : rest;
    case MODE_SOFTWARE_STROBE:
    case MODE_HARDWARE_STROBE:
        return passed == channel->initial  ? 1
               : passed < channel->initial ? channel->initial - passed
                                           : 0;
    default: /* MODE_TERMINAL_COUNT, MODE_ONE_SHOT */
        return passed < channel->initial ? channel->initial - passed : 0;
    }
}

int64_t sim_pit8254_channel_next_change(const struct sim_pit8254_channel *channel, int64_t tick)
{
    int64_t rest = 0;

    if (!channel->loaded || channel->held) {
        return SIM_PIT8254_NEVER;
    }
    if (tick < channel->base) {
        tick = channel->base;
        if (sim_pit8254_channel_out(channel, tick) != channel->out_before) {
            return tick;
        }
    }
    rest = rest_to_change(channel, tick - channel->base);
    return rest == 0 ? SIM_PIT8254_NEVER : tick + rest;
}

static void load(struct sim_pit8254_channel *channel, bool out_before, int64_t base)
{
    channel->out_before = out_before;
    channel->loaded = true;
    channel->waiting = false;
    channel->initial = channel->count;
    channel->base = base;
    channel->passed = 0;
}

void sim_pit8254_channel_advance(struct sim_pit8254_channel *channel, int64_t tick)
{
    bool was_high = false;

    if (!channel->waiting || channel->held || !is_periodic(channel) || tick < channel->switch_at) {
        return;
    }
    was_high = !sim_pit8254_channel_out(channel, channel->switch_at);
    load(channel, true, channel->switch_at);
    if (mode_of(channel) == MODE_SQUARE_WAVE && was_high) {
        channel->base -= high_half(channel->initial); /* the low half comes next */
    }
}

/* [8254] table "Gate Pin Operations Summary". */
void sim_pit8254_channel_set_gate(struct sim_pit8254_channel *channel, bool gate, int64_t tick)
{
    bool rises = gate && !channel->gate;
    bool falls = !gate && channel->gate;
    bool has_count = channel->loaded || channel->waiting;

    channel->gate = gate;
    if (rises && has_count && (is_triggered(channel) || is_periodic(channel))) {
        bool out = sim_pit8254_channel_out(channel, tick);

        channel->held = false;
        load(channel, out, tick + 1);
    } else if (rises && channel->held) {
        channel->held = false;
        channel->base = tick - channel->passed;
    } else if (falls && channel->loaded && !is_triggered(channel)) {
        int64_t passed = tick - channel->base;

        channel->passed = passed < 0 ? 0 : passed;
        channel->held = true;
    }
}

void sim_pit8254_channel_control(struct sim_pit8254_channel *channel, uint8_t word)
{
    *channel = (struct sim_pit8254_channel){.control = word & CONTROL_BITS, .gate = channel->gate};
}

/* Digits above 9 are not BCD; they count for what they are. */
static uint32_t decode_count(const struct sim_pit8254_channel *channel, uint16_t written)
{
    uint32_t count = written;

    if ((channel->control & CONTROL_BCD) != 0) {
        count = (written >> 12) * 1000u + (written >> 8 & 15u) * 100u + (written >> 4 & 15u) * 10u +
                (written & 15u);
    }
    return count == 0 ? (uint32_t)modulus(channel) : count;
}

static uint16_t encode_count(const struct sim_pit8254_channel *channel, uint32_t count)
{
    if ((channel->control & CONTROL_BCD) == 0) {
        return (uint16_t)count;
    }
    return (uint16_t)(count / 1000 % 10 << 12 | count / 100 % 10 << 8 | count / 10 % 10 << 4 |
                      count % 10);
}

/* The counting element as it reads: what is left, going round below 0. */
static uint16_t count_at(const struct sim_pit8254_channel *channel, int64_t tick)
{
    int64_t passed = passed_at(channel, tick);
    int64_t left = 0;

    if (!channel->loaded) {
        return 0;
    }
    passed = passed < 0 ? 0 : passed;
    if (mode_of(channel) == MODE_RATE) {
        left = channel->initial - passed % channel->initial;
    } else if (mode_of(channel) == MODE_SQUARE_WAVE) {
        int64_t phase = passed % channel->initial;
        int64_t half = high_half(channel->initial);

        left = (channel->initial & ~1u) - 2 * (phase < half ? phase : phase - half);
    } else {
        left = channel->initial - passed;
    }
    left %= modulus(channel);
    return encode_count(channel, (uint32_t)(left < 0 ? left + modulus(channel) : left));
}

static void write_count(struct sim_pit8254_channel *channel, uint16_t written, int64_t tick)
{
    channel->count = decode_count(channel, written);
    if (is_triggered(channel)) {
        channel->waiting = true;
        return;
    }
    if (is_periodic(channel) && channel->loaded && passed_at(channel, tick) >= 0) {
        channel->waiting = true;
        channel->switch_at = tick + rest_of_cycle(channel, passed_at(channel, tick));
        return;
    }
    load(channel, mode_of(channel) != MODE_TERMINAL_COUNT, tick + 1);
    channel->held = !channel->gate;
}

void sim_pit8254_channel_write(struct sim_pit8254_channel *channel, uint8_t byte, int64_t tick)
{
    if (format_of(channel) == FORMAT_LOW) {
        write_count(channel, byte, tick);
    } else if (format_of(channel) == FORMAT_HIGH) {
        write_count(channel, (uint16_t)(byte << 8), tick);
    } else if (format_of(channel) == FORMAT_BOTH && channel->second_write) {
        channel->second_write = false;
        write_count(channel, (uint16_t)(byte << 8 | channel->low_byte), tick);
    } else if (format_of(channel) == FORMAT_BOTH) {
        channel->second_write = true;
        channel->low_byte = byte;
        if (mode_of(channel) == MODE_TERMINAL_COUNT) {
            channel->loaded = false; /* stops counting and lowers OUT at once */
        }
    }
}

void sim_pit8254_channel_latch_count(struct sim_pit8254_channel *channel, int64_t tick)
{
    if (!channel->count_latched) {
        channel->count_latched = true;
        channel->latched_count = count_at(channel, tick);
    }
}

void sim_pit8254_channel_latch_status(struct sim_pit8254_channel *channel, int64_t tick)
{
    bool is_null = !channel->loaded || channel->waiting || passed_at(channel, tick) < 0;

    if (!channel->status_latched) {
        channel->status_latched = true;
        channel->latched_status =
            (uint8_t)((sim_pit8254_channel_out(channel, tick) ? STATUS_OUT : 0) |
                      (is_null ? STATUS_NULL_COUNT : 0) | channel->control);
    }
}

uint8_t sim_pit8254_channel_read(struct sim_pit8254_channel *channel, int64_t tick)
{
    uint16_t count = channel->count_latched ? channel->latched_count : count_at(channel, tick);
    bool is_high = format_of(channel) == FORMAT_HIGH || channel->second_read;

    if (channel->status_latched) {
        channel->status_latched = false;
        return channel->latched_status;
    }
    if (format_of(channel) == FORMAT_BOTH) {
        channel->second_read = !channel->second_read;
    }
    if (!channel->second_read) {
        channel->count_latched = false;
    }
    return (uint8_t)(is_high ? count >> 8 : count);
}
