/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Software turns a PC off by writing the sleep type it found in the DSDT together
 * with SLP_EN into PM1 control. The timer counts on, whatever software does.
 */
#include "sim/devices/acpi_pm.h"

#include "sim/devices/byte_lanes.h"

/* Offsets of the bytes. [ACPI 6.5] 4.8.3.1 to 4.8.3.3. */
enum {
    BASE = 0x600,
    ENABLE = 2,
    CONTROL = 4,
    TIMER = 8,
    SIZE = 12,
};

/* In the bytes of PM1 control. [ACPI 6.5] table 4.14. */
enum {
    LOW_SCI_EN = 0x01,
    LOW_WRITABLE = 0x02, /* BM_RLD */
    HIGH_SLP_TYP = 0x1C,
    HIGH_SLP_EN = 0x20,
};

#define TICKS_PER_SECOND UINT64_C(3579545) /* [ACPI 6.5] 4.8.2.1 */

void sim_acpi_pm_init(struct sim_acpi_pm *pm, const struct sim_line *power_off,
                      const struct sim_clock *clock)
{
    *pm = (struct sim_acpi_pm){.power_off = *power_off, .clock = clock};
}

/* Seconds and the rest apart: the product of all nanoseconds would overflow within 2 hours. */
static uint32_t ticks(const struct sim_clock *clock)
{
    uint64_t seconds = clock->now / SIM_SECOND;
    uint64_t rest = clock->now % SIM_SECOND;

    return (uint32_t)(seconds * TICKS_PER_SECOND + rest * TICKS_PER_SECOND / SIM_SECOND);
}

static uint8_t read_byte(void *device, uint64_t offset)
{
    const struct sim_acpi_pm *pm = device;

    switch (offset) {
    case ENABLE:
    case ENABLE + 1:
        return pm->state.enable[offset - ENABLE];
    case CONTROL:
        return pm->state.control[0] | LOW_SCI_EN;
    case CONTROL + 1:
        return pm->state.control[1];
    default:
        return (uint8_t)(offset < TIMER ? 0 : ticks(pm->clock) >> 8 * (offset - TIMER));
    }
}

static void write_byte(void *device, uint64_t offset, uint8_t byte)
{
    struct sim_acpi_pm *pm = device;

    switch (offset) {
    case ENABLE:
    case ENABLE + 1:
        pm->state.enable[offset - ENABLE] = byte;
        break;
    case CONTROL:
        pm->state.control[0] = byte & LOW_WRITABLE;
        break;
    case CONTROL + 1:
        pm->state.control[1] = byte & HIGH_SLP_TYP;
        if ((byte & HIGH_SLP_EN) != 0 && (byte & HIGH_SLP_TYP) == 0) {
            sim_line_set(&pm->power_off, true);
            sim_line_set(&pm->power_off, false);
        }
        break;
    default:
        break;
    }
}

static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, read_byte);
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, write_byte);
}

struct sim_region sim_acpi_pm_ports(struct sim_acpi_pm *pm)
{
    return (struct sim_region){.name = "ACPI power management",
                               .base = BASE,
                               .size = SIZE,
                               .read = on_read,
                               .write = on_write,
                               .device = pm,
                               .widths = 1 | 2 | 4};
}

struct sim_device sim_acpi_pm_device(struct sim_acpi_pm *pm)
{
    return (struct sim_device){.name = "ACPI power management",
                               .self = pm,
                               .state = &pm->state,
                               .state_size = sizeof pm->state};
}
