/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Eight ports. Ports 0 and 1 are the divisor while LCR.DLAB is set, otherwise
 * data and interrupt enable. With MCR.LOOP the transmitter is connected to the
 * receiver and the modem's outputs to its inputs, which drivers use to find out
 * whether a port is there at all. [16550] registers, "Loopback mode".
 *
 * Four sources interrupt; the identification register names the first of them
 * in the order of its table. The transmitter's is an event, forgotten when it
 * is named or when a character is written; the others last as long as their
 * cause. [16550] "Interrupt Identification Register"
 */
#include "sim/devices/uart16550_internal.h"

#include "sim/devices/byte_lanes.h"

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
    ENABLE_RECEIVER = 0x01,
    ENABLE_TRANSMITTER = 0x02,
    ENABLE_LINE_STATUS = 0x04,
    ENABLE_MODEM_STATUS = 0x08,
    INTERRUPT_ID_NONE = 0x01,
    INTERRUPT_ID_MODEM_STATUS = 0x00,
    INTERRUPT_ID_TRANSMITTER = 0x02,
    INTERRUPT_ID_RECEIVER = 0x04,
    INTERRUPT_ID_LINE_STATUS = 0x06,
    INTERRUPT_ID_TIMEOUT = 0x0C,
    INTERRUPT_ID_FIFOS = 0xC0,
};

enum {
    FIFO_CLEAR_RECEIVER = 0x02,
    LINE_CONTROL_DLAB = 0x80,
    LINE_STATUS_DATA_READY = 0x01,
    LINE_STATUS_OVERRUN = 0x02,
    LINE_STATUS_TRANSMITTER_EMPTY = 0x60, /* holding register and shift register */
    MODEM_CONTROL_OUT2 = 0x08,
};

static bool selects_divisor(const struct sim_uart16550 *uart)
{
    return (uart->state.line_control & LINE_CONTROL_DLAB) != 0;
}

static bool loops(const struct sim_uart16550 *uart)
{
    return (uart->state.modem_control & SIM_UART16550_LOOP) != 0;
}

/* What waits and is enabled, most urgent first. */
static uint8_t interrupt_id(const struct sim_uart16550 *uart)
{
    uint8_t enabled = uart->state.interrupt_enable;

    if ((enabled & ENABLE_LINE_STATUS) != 0 && uart->state.overrun) {
        return INTERRUPT_ID_LINE_STATUS;
    }
    if ((enabled & ENABLE_RECEIVER) != 0 && sim_uart16550_at_trigger(uart)) {
        return INTERRUPT_ID_RECEIVER;
    }
    if ((enabled & ENABLE_RECEIVER) != 0 && sim_uart16550_timed_out(uart)) {
        return INTERRUPT_ID_TIMEOUT;
    }
    if ((enabled & ENABLE_TRANSMITTER) != 0 && uart->state.transmitter_interrupt) {
        return INTERRUPT_ID_TRANSMITTER;
    }
    if ((enabled & ENABLE_MODEM_STATUS) != 0 && uart->state.modem_changes != 0) {
        return INTERRUPT_ID_MODEM_STATUS;
    }
    return INTERRUPT_ID_NONE;
}

void sim_uart16550_drive(struct sim_uart16550 *uart)
{
    bool gate = (uart->state.modem_control & MODEM_CONTROL_OUT2) != 0 && !loops(uart);

    uart->state.timeout_noted = sim_uart16550_timed_out(uart);
    sim_line_set(&uart->interrupt, gate && interrupt_id(uart) != INTERRUPT_ID_NONE);
}

static uint8_t read_data(struct sim_uart16550 *uart)
{
    uint8_t byte = sim_uart16550_take(uart);

    sim_uart16550_drive(uart); /* low in between, if that was the last reason */
    sim_uart16550_refill(uart);
    return byte;
}

static uint8_t read_interrupt_id(struct sim_uart16550 *uart)
{
    uint8_t id = interrupt_id(uart);

    if (id == INTERRUPT_ID_TRANSMITTER) {
        uart->state.transmitter_interrupt = false;
    }
    return (uart->state.fifo_control & SIM_UART16550_FIFO_ENABLE) != 0 ? id | INTERRUPT_ID_FIFOS
                                                                       : id;
}

static uint8_t read_line_status(struct sim_uart16550 *uart)
{
    unsigned int status = LINE_STATUS_TRANSMITTER_EMPTY |
                          (uart->state.count > 0 ? LINE_STATUS_DATA_READY : 0) |
                          (uart->state.overrun ? LINE_STATUS_OVERRUN : 0);

    uart->state.overrun = false;
    return (uint8_t)status;
}

