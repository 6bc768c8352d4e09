/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A 16550 UART behind I/O ports, polled: the console of a PC.
 *
 * Interrupts stay off and the FIFOs on. Every wait is bounded, so a port that
 * dies does not hang the kernel. Functions of one UART must not run at the same
 * time; the library has no lock.
 */
#ifndef DRYDOCK_UART16550_H
#define DRYDOCK_UART16550_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/status.h"

/**
 * How often a wait reads the line status register before it gives up.
 *
 * A read of a port takes about a microsecond on the buses UARTs sit on, so this
 * is a fifth of a second: 16 bytes leave the FIFO in time at 1200 baud and above.
 */
#define DD_UART16550_POLLS 200000u

/** One UART. */
struct dd_uart16550 {
    uint16_t port; /**< first of its eight ports */
    uint8_t room;  /**< bytes it takes once it has none: 16 with a FIFO, 1 without */
};

/**
 * Program a UART: 8 data bits, no parity, 1 stop bit, FIFOs on and empty, no
 * interrupts, DTR and RTS asserted.
 *
 * Bytes still in its FIFOs are lost; dd_uart16550_flush() lets them out first.
 *
 * @param[out] uart  the UART; untouched on failure
 * @param port       first of its eight ports, 0..0xFFF8: 0x3F8 for COM1 of a PC
 * @param baud       bits per second: 115200 divided by 1..65535 without a remainder
 * @retval DD_OK      programmed
 * @retval DD_EARG    the ports would go beyond 0xFFFF, or no divisor gives this rate exactly;
 *                    no port was accessed
 * @retval DD_ENODEV  a reserved bit of its modem control register reads as one: nobody answers at
 *                    these ports, or not a 16550; none was written
 *
 * Spec: [16550] 8.1, 8.3, 8.5, 8.6, 8.8.
 */
DD_MUST_CHECK enum dd_status dd_uart16550_init(struct dd_uart16550 *uart, uint16_t port,
                                               uint32_t baud);

/**
 * Send one byte as soon as there is room for it.
 *
 * Waiting reads the line status register and so forgets a receive error it shows.
 *
 * @param byte  any value; nothing is translated
 * @retval DD_OK        handed to the transmitter
 * @retval DD_ETIMEOUT  the transmitter stayed full for DD_UART16550_POLLS reads; not sent
 *
 * Spec: [16550] 8.4, bit 5.
 */
DD_MUST_CHECK enum dd_status dd_uart16550_write(const struct dd_uart16550 *uart, uint8_t byte);

/**
 * Send bytes, as many at once as the FIFO takes when it is empty.
 *
 * This reads the line status register once for 16 bytes, where dd_uart16550_write() reads it for
 * each: half the accesses to ports.
 *
 * @param bytes      any values; nothing is translated
 * @param size       how many; 0 accesses no port
 * @param[out] sent  bytes handed to the transmitter, on failure too
 * @retval DD_OK        all of them were
 * @retval DD_ETIMEOUT  the transmitter stayed full for DD_UART16550_POLLS reads; the rest was not
 *                      sent
 *
 * Spec: [16550] 8.4, bit 5; 8.12.
 */
DD_MUST_CHECK enum dd_status dd_uart16550_write_all(const struct dd_uart16550 *uart,
                                                    const void *bytes, size_t size, size_t *sent);

/**
 * Wait until everything written has left on the line.
 *
 * @retval DD_OK        FIFO and shift register are empty
 * @retval DD_ETIMEOUT  they were not after DD_UART16550_POLLS reads
 *
 * Spec: [16550] 8.4, bit 6.
 */
DD_MUST_CHECK enum dd_status dd_uart16550_flush(const struct dd_uart16550 *uart);

/**
 * Receive one byte.
 *
 * @param[out] byte  the byte; untouched on failure
 * @retval DD_OK         *byte is the next one received
 * @retval DD_ETIMEOUT   none came during DD_UART16550_POLLS reads
 * @retval DD_EMALFORMED one came with a parity or framing error or as a break, and was dropped
 *
 * Spec: [16550] 8.4, bits 0 and 2..4.
 */
DD_MUST_CHECK enum dd_status dd_uart16550_read(const struct dd_uart16550 *uart, uint8_t *byte);

#endif
