/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Software first chooses the kind of reset with bit 2 clear, then sets bit 2.
 * Bit 2 (RST_CPU) starts it, bit 1 (SYS_RST) makes it one of the machine rather
 * than of the processor, bit 3 (FULL_RST) adds a power cycle, which is no
 * different here.
 */
#include "sim/devices/reset_port.h"

enum {
    PORT = 0xCF9,
    HARD = 0x02,
    START = 0x04,
    WRITABLE = 0x0E,
};

static void pulse(const struct sim_line *line)
{
    sim_line_set(line, true);
    sim_line_set(line, false);
}

void sim_reset_port_init(struct sim_reset_port *port, const struct sim_line *reset,
                         const struct sim_line *init)
{
    *port = (struct sim_reset_port){.reset = *reset, .init = *init};
}

uint8_t sim_reset_port_read(const struct sim_reset_port *port)
{
    return port->state.control;
}

void sim_reset_port_write(struct sim_reset_port *port, uint8_t value)
{
    bool starts = (value & START) != 0 && (port->state.control & START) == 0;

    port->state.control = value & WRITABLE;
    if (starts) {
        pulse((value & HARD) != 0 ? &port->reset : &port->init);
    }
}

static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    (void)offset;
    (void)width;
    return sim_reset_port_read(device);
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    (void)offset;
    (void)width;
    sim_reset_port_write(device, (uint8_t)value);
}

struct sim_region sim_reset_port_ports(struct sim_reset_port *port)
{
    return (struct sim_region){.name = "reset control",
                               .base = PORT,
                               .size = 1,
                               .read = on_read,
                               .write = on_write,
                               .device = port,
                               .widths = 1};
}

struct sim_device sim_reset_port_device(struct sim_reset_port *port)
{
    return (struct sim_device){.name = "reset control",
                               .self = port,
                               .state = &port->state,
                               .state_size = sizeof port->state};
}
