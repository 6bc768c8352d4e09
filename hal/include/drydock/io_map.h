/* SPDX-License-Identifier: MIT */
/**
 * @file
 * I/O permission maps: which ports privilege levels above IOPL may use.
 *
 * A map has one bit a port from port 0 on, 0 for allowed, and behind them one
 * byte FFH, since the processor always reads two bytes. Ports beyond it are
 * denied. It has effect when it lies behind a task-state segment, whose limit
 * takes it in and whose base of the map points to it: dd_gdt_add_tss_with_io_map
 * and dd_tss_set_io_map.
 *
 * Spec: [SDM 1] 19.5.2.
 */
#ifndef DRYDOCK_IO_MAP_H
#define DRYDOCK_IO_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/status.h"

/** Bytes of a map of all 65536 ports, the terminating byte included. */
#define DD_IO_MAP_MAX_SIZE 8193

/** A map and the memory it is in, both owned by the caller. */
struct dd_io_map {
    uint8_t *bytes;
    uint16_t size; /**< bytes, the terminating one included: covers 8 * (size - 1) ports */
};

/** Ports, both ends included. */
struct dd_port_range {
    uint16_t first;
    uint16_t last;
};

/**
 * Make a map that denies every port.
 *
 * @param bytes  memory for the map
 * @param size   bytes of it, 2..8193
 * @retval DD_OK    *map is valid
 * @retval DD_EARG  size out of range; *map and the memory untouched
 *
 * Spec: [SDM 1] 19.5.2.
 */
DD_MUST_CHECK enum dd_status dd_io_map_init(struct dd_io_map *map, uint8_t *bytes, size_t size);

/**
 * Allow ports.
 *
 * @param ports  which ones
 * @retval DD_OK    they are allowed
 * @retval DD_EARG  last is below first, or the map does not cover them; *map untouched
 *
 * Spec: [SDM 1] 19.5.2.
 */
DD_MUST_CHECK enum dd_status dd_io_map_allow(struct dd_io_map *map, struct dd_port_range ports);

/**
 * Deny ports.
 *
 * @param ports  which ones; those that the map does not cover are denied already
 * @retval DD_OK    they are denied
 * @retval DD_EARG  last is below first; *map untouched
 *
 * Spec: [SDM 1] 19.5.2.
 */
DD_MUST_CHECK enum dd_status dd_io_map_deny(struct dd_io_map *map, struct dd_port_range ports);

/**
 * Whether the map allows an access.
 *
 * @param port   first port
 * @param width  ports the access covers: 1, 2 or 4
 * @return false if one of them is denied or beyond FFFFH, and for any other width: no access has it
 *
 * Spec: [SDM 1] 19.5.2.
 */
bool dd_io_map_allows(const struct dd_io_map *map, uint16_t port, unsigned int width);

#endif
