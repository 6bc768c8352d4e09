/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A 16550 serial port: what the guest sends is kept or handed on, what it
 * receives comes from a queue of the host. Spec: [16550].
 *
 * Modelled: all registers, both FIFOs' control, interrupt enables, identification
 * and priorities, trigger levels, the time-out of the receiver, loopback with
 * the modem's lines, overruns in loopback. The interrupt output is gated by
 * OUT2, as PCs do it, and OUT2 is inactive in loopback.
 *
 * Not modelled: the time a character takes to be sent: the transmitter is always
 * empty. Waiting input arrives at once, but only as far as the receiver has
 * room, as with a careful sender; so overruns happen in loopback only, and
 * parity errors, framing errors and breaks never. The modem's lines CTS, DSR
 * and DCD are always active. DMA mode is accepted and changes nothing.
 */
#ifndef DRYDOCK_SIM_DEVICES_UART16550_H
#define DRYDOCK_SIM_DEVICES_UART16550_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/machine/bus.h"
#include "sim/machine/device.h"
#include "sim/devices/byte_buffer.h"
#include "sim/devices/byte_sink.h"
#include "sim/util/error.h"
#include "sim/machine/machine.h"

/** Characters the receiver's FIFO holds. */
#define SIM_UART16550_FIFO 16u

/** What a snapshot copies. All zero: after power-on. */
struct sim_uart16550_state {
    size_t sent;     /**< bytes of `sent` that count; a snapshot forgets the rest */
    size_t consumed; /**< bytes of `received` that reached the receiver */
    uint8_t interrupt_enable, fifo_control, line_control, modem_control, scratch;
    uint8_t divisor_low, divisor_high;
    uint8_t fifo[SIM_UART16550_FIFO]; /**< ring; without FIFO mode one place is used */
    uint8_t first, count;             /**< of the ring */
    uint8_t last_read;                /**< what an empty receiver gives */
    uint8_t modem_changes;            /**< modem status bits 3:0 */
    bool overrun;
    bool transmitter_interrupt; /**< the holding register ran empty and nobody has looked */
    bool timeout_noted;         /**< the interrupt output knows about the receiver's time-out */
    uint64_t last_activity;     /**< of the receiver, for its time-out, in nanoseconds */
};

/** All zero: the port after power-on, connected to nothing, outside time. */
struct sim_uart16550 {
    const struct sim_clock *clock; /**< NULL: the receiver's time-out comes at once */
    struct sim_line interrupt;     /**< IRQ 4 for the first port */
    struct sim_byte_sink sink;     /**< gets what is sent instead of `sent`, if there is one */
    struct sim_byte_buffer sent;
    struct sim_byte_buffer received;
    struct sim_uart16550_state state;
};

/** Reset: registers and FIFO as after power-on; what was sent and waits to be received stays. */
void sim_uart16550_reset(struct sim_uart16550 *uart);

/** Eight ports. @param base  e.g. 0x3F8 */
struct sim_region sim_uart16550_ports(struct sim_uart16550 *uart, uint16_t base);

struct sim_device sim_uart16550_device(struct sim_uart16550 *uart);

/**
 * Connect the ports to a machine, and have its snapshots keep the state.
 *
 * @param uart  outlives the machine
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
 * SIM_BYTE_BUFFER_MAX is lost, and it goes on undisturbed until its budget is over.
 */
const char *sim_uart16550_output(const struct sim_uart16550 *uart, size_t *size);

/** Append bytes for the guest to receive. Returns 0, or -1 without memory or room; all or none. */
SIM_MUST_CHECK int sim_uart16550_feed(struct sim_uart16550 *uart, const void *bytes, size_t size);

#endif
