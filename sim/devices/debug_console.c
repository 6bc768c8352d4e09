/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bochs calls it the "port E9 hack"; QEMU's isa-debugcon reads back the same number. */
#include "sim/devices/debug_console.h"

enum {
    PORT = 0xE9,
    ANSWER = 0xE9,
};

static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    (void)device;
    (void)offset;
    (void)width;
    return ANSWER;
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    const struct sim_debug_console *console = device;

    (void)offset;
    (void)width;
    if (console->sink.put != NULL) {
        console->sink.put(console->sink.self, (uint8_t)value);
    }
}

struct sim_region sim_debug_console_ports(struct sim_debug_console *console)
{
    return (struct sim_region){.name = "debug console",
                               .base = PORT,
                               .size = 1,
                               .read = on_read,
                               .write = on_write,
                               .device = console,
                               .widths = 1};
}
