/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * ACPI's fixed hardware: the PM1 event and control registers and the power
 * management timer, at the ports that the FADT of acpi_tables.h names.
 *
 * Port 0x600: PM1 status, 0x602: PM1 enable, 0x604: PM1 control, 0x608: timer of
 * 32 bits at 3,579,545 Hz. ACPI is always on (SCI_EN reads as 1). Setting SLP_EN
 * with the SLP_TYP of S5, which is 0, turns the machine off.
 *
 * Not modelled: events. There are no buttons and no alarm, and the timer's carry
 * does not set TMR_STS, so the status register is always 0 and no system control
 * interrupt occurs. Sleep states other than S5 do nothing.
 *
 * Spec: [ACPI 6.5] 4.8.3.
 */
#ifndef DRYDOCK_SIM_DEVICES_ACPI_PM_H
#define DRYDOCK_SIM_DEVICES_ACPI_PM_H

#include <stdint.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"

/** What a snapshot copies. */
struct sim_acpi_pm_state {
    uint8_t enable[2];
    uint8_t control[2]; /**< without SCI_EN and SLP_EN */
};

struct sim_acpi_pm {
    struct sim_acpi_pm_state state;
    struct sim_line power_off; /**< driven to 1 and back to 0 */
    const struct sim_clock *clock;
};

/** The registers after reset; @p power_off is copied, @p clock outlives the device. */
void sim_acpi_pm_init(struct sim_acpi_pm *pm, const struct sim_line *power_off,
                      const struct sim_clock *clock);

/** Ports 0x600 to 0x60B. */
struct sim_region sim_acpi_pm_ports(struct sim_acpi_pm *pm);

/** State for snapshots; it does nothing by itself. */
struct sim_device sim_acpi_pm_device(struct sim_acpi_pm *pm);

#endif
