/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Eight ports. Ports 0 and 1 are the divisor while LCR.DLAB is set, otherwise
 * data and interrupt enable. With MCR.LOOP the transmitter is connected to the
 * receiver and the modem's outputs to its inputs, which drivers use to find out
 * whether a port is there at all. [16550] registers, "Loopback mode".
 */
#include "sim/uart16550.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    PORT_DATA = 0,
    PORT_INTERRUPT_ENABLE = 1,
    PORT_INTERRUPT_ID = 2, /* read */
    PORT_FIFO_CONTROL = 2, /* write */
    PORT_LINE_CONTROL = 3,
    PORT_MODEM_CONTROL = 4,
    PORT_LINE_STATUS = 5,
    PORT_MODEM_STATUS = 6,
    PORT_SCRATCH = 7,
    PORT_COUNT = 8,
};

enum {
    INTERRUPT_ID_NONE = 0x01,
    INTERRUPT_ID_FIFOS = 0xC0,
    FIFO_ENABLE = 0x01,
    FIFO_CLEAR_RECEIVER = 0x02,
    LINE_CONTROL_DLAB = 0x80,
    LINE_STATUS_DATA_READY = 0x01,
    LINE_STATUS_TRANSMITTER_EMPTY = 0x60, /* holding register and shift register */
    MODEM_CONTROL_DTR = 0x01,
    MODEM_CONTROL_RTS = 0x02,
    MODEM_CONTROL_OUT1 = 0x04,
    MODEM_CONTROL_OUT2 = 0x08,
    MODEM_CONTROL_LOOP = 0x10,
    MODEM_STATUS_CTS = 0x10,
    MODEM_STATUS_DSR = 0x20,
    MODEM_STATUS_RI = 0x40,
    MODEM_STATUS_DCD = 0x80,
};

static int append(struct sim_uart16550_bytes *to, const void *bytes, size_t size)
{
    if (size > SIM_UART16550_MAX_BYTES - to->size) {
        return -1;
    }
    if (to->capacity - to->size <= size) {
        size_t capacity = 2 * to->capacity + size + 256;
        uint8_t *grown = realloc(to->bytes, capacity);

        if (grown == NULL) {
            return -1;
        }
        to->bytes = grown;
        to->capacity = capacity;
    }
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
    to->bytes[to->size] = '\0';
    return 0;
}

static bool selects_divisor(const struct sim_uart16550 *uart)
{
    return (uart->line_control & LINE_CONTROL_DLAB) != 0;
}

static uint8_t receive(struct sim_uart16550 *uart)
{
    return uart->consumed < uart->received.size ? uart->received.bytes[uart->consumed++] : 0;
}

/* Without memory or room the byte is lost, as on a line. */
static void transmit(struct sim_uart16550 *uart, uint8_t byte)
{
    bool loops = (uart->modem_control & MODEM_CONTROL_LOOP) != 0;

    (void)append(loops ? &uart->received : &uart->sent, &byte, 1);
}

static uint8_t line_status(const struct sim_uart16550 *uart)
{
    bool ready = uart->consumed < uart->received.size;

    return ready ? LINE_STATUS_TRANSMITTER_EMPTY | LINE_STATUS_DATA_READY
                 : LINE_STATUS_TRANSMITTER_EMPTY;
}

static uint8_t modem_status(const struct sim_uart16550 *uart)
{
    unsigned int control = uart->modem_control;

    if ((control & MODEM_CONTROL_LOOP) == 0) {
        return MODEM_STATUS_DCD | MODEM_STATUS_DSR | MODEM_STATUS_CTS;
    }
    return (uint8_t)(((control & MODEM_CONTROL_RTS) != 0 ? MODEM_STATUS_CTS : 0) |
                     ((control & MODEM_CONTROL_DTR) != 0 ? MODEM_STATUS_DSR : 0) |
                     ((control & MODEM_CONTROL_OUT1) != 0 ? MODEM_STATUS_RI : 0) |
                     ((control & MODEM_CONTROL_OUT2) != 0 ? MODEM_STATUS_DCD : 0));
}

