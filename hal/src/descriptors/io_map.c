/* SPDX-License-Identifier: MIT */
/*
 * A set bit denies a port. For an access at port p the processor reads the two
 * bytes from p / 8 on, whatever the width, and all bits of the access must be 0:
 * so behind the last byte of bits lies one more, all ones, within the limit.
 */
#include "drydock/io_map.h"

enum {
    TERMINATOR = 0xFF,
    SIZE_MIN = 2,
    PORTS = 0x10000
};

enum dd_status dd_io_map_init(struct dd_io_map *map, uint8_t *bytes, size_t size)
{
    if (size < SIZE_MIN || size > DD_IO_MAP_MAX_SIZE) {
        return DD_EARG;
    }
    for (size_t i = 0; i < size; i++) {
        bytes[i] = TERMINATOR;
    }
    *map = (struct dd_io_map){.bytes = bytes, .size = (uint16_t)size};
    return DD_OK;
}

/* Ports the map has bits for. */
static uint32_t covered(const struct dd_io_map *map)
{
    return (map->size - 1u) * 8;
}

enum dd_status dd_io_map_allow(struct dd_io_map *map, struct dd_port_range ports)
{
    if (ports.last < ports.first || ports.last >= covered(map)) {
        return DD_EARG;
    }
    for (uint32_t port = ports.first; port <= ports.last; port++) {
        map->bytes[port / 8] &= (uint8_t) ~(1u << port % 8);
    }
    return DD_OK;
}

enum dd_status dd_io_map_deny(struct dd_io_map *map, struct dd_port_range ports)
{
    if (ports.last < ports.first) {
        return DD_EARG;
    }
    for (uint32_t port = ports.first; port <= ports.last && port < covered(map); port++) {
        map->bytes[port / 8] |= (uint8_t)(1u << port % 8);
    }
    return DD_OK;
}

bool dd_io_map_allows(const struct dd_io_map *map, uint16_t port, unsigned int width)
{
    uint32_t end = (uint32_t)port + width;

    if ((width != 1 && width != 2 && width != 4) || end > PORTS || end > covered(map)) {
        return false;
    }
    for (uint32_t i = port; i < end; i++) {
        if ((map->bytes[i / 8] >> i % 8 & 1) != 0) {
            return false;
        }
    }
    return true;
}
