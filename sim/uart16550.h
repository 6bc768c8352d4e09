/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A 16550 serial port: what the guest sends is kept, what it receives comes
 * from a queue. Time does not pass: the transmitter is always empty. It raises
 * no interrupts.
 */
#ifndef DRYDOCK_SIM_UART16550_H
#define DRYDOCK_SIM_UART16550_H

#include <stddef.h>
#include <stdint.h>

#include "sim/attributes.h"
#include "sim/error.h"
#include "sim/machine.h"

/** Most bytes kept in each direction: several times the longest report a kernel prints. */
#define SIM_UART16550_MAX_BYTES ((size_t)256 << 20)

/** Bytes that grow at the end, up to SIM_UART16550_MAX_BYTES. */
struct sim_uart16550_bytes {
    uint8_t *bytes; /**< one more than size is allocated, and it is 0 */
    size_t size;
    size_t capacity;
};

/** All zero: the port after reset. */
struct sim_uart16550 {
    struct sim_uart16550_bytes sent;
    struct sim_uart16550_bytes received;
    size_t consumed; /**< bytes of `received` the guest has read */
    uint8_t interrupt_enable, fifo_control, line_control, modem_control, scratch;
    uint8_t divisor_low, divisor_high;
};

/**
 * Connect the port to a machine.
 *
 * @param uart  all zero; outlives the machine
 * @param base  first of eight ports, e.g. 0x3F8
 */
SIM_MUST_CHECK int sim_uart16550_connect(struct sim_uart16550 *uart, struct sim_machine *machine,
                                         uint16_t base, struct sim_error *error);

/** Free the buffers. The machine must not run afterwards. */
void sim_uart16550_free(struct sim_uart16550 *uart);

/**
 * What the guest has sent so far, with a NUL after it; valid until the guest sends more.
 *
 * A guest that prints without end does not fill the host's memory: what it sends after the first
 * SIM_UART16550_MAX_BYTES is lost, and it goes on undisturbed until its budget is over.
 */
const char *sim_uart16550_output(const struct sim_uart16550 *uart, size_t *size);

/** Append bytes for the guest to receive. Returns 0, or -1 without memory or room; all or none. */
SIM_MUST_CHECK int sim_uart16550_feed(struct sim_uart16550 *uart, const void *bytes, size_t size);

#endif
