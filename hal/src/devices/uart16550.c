/* SPDX-License-Identifier: MIT */
/*
 * A 16550 UART, polled.
 *
 * Eight ports hold twelve registers. Bit 7 of the line control register, DLAB,
 * puts the divisor latch in place of the data and interrupt enable registers,
 * so it is set for two writes only. The transmitter says with THRE that its
 * FIFO is empty and with TEMT that the last bit has left. Reading the line
 * status register clears its error bits, and these belong to the byte at the
 * head of the receive FIFO: one read has to answer both "is there a byte" and
 * "is it any good".
 */
#include "drydock/uart16550.h"

#include "drydock/arch/insn.h"
#include "drydock/uart_regs.h"

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
    const struct dd_uart16550 candidate = {.port = port};
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
    write_register(&candidate, DD_UART_MCR, DD_BITS(DD_UART_MCR_DTR) | DD_BITS(DD_UART_MCR_RTS));
    *uart = candidate;
    return DD_OK;
}

enum dd_status dd_uart16550_write(const struct dd_uart16550 *uart, uint8_t byte)
{
    uint8_t lsr;
    enum dd_status status = wait_for(uart, DD_BITS(DD_UART_LSR_THRE), &lsr);

    if (status == DD_OK) {
        write_register(uart, DD_UART_THR, byte);
    }
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
