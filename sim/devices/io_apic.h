/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * An I/O APIC with 24 inputs: the 82093AA, with the EOI register of version 20H.
 *
 * Registers: index at offset 0x00, data at 0x10, EOI at 0x40, each accessed with
 * 32 bits only. The delivery status is always idle. An edge that arrives while
 * its input is masked is lost, as the datasheet says.
 *
 * A level-triggered request that no local APIC takes is sent again at the next
 * change of its line or its entry, where the bus of the 82093AA would retry.
 *
 * Spec: [82093AA] Intel 82093AA I/O Advanced Programmable Interrupt Controller datasheet.
 */
#ifndef DRYDOCK_SIM_DEVICES_IO_APIC_H
#define DRYDOCK_SIM_DEVICES_IO_APIC_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"
#include "sim/devices/apic_message.h"
#include "sim/devices/complaint.h"

/** Usual physical address of the first I/O APIC. */
#define SIM_IO_APIC_BASE UINT64_C(0xFEC00000)

#define SIM_IO_APIC_INPUTS 24u

/** What a snapshot copies. */
struct sim_io_apic_state {
    uint32_t index; /**< of the register that the data window shows, 0..255 */
    uint32_t id;    /**< bits 27:24 */
    uint32_t arbitration;
    uint32_t lines; /**< levels of the inputs, by number */
    uint64_t entries[SIM_IO_APIC_INPUTS];
};

struct sim_io_apic {
    struct sim_io_apic_state state;
    struct sim_apic_port port;
    struct sim_complaint complaint;
};

/** Connect and reset: all entries masked. @param port  where interrupts are sent; copied */
void sim_io_apic_init(struct sim_io_apic *apic, const struct sim_apic_port *port,
                      const struct sim_complaint *complaint);

/** Reset; the levels of the inputs stay. */
void sim_io_apic_reset(struct sim_io_apic *apic);

/** The page of registers. @param base  physical address, a multiple of 4096 */
struct sim_region sim_io_apic_mmio(struct sim_io_apic *apic, uint64_t base);

/** Whether an input can interrupt: its entry is not masked. @param apic  struct sim_io_apic */
bool sim_io_apic_may_send(const void *apic);

/** State for snapshots; it does nothing by itself. */
struct sim_device sim_io_apic_device(struct sim_io_apic *apic);

/** The line that drives an input. @param input  0..23; a line to another input does nothing */
struct sim_line sim_io_apic_input(struct sim_io_apic *apic, unsigned int input);

/**
 * An EOI message for a vector arrived: level-triggered inputs with this vector may interrupt
 * again, and do at once if they are still active.
 *
 * @param apic  struct sim_io_apic: fits sim_local_apic_wiring.end_of_interrupt
 */
void sim_io_apic_end_of_interrupt(void *apic, unsigned int vector);

#endif
