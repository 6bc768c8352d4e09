/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The debug console of Bochs and QEMU at port 0xE9: every byte written is
 * output; reading gives 0xE9, which is how guests find it. There is nothing
 * else to it, and nothing to snapshot.
 */
#ifndef DRYDOCK_SIM_DEVICES_DEBUG_CONSOLE_H
#define DRYDOCK_SIM_DEVICES_DEBUG_CONSOLE_H

#include "sim/machine/bus.h"
#include "sim/devices/byte_sink.h"

/** All zero: what is written is lost. */
struct sim_debug_console {
    struct sim_byte_sink sink;
};

/** Port 0xE9. @p console outlives the region. */
struct sim_region sim_debug_console_ports(struct sim_debug_console *console);

#endif
