/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value is doubled and made odd, so that no guest can end with the status 0 of success. */
#include "sim/devices/debug_exit.h"

enum {
    PORT_COUNT = 4
};

static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    (void)device;
    (void)offset;
    (void)width;
    return 0;
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    (void)offset;
    (void)width;
    sim_machine_exit(device, 2 * (uint64_t)value + 1);
}

int sim_debug_exit_connect(struct sim_machine *machine, uint16_t port, struct sim_error *error)
{
    const struct sim_region region = {.name = "debug-exit",
                                      .base = port,
                                      .size = PORT_COUNT,
                                      .read = on_read,
                                      .write = on_write,
                                      .device = machine,
                                      .widths = 1 | 2 | 4};

    return sim_machine_add_ports(machine, &region, error);
}
