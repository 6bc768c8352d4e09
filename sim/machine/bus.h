/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The machine's port and memory-mapped I/O space: which device answers where.
 */
#ifndef DRYDOCK_SIM_BUS_H
#define DRYDOCK_SIM_BUS_H

#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"

/**
 * A range of ports or physical addresses served by a device.
 *
 * `read` and `write` get the offset from `base` and a width of 1, 2 or 4 bytes.
 * An access that crosses the end of the range does not reach the device, nor
 * does one of a width that it does not take.
 *
 * An aligned access of 8 bytes is one, to `read8` and `write8`. A device that
 * takes 8 bytes but has no such functions is 32 bits wide: it gets two accesses
 * of 4, lowest address first, as a 64-bit transfer becomes two data phases when
 * the target does not answer with ACK64#. Spec: [PCI 3.0] 3.8. What is not
 * aligned comes in parts of at most 4 too.
 */
struct sim_region {
    const char *name; /**< for reports, e.g. "16550"; outlives the region */
    uint64_t base;    /**< first port or physical address */
    uint64_t size;    /**< in ports or bytes */
    uint32_t (*read)(void *device, uint64_t offset, unsigned int width);
    void (*write)(void *device, uint64_t offset, unsigned int width, uint32_t value);

    /** NULL, or for memory-mapped regions an aligned access of 8 bytes at an offset. */
    uint64_t (*read8)(void *device, uint64_t offset);
    void (*write8)(void *device, uint64_t offset, uint64_t value);

    void *device; /**< passed to all of them */

    /** Sum of the widths the device takes, naturally aligned: 1, 2, 4, 8. 0: any width anywhere. */
    unsigned int widths;
};

#define SIM_BUS_MAX_REGIONS 1024u

/** Answers where no region does: for devices that software moves about. */
struct sim_bus_router {
    void *self;

    /** Who serves an address; NULL: nobody. What is returned is valid until the next call. */
    const struct sim_region *(*find)(void *self, uint64_t address);
};

/** Regions that do not overlap. All zero: an empty bus. */
struct sim_bus {
    struct sim_region **regions; /**< each stays where it is until sim_bus_free */
    size_t count;
    struct sim_bus_router router; /**< `find` is NULL: there is none */
};

/** A range of addresses. */
struct sim_bus_gap {
    uint64_t base, size;
};

/**
 * Connect a region.
 *
 * @param region  copied
 * @param limit   first port or address past the end of the space
 * @param[out] error  the region is empty, leaves the space, overlaps another, or there are
 *                    SIM_BUS_MAX_REGIONS already
 * @return the bus's own copy, or NULL with *error set
 */
const struct sim_region *sim_bus_add(struct sim_bus *bus, const struct sim_region *region,
                                     uint64_t limit, struct sim_error *error);

/** Free the regions; the devices stay. */
void sim_bus_free(struct sim_bus *bus);

/** Who serves all of @p width bytes from @p address, regions before the router; NULL: nobody. */
const struct sim_region *sim_bus_find(const struct sim_bus *bus, uint64_t address,
                                      unsigned int width);

/**
 * The addresses around one that are in no region.
 *
 * @param address  in no region
 * @param within   the space to look at; the address is in it
 */
struct sim_bus_gap sim_bus_find_gap(const struct sim_bus *bus, uint64_t address,
                                    struct sim_bus_gap within);

#endif
