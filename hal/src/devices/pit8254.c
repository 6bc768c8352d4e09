/* SPDX-License-Identifier: MIT */
/*
 * The 8254.
 *
 * A control word puts a channel into a mode, then the count follows in two
 * bytes, low first, and is loaded by the next tick. A count of 65536 is written
 * as 0. The read-back command keeps count and status of one moment until both
 * are read, the status first; without it a count that falls between its two
 * bytes would be read wrong.
 *
 * In mode 0 OUT falls with the control word and rises when the count is over,
 * one tick later than the count says, because of the tick that loads it. The
 * gate of channel 2 and its OUT are bits of port 61H, whose other bits that can
 * be written decide about NMIs and stay as they are.
 */
#include "drydock/pit8254.h"

#include <stdbool.h>

#include "drydock/arch/insn.h"
#include "drydock/field.h"
#include "drydock/pit_regs.h"

enum {
    PERIODIC_MIN = 2, /* least count of the periodic modes */
    BYTE_BITS = 8
};

#define MICROSECONDS UINT64_C(1000000)

static bool is_channel(enum dd_pit8254_channel channel)
{
    return channel == DD_PIT8254_CHANNEL_0 || channel == DD_PIT8254_CHANNEL_2;
}

static uint16_t port_of(enum dd_pit8254_channel channel)
{
    return (uint16_t)(DD_PIT_PORT_CHANNEL_0 + (unsigned int)channel);
}

static bool is_count(enum dd_pit8254_mode mode, uint32_t count)
{
    switch (mode) {
    case DD_PIT8254_TERMINAL_COUNT:
        return count >= 1 && count <= DD_PIT8254_COUNT_MAX;
    case DD_PIT8254_RATE_GENERATOR:
    case DD_PIT8254_SQUARE_WAVE:
        return count >= PERIODIC_MIN && count <= DD_PIT8254_COUNT_MAX;
    default:
        return false;
    }
}

enum dd_status dd_pit8254_count_for(uint32_t hertz, uint32_t *count)
{
    uint32_t nearest;

    if (hertz == 0 || hertz > DD_PIT8254_FREQUENCY) {
        return DD_EARG;
    }
    nearest = (DD_PIT8254_FREQUENCY + hertz / 2) / hertz;
    if (!is_count(DD_PIT8254_RATE_GENERATOR, nearest)) {
        return DD_EARG;
    }
    *count = nearest;
    return DD_OK;
}

static uint8_t read_port61(void)
{
    return dd_in8(DD_PIT_PORT_61);
}

static void open_gate(void)
{
    uint64_t kept = read_port61() & (DD_BITS(DD_PIT_PORT61_SERR_NMI_DISABLE) |
                                     DD_BITS(DD_PIT_PORT61_IOCHK_NMI_DISABLE));

    dd_out8(DD_PIT_PORT_61, (uint8_t)(kept | DD_BITS(DD_PIT_PORT61_GATE2)));
}

/* Keep the status of a channel and its count until they are read. */
static void latch(enum dd_pit8254_channel channel, uint64_t not_count)
{
    const uint64_t command = DD_SET(0, DD_PIT_READ_BACK_SELECT, DD_PIT_READ_BACK_SELECT_READ_BACK) |
                             DD_SET(0, DD_PIT_READ_BACK_CHANNELS, 1u << channel) | not_count;

    dd_out8(DD_PIT_PORT_CONTROL, (uint8_t)command);
}

static bool is_in_mode(enum dd_pit8254_channel channel, enum dd_pit8254_mode mode)
{
    uint8_t status;

    latch(channel, DD_BITS(DD_PIT_READ_BACK_NOT_COUNT));
    status = dd_in8(port_of(channel));
    return DD_GET(status, DD_PIT_STATUS_MODE) == mode &&
           DD_GET(status, DD_PIT_STATUS_RW) == DD_PIT_RW_BOTH &&
           DD_GET(status, DD_PIT_STATUS_BCD) == 0;
}

enum dd_status dd_pit8254_start(enum dd_pit8254_channel channel, enum dd_pit8254_mode mode,
                                uint32_t count)
{
    const uint64_t control = DD_SET(0, DD_PIT_CONTROL_CHANNEL, channel) |
                             DD_SET(0, DD_PIT_CONTROL_RW, DD_PIT_RW_BOTH) |
                             DD_SET(0, DD_PIT_CONTROL_MODE, mode);

    if (!is_channel(channel) || !is_count(mode, count)) {
        return DD_EARG;
    }
    if (channel == DD_PIT8254_CHANNEL_2) {
        open_gate();
    }
    dd_out8(DD_PIT_PORT_CONTROL, (uint8_t)control);
    dd_out8(port_of(channel), (uint8_t)count);
    dd_out8(port_of(channel), (uint8_t)(count >> BYTE_BITS));
    return is_in_mode(channel, mode) ? DD_OK : DD_ENODEV;
}

/* What is latched is read to the end even if it is of no use, or the next read would begin with it. */
enum dd_status dd_pit8254_read(enum dd_pit8254_channel channel, struct dd_pit8254_state *state)
{
    uint8_t status;
    uint8_t low;
    uint8_t high = 0;
    bool has_both;

    if (!is_channel(channel)) {
        return DD_EARG;
    }
    latch(channel, 0);
    status = dd_in8(port_of(channel));
    has_both = DD_GET(status, DD_PIT_STATUS_RW) == DD_PIT_RW_BOTH;
    low = dd_in8(port_of(channel));
    if (has_both) {
        high = dd_in8(port_of(channel));
    }
    if (!has_both || DD_GET(status, DD_PIT_STATUS_BCD) != 0) {
        return DD_EMALFORMED;
    }
    *state = (struct dd_pit8254_state){
        .count = (uint16_t)(high << BYTE_BITS | low),
        .output = (uint8_t)DD_GET(status, DD_PIT_STATUS_OUTPUT),
        .mode = (uint8_t)DD_GET(status, DD_PIT_STATUS_MODE),
    };
    return DD_OK;
}

enum dd_status dd_pit8254_wait(uint32_t ticks)
{
    enum dd_status status;

    if (ticks > DD_PIT8254_COUNT_MAX) {
        return DD_EARG;
    }
    if (ticks == 0) {
        return DD_OK;
    }
    status = dd_pit8254_start(DD_PIT8254_CHANNEL_2, DD_PIT8254_TERMINAL_COUNT, ticks);
    if (status != DD_OK) {
        return status;
    }
    /* One tick more: the one that loads the count. */
    for (uint32_t polls = (ticks + 1) * DD_PIT8254_POLLS_PER_TICK; polls != 0; polls--) {
        if (DD_GET(read_port61(), DD_PIT_PORT61_OUT2) != 0) {
            return DD_OK;
        }
        dd_pause();
    }
    return DD_ETIMEOUT;
}

enum dd_status dd_pit8254_wait_microseconds(uint32_t microseconds)
{
    uint64_t left =
        (microseconds * (uint64_t)DD_PIT8254_FREQUENCY + MICROSECONDS - 1) / MICROSECONDS;

    while (left != 0) {
        uint32_t ticks = left < DD_PIT8254_COUNT_MAX ? (uint32_t)left : DD_PIT8254_COUNT_MAX;
        enum dd_status status = dd_pit8254_wait(ticks);

        if (status != DD_OK) {
            return status;
        }
        left -= ticks;
    }
    return DD_OK;
}
