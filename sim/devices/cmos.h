/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The CMOS memory and real-time clock of a PC, an MC146818 at ports 0x70 and
 * 0x71. The clock starts at a given time and follows virtual time.
 * Spec: [MC146818A].
 *
 * Modelled: BCD and binary, 12 and 24 hours, the update cycle with UIP, SET, the
 * divider's reset, alarm with wildcards, periodic, alarm and update-ended
 * interrupts, register C. The century at 0x32 counts with the year. Memory
 * sizes at 0x15 to 0x18, 0x30, 0x31, 0x34, 0x35 and 0x5B to 0x5D, equipment at
 * 0x14 and the checksum at 0x2E are as a BIOS leaves them.
 *
 * Not modelled: daylight saving (the bit is kept), the square-wave output, other
 * time bases than 32,768 Hz (divider selections other than 2 stop the clock).
 * Time registers read during an update cycle, undefined in the chip, have the
 * old values until its end. The index port reads as 0xFF.
 */
#ifndef DRYDOCK_SIM_DEVICES_CMOS_H
#define DRYDOCK_SIM_DEVICES_CMOS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"

#define SIM_CMOS_BYTES 128u

struct sim_cmos {
    const struct sim_clock *clock;
    struct sim_line interrupt; /**< IRQ 8; connect before the first use */
    struct {
        uint8_t bytes[SIM_CMOS_BYTES]; /**< as they read, but for register C and UIP */
        uint8_t index;                 /**< last write to port 0x70, with the NMI mask in bit 7 */
        uint8_t flags;                 /**< register C bits 6:4 */
        uint64_t origin;               /**< when the divider chain was at 0, modulo 2^64 ns */
        uint64_t seconds;              /**< of the divider chain, up to which time was counted */
        uint64_t periods;              /**< of the periodic interrupt, likewise */
    } state;
};

/** What a clock shows, in UTC. */
struct sim_cmos_time {
    unsigned int year;    /**< 0..9999 */
    unsigned int month;   /**< 1..12 */
    unsigned int day;     /**< 1..31 */
    unsigned int weekday; /**< 1..7, 1 is Sunday */
    unsigned int hour, minute, second;
};

/**
 * A running clock in 24-hour BCD, as a BIOS leaves it, with all interrupts off.
 *
 * @param clock      outlives the device
 * @param start      what it shows now, all fields in range
 * @param ram_bytes  RAM from address 0
 */
void sim_cmos_init(struct sim_cmos *cmos, const struct sim_clock *clock,
                   const struct sim_cmos_time *start, uint64_t ram_bytes);

/** What RESET does: interrupt enables and flags are cleared; the time goes on. */
void sim_cmos_reset(struct sim_cmos *cmos);

/** Ports 0x70 and 0x71. */
struct sim_region sim_cmos_ports(struct sim_cmos *cmos);

struct sim_device sim_cmos_device(struct sim_cmos *cmos);

/** Whether port 0x70 bit 7 keeps NMIs from the processor. */
bool sim_cmos_masks_nmi(const struct sim_cmos *cmos);

#endif