static uint8_t read_register(struct sim_uart16550 *uart, uint64_t port)
{
    switch (port) {
    case PORT_DATA:
        return selects_divisor(uart) ? uart->state.divisor_low : read_data(uart);
    case PORT_INTERRUPT_ENABLE:
        return selects_divisor(uart) ? uart->state.divisor_high : uart->state.interrupt_enable;
    case PORT_INTERRUPT_ID:
        return read_interrupt_id(uart);
    case PORT_LINE_CONTROL:
        return uart->state.line_control;
    case PORT_MODEM_CONTROL:
        return uart->state.modem_control;
    case PORT_LINE_STATUS:
        return read_line_status(uart);
    case PORT_MODEM_STATUS:
        return sim_uart16550_read_modem_status(uart);
    default:
        return uart->state.scratch;
    }
}

/* The register is full for no time at all, but it is: an interrupt it had requested goes away. */
static void transmit(struct sim_uart16550 *uart, uint8_t byte)
{
    uart->state.transmitter_interrupt = false;
    sim_uart16550_drive(uart);
    if (loops(uart)) {
        sim_uart16550_receive(uart, byte);
    } else {
        sim_uart16550_emit(uart, byte);
    }
    uart->state.transmitter_interrupt = true;
}

static void write_data(struct sim_uart16550 *uart, uint8_t value)
{
    if (selects_divisor(uart)) {
        uart->state.divisor_low = value;
    } else {
        transmit(uart, value);
    }
}

/* Enabling the transmitter's interrupt while it is empty requests one. */
static void write_interrupt_enable(struct sim_uart16550 *uart, uint8_t value)
{
    if (selects_divisor(uart)) {
        uart->state.divisor_high = value;
        return;
    }
    if ((value & (uint8_t)~uart->state.interrupt_enable & ENABLE_TRANSMITTER) != 0) {
        uart->state.transmitter_interrupt = true;
    }
    uart->state.interrupt_enable = value & 0x0F;
}

/*
 * Without the enable bit the others are not programmed; changing it clears the
 * FIFOs. [16550] "FIFO Control Register"
 */
static void write_fifo_control(struct sim_uart16550 *uart, uint8_t value)
{
    uint8_t control = (value & SIM_UART16550_FIFO_ENABLE) != 0 ? value : 0;
    bool changes = ((control ^ uart->state.fifo_control) & SIM_UART16550_FIFO_ENABLE) != 0;

    uart->state.fifo_control = control;
    if (changes || (control & FIFO_CLEAR_RECEIVER) != 0) {
        sim_uart16550_clear_receiver(uart);
        sim_uart16550_refill(uart);
    }
}

static void write_register(struct sim_uart16550 *uart, uint64_t port, uint8_t value)
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
        uart->state.line_control = value;
        break;
    case PORT_MODEM_CONTROL:
        sim_uart16550_write_modem_control(uart, value);
        break;
    case PORT_SCRATCH:
        uart->state.scratch = value;
        break;
    default: /* the status registers are read-only */
        break;
    }
}

static uint8_t read_port(void *device, uint64_t port)
{
    uint8_t value = read_register(device, port);

    sim_uart16550_drive(device);
    return value;
}

static void write_port(void *device, uint64_t port, uint8_t value)
{
    write_register(device, port, value);
    sim_uart16550_drive(device);
}

static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, read_port);
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, write_port);
}

void sim_uart16550_reset(struct sim_uart16550 *uart)
{
    size_t sent = uart->state.sent;
    size_t consumed = uart->state.consumed;

    uart->state = (struct sim_uart16550_state){.sent = sent, .consumed = consumed};
    sim_uart16550_refill(uart);
    sim_uart16550_drive(uart);
}

struct sim_region sim_uart16550_ports(struct sim_uart16550 *uart, uint16_t base)
{
    return (struct sim_region){.name = "16550",
                               .base = base,
                               .size = PORT_COUNT,
                               .read = on_read,
                               .write = on_write,
                               .device = uart,
                               .widths = 1};
}

static uint64_t deadline(const void *self)
{
    const struct sim_uart16550 *uart = self;

    if ((uart->state.interrupt_enable & ENABLE_RECEIVER) == 0 || sim_uart16550_at_trigger(uart) ||
        uart->state.timeout_noted) {
        return SIM_NEVER;
    }
    return sim_uart16550_timeout(uart);
}

static void advance(void *self)
{
    sim_uart16550_drive(self);
}

struct sim_device sim_uart16550_device(struct sim_uart16550 *uart)
{
    return (struct sim_device){.name = "16550",
                               .self = uart,
                               .state = &uart->state,
                               .state_size = sizeof uart->state,
                               .deadline = deadline,
                               .advance = advance};
}
