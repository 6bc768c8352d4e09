/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The reset control register at port 0xCF9.
 *
 * The port lies inside the PCI host bridge's CONFIG_ADDRESS at 0xCF8, which takes
 * accesses of 32 bits only: where both exist, whoever owns the range passes byte
 * accesses of 0xCF9 on to sim_reset_port_read and sim_reset_port_write.
 *
 * Spec: [ICH9] Intel I/O Controller Hub 9 datasheet 13.7.5, "RST_CNT".
 */
#ifndef DRYDOCK_SIM_DEVICES_RESET_PORT_H
#define DRYDOCK_SIM_DEVICES_RESET_PORT_H

#include <stdint.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"

/** What a snapshot copies. */
struct sim_reset_port_state {
    uint8_t control; /**< bit 1: hard reset, bit 3: full reset; bit 2 as last written */
};

/** The lines are driven to 1 and back to 0 when bit 2 of the register goes from 0 to 1. */
struct sim_reset_port {
    struct sim_reset_port_state state;
    struct sim_line reset; /**< of the whole machine: 0x06, or 0x0E with a power cycle */
    struct sim_line init;  /**< of the processor only: 0x04 */
};

/** The register after reset; the lines are copied. */
void sim_reset_port_init(struct sim_reset_port *port, const struct sim_line *reset,
                         const struct sim_line *init);

uint8_t sim_reset_port_read(const struct sim_reset_port *port);
void sim_reset_port_write(struct sim_reset_port *port, uint8_t value);

/** Port 0xCF9, for a machine without a PCI host bridge. */
struct sim_region sim_reset_port_ports(struct sim_reset_port *port);

/** State for snapshots; it does nothing by itself. */
struct sim_device sim_reset_port_device(struct sim_reset_port *port);

#endif
