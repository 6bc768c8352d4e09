/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The VGA's registers at 0x3C0 to 0x3CF.
 */
#ifndef DRYDOCK_SIM_DEVICES_VGA_TEXT_INTERNAL_H
#define DRYDOCK_SIM_DEVICES_VGA_TEXT_INTERNAL_H

#include "sim/devices/vga_text.h"

/** Access port 0x3C0 + @p port, 0..15; @p device is the struct sim_vga_text. */
uint8_t sim_vga_text_read_register(void *device, uint64_t port);
void sim_vga_text_write_register(void *device, uint64_t port, uint8_t value);

#endif