static uint8_t read_port(struct sim_uart16550 *uart, uint64_t port)
{
    switch (port) {
    case PORT_DATA:
        return selects_divisor(uart) ? uart->divisor_low : receive(uart);
    case PORT_INTERRUPT_ENABLE:
        return selects_divisor(uart) ? uart->divisor_high : uart->interrupt_enable;
    case PORT_INTERRUPT_ID:
        return (uart->fifo_control & FIFO_ENABLE) != 0 ? INTERRUPT_ID_NONE | INTERRUPT_ID_FIFOS
                                                       : INTERRUPT_ID_NONE;
    case PORT_LINE_CONTROL:
        return uart->line_control;
    case PORT_MODEM_CONTROL:
        return uart->modem_control;
    case PORT_LINE_STATUS:
        return line_status(uart);
    case PORT_MODEM_STATUS:
        return modem_status(uart);
    default:
        return uart->scratch;
    }
}

static void write_data(struct sim_uart16550 *uart, uint8_t value)
{
    if (selects_divisor(uart)) {
        uart->divisor_low = value;
    } else {
        transmit(uart, value);
    }
}

static void write_interrupt_enable(struct sim_uart16550 *uart, uint8_t value)
{
    if (selects_divisor(uart)) {
        uart->divisor_high = value;
    } else {
        uart->interrupt_enable = value & 0x0F;
    }
}

/* Without the enable bit the others are not programmed. [16550] "FIFO Control Register". */
static void write_fifo_control(struct sim_uart16550 *uart, uint8_t value)
{
    uart->fifo_control = (value & FIFO_ENABLE) != 0 ? value : 0;
    if ((uart->fifo_control & FIFO_CLEAR_RECEIVER) != 0) {
        uart->consumed = uart->received.size;
    }
}

static void write_port(struct sim_uart16550 *uart, uint64_t port, uint8_t value)
{
    switch (port) {
    case PORT_DATA:
        write_data(uart, value);
        break;
    case PORT_INTERRUPT_ENABLE:
        write_interrupt_enable(uart, value);
        break;
    case PORT_FIFO_CONTROL:
        write_fifo_control(uart, value);
        break;
    case PORT_LINE_CONTROL:
        uart->line_control = value;
        break;
    case PORT_MODEM_CONTROL:
        uart->modem_control = value & 0x1F;
        break;
    case PORT_SCRATCH:
        uart->scratch = value;
        break;
    default: /* the status registers are read-only */
        break;
    }
}

/* The port is a byte wide: the bus makes a wider access several of them. */
static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    uint32_t value = 0;

    for (unsigned int i = 0; i < width; i++) {
        value |= (uint32_t)read_port(device, offset + i) << (8 * i);
    }
    return value;
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        write_port(device, offset + i, (uint8_t)(value >> (8 * i)));
    }
}

int sim_uart16550_connect(struct sim_uart16550 *uart, struct sim_machine *machine, uint16_t base,
                          struct sim_error *error)
{
    const struct sim_region region = {.name = "16550",
                                      .base = base,
                                      .size = PORT_COUNT,
                                      .read = on_read,
                                      .write = on_write,
                                      .device = uart};

    return sim_machine_add_ports(machine, &region, error);
}

void sim_uart16550_free(struct sim_uart16550 *uart)
{
    free(uart->sent.bytes);
    free(uart->received.bytes);
    *uart = (struct sim_uart16550){0};
}

const char *sim_uart16550_output(const struct sim_uart16550 *uart, size_t *size)
{
    *size = uart->sent.size;
    return uart->sent.bytes == NULL ? "" : (const char *)uart->sent.bytes;
}

int sim_uart16550_feed(struct sim_uart16550 *uart, const void *bytes, size_t size)
{
    return append(&uart->received, bytes, size);
}
