/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the 16550 share: the registers, the receiver, the host's side.
 */
#ifndef DRYDOCK_SIM_DEVICES_UART16550_INTERNAL_H
#define DRYDOCK_SIM_DEVICES_UART16550_INTERNAL_H

#include "sim/devices/uart16550.h"

enum {
    SIM_UART16550_FIFO_ENABLE = 0x01, /* FIFO control */
    SIM_UART16550_LOOP = 0x10,        /* modem control */
};

/** Forget what is in the receiver. */
void sim_uart16550_clear_receiver(struct sim_uart16550 *uart);

/** A character reaches the receiver; without room it is an overrun. */
void sim_uart16550_receive(struct sim_uart16550 *uart, uint8_t byte);

/** Move what the host has sent into the receiver, as far as there is room. */
void sim_uart16550_refill(struct sim_uart16550 *uart);

/** Take the oldest character; the one before again if there is none. */
uint8_t sim_uart16550_take(struct sim_uart16550 *uart);

/** Whether the receiver has as many characters as the trigger level. */
bool sim_uart16550_at_trigger(const struct sim_uart16550 *uart);

/** When the receiver's time-out is due, in virtual time; SIM_NEVER if nothing waits in the FIFO. */
uint64_t sim_uart16550_timeout(const struct sim_uart16550 *uart);

/** Whether it is over. */
bool sim_uart16550_timed_out(const struct sim_uart16550 *uart);

/** Access the modem's registers. */
uint8_t sim_uart16550_read_modem_status(struct sim_uart16550 *uart);
void sim_uart16550_write_modem_control(struct sim_uart16550 *uart, uint8_t value);

/** Keep a byte the guest has sent, or hand it on. */
void sim_uart16550_emit(struct sim_uart16550 *uart, uint8_t byte);

/** Drive the interrupt output from the state. */
void sim_uart16550_drive(struct sim_uart16550 *uart);

#endif
