/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The receiver: a ring of 16 characters in FIFO mode, one without. The time-out
 * is due four character times after the last character came or was read, as
 * long as one waits. [16550] "FIFO Interrupt Mode Operation".
 */
#include "sim/devices/uart16550_internal.h"

enum {
    LINE_CONTROL_LENGTH = 0x03, /* data bits, minus 5 */
    LINE_CONTROL_STOP = 0x04,
    LINE_CONTROL_PARITY = 0x08,
    CLOCK = 1843200, /* Hz; 16 ticks a bit with divisor 1 */
    TIMEOUT_CHARACTERS = 4,
};

static bool has_fifo(const struct sim_uart16550 *uart)
{
    return (uart->state.fifo_control & SIM_UART16550_FIFO_ENABLE) != 0;
}

static unsigned int room(const struct sim_uart16550 *uart)
{
    return (has_fifo(uart) ? SIM_UART16550_FIFO : 1u) - uart->state.count;
}

static void note_activity(struct sim_uart16550 *uart)
{
    uart->state.last_activity = uart->clock == NULL ? 0 : uart->clock->now;
}

void sim_uart16550_clear_receiver(struct sim_uart16550 *uart)
{
    uart->state.count = 0;
}

/* In FIFO mode the character is lost, without it overwrites the one before. "Overrun Error" */
void sim_uart16550_receive(struct sim_uart16550 *uart, uint8_t byte)
{
    if (room(uart) == 0) {
        uart->state.overrun = true;
        if (!has_fifo(uart)) {
            uart->state.fifo[uart->state.first] = byte;
        }
        return;
    }
    uart->state.fifo[(uart->state.first + uart->state.count) % SIM_UART16550_FIFO] = byte;
    uart->state.count++;
    note_activity(uart);
}

void sim_uart16550_refill(struct sim_uart16550 *uart)
{
    if ((uart->state.modem_control & SIM_UART16550_LOOP) != 0) {
        return;
    }
    while (uart->state.consumed < uart->received.size && room(uart) > 0) {
        sim_uart16550_receive(uart, uart->received.bytes[uart->state.consumed++]);
    }
}

uint8_t sim_uart16550_take(struct sim_uart16550 *uart)
{
    if (uart->state.count > 0) {
        uart->state.last_read = uart->state.fifo[uart->state.first];
        uart->state.first = (uint8_t)((uart->state.first + 1) % SIM_UART16550_FIFO);
        uart->state.count--;
        note_activity(uart);
    }
    return uart->state.last_read;
}

bool sim_uart16550_at_trigger(const struct sim_uart16550 *uart)
{
    static const uint8_t levels[4] = {1, 4, 8, 14};
    unsigned int level = has_fifo(uart) ? levels[uart->state.fifo_control >> 6] : 1;

    return uart->state.count >= level;
}

/* Nanoseconds of four characters; a divisor of 0 counts as 1. */
static uint64_t timeout_length(const struct sim_uart16550 *uart)
{
    unsigned int divisor = uart->state.divisor_high * 256u + uart->state.divisor_low;
    unsigned int control = uart->state.line_control;
    unsigned int bits = 1 + 5 + (control & LINE_CONTROL_LENGTH) +
                        ((control & LINE_CONTROL_PARITY) != 0 ? 1 : 0) +
                        ((control & LINE_CONTROL_STOP) != 0 ? 2 : 1);
    uint64_t ticks = UINT64_C(16) * bits * TIMEOUT_CHARACTERS * (divisor == 0 ? 1 : divisor);

    return ticks * SIM_SECOND / CLOCK;
}

uint64_t sim_uart16550_timeout(const struct sim_uart16550 *uart)
{
    if (!has_fifo(uart) || uart->state.count == 0) {
        return SIM_NEVER;
    }
    return uart->clock == NULL ? 0 : uart->state.last_activity + timeout_length(uart);
}

bool sim_uart16550_timed_out(const struct sim_uart16550 *uart)
{
    uint64_t now = uart->clock == NULL ? 0 : uart->clock->now;

    return sim_uart16550_timeout(uart) <= now;
}
