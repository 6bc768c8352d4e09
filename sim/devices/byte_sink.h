/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Where a device hands the bytes a guest sends to: the host's output, for example.
 */
#ifndef DRYDOCK_SIM_DEVICES_BYTE_SINK_H
#define DRYDOCK_SIM_DEVICES_BYTE_SINK_H

#include <stddef.h>
#include <stdint.h>

struct sim_byte_sink {
    void (*put)(void *self, uint8_t byte); /**< NULL: there is none */
    void *self;
};

#endif
