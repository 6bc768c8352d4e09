/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Registers a byte wide, as old devices have them: the bridge in front of them
 * makes a wider access several of one byte, lowest port first.
 */
#ifndef DRYDOCK_SIM_DEVICES_BYTE_LANES_H
#define DRYDOCK_SIM_DEVICES_BYTE_LANES_H

#include <stdint.h>

/** Read @p width registers from @p offset on, 1 to 4; the first becomes the lowest byte. */
static inline uint32_t sim_byte_lanes_read(void *device, uint64_t offset, unsigned int width,
                                           uint8_t (*read)(void *device, uint64_t offset))
{
    uint32_t value = 0;

    for (unsigned int i = 0; i < width; i++) {
        value |= (uint32_t)read(device, offset + i) << (8 * i);
    }
    return value;
}

/** Write @p width registers from @p offset on, 1 to 4; the lowest byte goes to the first. */
static inline void sim_byte_lanes_write(void *device, uint64_t offset, unsigned int width,
                                        uint32_t value,
                                        void (*write)(void *device, uint64_t offset, uint8_t byte))
{
    for (unsigned int i = 0; i < width; i++) {
        write(device, offset + i, (uint8_t)(value >> (8 * i)));
    }
}

#endif
