/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modem's side. In loopback the modem's outputs are its inputs: RTS is CTS,
 * DTR is DSR, OUT1 is RI, OUT2 is DCD. [16550] "Modem Control Register"
 */
#include "sim/devices/uart16550_internal.h"

enum {
    CONTROL_DTR = 0x01,
    CONTROL_RTS = 0x02,
    CONTROL_OUT1 = 0x04,
    CONTROL_OUT2 = 0x08,
    CONTROL_BITS = 0x1F,
    STATUS_CTS = 0x10,
    STATUS_DSR = 0x20,
    STATUS_RI = 0x40,
    STATUS_DCD = 0x80,
};

/* The modem's four lines, in bits 7:4. */
static uint8_t modem_lines(const struct sim_uart16550 *uart)
{
    unsigned int control = uart->state.modem_control;

    if ((control & SIM_UART16550_LOOP) == 0) {
        return STATUS_DCD | STATUS_DSR | STATUS_CTS;
    }
    return (uint8_t)(((control & CONTROL_RTS) != 0 ? STATUS_CTS : 0) |
                     ((control & CONTROL_DTR) != 0 ? STATUS_DSR : 0) |
                     ((control & CONTROL_OUT1) != 0 ? STATUS_RI : 0) |
                     ((control & CONTROL_OUT2) != 0 ? STATUS_DCD : 0));
}

uint8_t sim_uart16550_read_modem_status(struct sim_uart16550 *uart)
{
    uint8_t status = modem_lines(uart) | uart->state.modem_changes;

    uart->state.modem_changes = 0;
    return status;
}

/* The ring indicator counts when it ends, the other lines whenever they change. */
void sim_uart16550_write_modem_control(struct sim_uart16550 *uart, uint8_t value)
{
    uint8_t before = modem_lines(uart);
    uint8_t changed = 0;

    uart->state.modem_control = value & CONTROL_BITS;
    changed = before ^ modem_lines(uart);
    if ((changed & STATUS_RI) != 0 && (before & STATUS_RI) == 0) {
        changed &= (uint8_t)~STATUS_RI;
    }
    uart->state.modem_changes |= (uint8_t)(changed >> 4);
    sim_uart16550_refill(uart);
}
