/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about the UART of the console. Results travel through it, so each
 * claim waits until it is idle and leaves it at 115200 baud, 8N1. Registers are
 * read past the library, by the data sheet's numbers.
 */
#include "drydock/arch/insn.h"
#include "drydock/uart16550.h"
#include "tests/claims/claim.h"
#include "tests/claims/world.h"

static const struct dd_uart16550 console = {.port = 0x3F8, .room = 16};

/* [16550] 8.10 */
CLAIM(uart_scratchpad_keeps_every_bit)
{
    uint8_t before = dd_in8(0x3FF);

    for (unsigned int bit = 0; bit < 8; bit++) {
        dd_out8(0x3FF, (uint8_t)(1u << bit));
        CLAIM_EQUAL(dd_in8(0x3FF), 1u << bit);
    }
    dd_out8(0x3FF, before);
}

/* [16550] 8.1: the register can be read back. 5 data bits and even parity, then what was before. */
CLAIM(uart_line_control_reads_back)
{
    uint8_t before;
    uint8_t changed;

    CLAIM_OK(dd_uart16550_flush(&console));
    before = dd_in8(0x3FB);
    dd_out8(0x3FB, 0x18);
    changed = dd_in8(0x3FB);
    dd_out8(0x3FB, before);
    CLAIM_EQUAL(changed, 0x18);
    CLAIM_EQUAL(dd_in8(0x3FB), before);
}

/* [16550] 8.1 bit 7, 8.3: the latch lies over offsets 0 and 1 only while DLAB is set. */
CLAIM(uart_divisor_latch_appears_and_disappears_with_dlab)
{
    uint8_t low;
    uint8_t high;

    CLAIM_OK(dd_uart16550_flush(&console));
    dd_out8(0x3FB, 0x83);
    dd_out8(0x3F8, 0x80);
    dd_out8(0x3F9, 0x01);
    low = dd_in8(0x3F8);
    high = dd_in8(0x3F9);
    dd_out8(0x3F8, 0x01);
    dd_out8(0x3F9, 0x00);
    dd_out8(0x3FB, 0x03);
    CLAIM_EQUAL(low, 0x80);
    CLAIM_EQUAL(high, 0x01);
    CLAIM_EQUAL(dd_in8(0x3F9), 0x00); /* interrupt enable: what went to the latch did not arrive */
}

/* [16550] 8.4: TEMT implies THRE. */
CLAIM(uart_transmitter_runs_empty_after_flush)
{
    CLAIM_OK(dd_uart16550_flush(&console));
    CLAIM_EQUAL(dd_in8(0x3FD) & 0x60, 0x60);
}

static void read_divisor(uint8_t *low, uint8_t *high)
{
    dd_out8(0x3FB, 0x83);
    *low = dd_in8(0x3F8);
    *high = dd_in8(0x3F9);
    dd_out8(0x3FB, 0x03);
}

/* [16550] 8.3, table III: 9600 baud is divisor 12, 115200 is 1. */
CLAIM(uart_init_programs_8n1_at_the_rate)
{
    struct dd_uart16550 uart = {0};
    uint8_t line;
    uint8_t low;
    uint8_t high;

    CLAIM_OK(dd_uart16550_flush(&console));
    CLAIM_OK(dd_uart16550_init(&uart, 0x3F8, 9600));
    line = dd_in8(0x3FB);
    read_divisor(&low, &high);
    CLAIM_OK(dd_uart16550_init(&uart, 0x3F8, 115200));
    CLAIM_EQUAL(uart.port, 0x3F8);
    CLAIM_EQUAL(uart.room, 16); /* [16550] 8.6: FIFOs work */
    CLAIM_EQUAL(line, 0x03);
    CLAIM_EQUAL(low, 12);
    CLAIM_EQUAL(high, 0);
    read_divisor(&low, &high);
    CLAIM_EQUAL(low, 1);
    CLAIM_EQUAL(high, 0);
    CLAIM_EQUAL(dd_in8(0x3F9), 0x00);        /* [16550] 8.7: no interrupts */
    CLAIM_EQUAL(dd_in8(0x3FA) & 0xC0, 0xC0); /* [16550] 8.6: FIFOs are on */
    CLAIM_EQUAL(dd_in8(0x3FC), 0x03);        /* [16550] 8.8: DTR and RTS, no loop */
}

CLAIM(uart_init_rejects_rates_without_exact_divisor)
{
    struct dd_uart16550 uart = {.port = 0x1234};

    CLAIM_STATUS(dd_uart16550_init(&uart, 0x3F8, 0), DD_EARG);
    CLAIM_STATUS(dd_uart16550_init(&uart, 0x3F8, 1), DD_EARG); /* 115200 does not fit 16 bits */
    CLAIM_STATUS(dd_uart16550_init(&uart, 0x3F8, 115201), DD_EARG);
    CLAIM_STATUS(dd_uart16550_init(&uart, 0xFFF9, 115200), DD_EARG);
    CLAIM_EQUAL(uart.port, 0x1234);
}

/* No machine of ours has a fourth serial port: its ports read as ones. */
CLAIM(uart_init_finds_nobody_where_ports_float)
{
    struct dd_uart16550 uart = {.port = 0x1234};

    CLAIM_EQUAL(dd_in8(0x2EC), 0xFF);
    CLAIM_STATUS(dd_uart16550_init(&uart, 0x2E8, 115200), DD_ENODEV);
    CLAIM_EQUAL(uart.port, 0x1234);
}

/* [16550] 8.8: what is sent in loop-back mode is received; 8.4: an empty FIFO takes 16 bytes. */
CLAIM(uart_write_all_sends_a_fifo_of_bytes_in_order)
{
    static const char bytes[] = "0123456789abcdef";
    enum dd_status status;
    uint8_t received[16] = {0};
    unsigned int count = 0;
    size_t sent = 0;

    CLAIM_SKIP_IF(!world_runs_on_processor(), "bytes take virtual time, which hardly passes there");
    CLAIM_OK(dd_uart16550_flush(&console));
    dd_out8(0x3FC, 0x13);
    status = dd_uart16550_write_all(&console, bytes, 16, &sent);
    while (count < 16 && dd_uart16550_read(&console, &received[count]) == DD_OK) {
        count++;
    }
    dd_out8(0x3FC, 0x03);
    CLAIM_OK(status);
    CLAIM_EQUAL(sent, 16);
    CLAIM_EQUAL(count, 16);
    for (unsigned int i = 0; i < 16; i++) {
        CLAIM_EQUAL(received[i], (uint8_t)bytes[i]);
    }
}
