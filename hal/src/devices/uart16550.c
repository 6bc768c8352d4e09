/* SPDX-License-Identifier: MIT */
/*
 * A 16550 UART, polled.
 *
 * Eight ports hold twelve registers. Bit 7 of the line control register, DLAB,
 * puts the divisor latch in place of the data and interrupt enable registers,
 * so it is set for two writes only. The transmitter says with THRE that its
 * FIFO is empty, so that it takes as many bytes as it has places, and with TEMT
 * that the last bit has left. Reading the line status register clears its error
 * bits, and these belong to the byte at the head of the receive FIFO: one read
 * has to answer both "is there a byte" and "is it any good".
 */
#include "drydock/uart16550.h"

#include "drydock/arch/insn.h"
#include "drydock/uart_regs.h"

enum {
    FIFO_SIZE = 16,
    FIFOS_WORK = 3 /* of DD_UART_IIR_FIFOS_ENABLED: an 8250 or 16450 reads 0, a first 16550 2 */
};

static uint8_t read_register(const struct dd_uart16550 *uart, enum dd_uart_offset offset)
{
    return dd_in8((uint16_t)(uart->port + offset));
}

static void write_register(const struct dd_uart16550 *uart, enum dd_uart_offset offset,
                           uint64_t value)
{
    dd_out8((uint16_t)(uart->port + offset), (uint8_t)value);
}

/* Poll the line status register until one of the bits in `mask` is set. */
static enum dd_status wait_for(const struct dd_uart16550 *uart, uint64_t mask, uint8_t *lsr)
{
    for (unsigned int poll = 0; poll < DD_UART16550_POLLS; poll++) {
        uint8_t value = read_register(uart, DD_UART_LSR);

        if ((value & mask) != 0) {
            *lsr = value;
            return DD_OK;
        }
        dd_pause();
    }
    return DD_ETIMEOUT;
}

enum dd_status dd_uart16550_init(struct dd_uart16550 *uart, uint16_t port, uint32_t baud)
{
    struct dd_uart16550 candidate = {.port = port, .room = 1};
    const uint64_t line_8n1 = DD_SET(0, DD_UART_LCR_WORD_LENGTH, 8 - 5);
    uint32_t divisor;

    if (port > UINT16_MAX - (DD_UART_PORTS - 1) || baud == 0 || DD_UART_CLOCK % baud != 0) {
        return DD_EARG;
    }
    divisor = DD_UART_CLOCK / baud;
    if (divisor > UINT16_MAX) {
        return DD_EARG;
    }
    if (DD_GET(read_register(&candidate, DD_UART_MCR), DD_UART_MCR_RESERVED_7_5) != 0) {
        return DD_ENODEV;
    }

    write_register(&candidate, DD_UART_LCR, line_8n1);
    write_register(&candidate, DD_UART_IER, 0);
    write_register(&candidate, DD_UART_LCR, line_8n1 | DD_BITS(DD_UART_LCR_DLAB));
    write_register(&candidate, DD_UART_DLL, divisor & 0xFF);
    write_register(&candidate, DD_UART_DLM, divisor >> 8);
    write_register(&candidate, DD_UART_LCR, line_8n1);
    write_register(&candidate, DD_UART_FCR,
                   DD_BITS(DD_UART_FCR_ENABLE) | DD_BITS(DD_UART_FCR_RX_RESET) |
                       DD_BITS(DD_UART_FCR_TX_RESET));
    if (DD_GET(read_register(&candidate, DD_UART_IIR), DD_UART_IIR_FIFOS_ENABLED) == FIFOS_WORK) {
        candidate.room = FIFO_SIZE;
    }
    write_register(&candidate, DD_UART_MCR, DD_BITS(DD_UART_MCR_DTR) | DD_BITS(DD_UART_MCR_RTS));
    *uart = candidate;
    return DD_OK;
}

enum dd_status dd_uart16550_write(const struct dd_uart16550 *uart, uint8_t byte)
{
    size_t sent;

    return dd_uart16550_write_all(uart, &byte, 1, &sent);
}

enum dd_status dd_uart16550_write_all(const struct dd_uart16550 *uart, const void *bytes,
                                      size_t size, size_t *sent)
{
    const uint8_t *next = bytes;
    const uint8_t *end = next + size;
    enum dd_status status = DD_OK;
    uint8_t lsr;

    while (next < end && status == DD_OK) {
        status = wait_for(uart, DD_BITS(DD_UART_LSR_THRE), &lsr);
        for (uint8_t room = status == DD_OK ? uart->room : 0; room > 0 && next < end; room--) {
            write_register(uart, DD_UART_THR, *next++);
        }
    }
    *sent = size - (size_t)(end - next);
    return status;
}

enum dd_status dd_uart16550_flush(const struct dd_uart16550 *uart)
{
    uint8_t lsr;

    return wait_for(uart, DD_BITS(DD_UART_LSR_TEMT), &lsr);
}

enum dd_status dd_uart16550_read(const struct dd_uart16550 *uart, uint8_t *byte)
{
    const uint64_t damage =
        DD_BITS(DD_UART_LSR_BI) | DD_BITS(DD_UART_LSR_FE) | DD_BITS(DD_UART_LSR_PE);
    uint8_t lsr;
    uint8_t data;
    enum dd_status status = wait_for(uart, DD_BITS(DD_UART_LSR_DR), &lsr);

    if (status != DD_OK) {
        return status;
    }
    data = read_register(uart, DD_UART_RBR);
    if ((lsr & damage) != 0) {
        return DD_EMALFORMED;
    }
    *byte = data;
    return DD_OK;
}
