/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of devices share: ports without a machine, and a line that
 * remembers what happened to it.
 */
#ifndef DRYDOCK_TESTS_DEVICE_CASE_H
#define DRYDOCK_TESTS_DEVICE_CASE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"
#include "tests/unit/unit.h"

/** The end of a line: its level, and how often it rose. */
struct line_record {
    bool level;
    unsigned int rises;
};

static inline void line_record_set(void *sink, unsigned int number, bool level)
{
    struct line_record *record = sink;

    (void)number;
    record->rises += level && !record->level;
    record->level = level;
}

/** A line into a record. */
static inline struct sim_line line_to(struct line_record *record)
{
    return (struct sim_line){.set = line_record_set, .sink = record};
}

/** Access a port that the region has. */
static inline uint8_t region_in(const struct sim_region *region, uint64_t port)
{
    ck_assert_msg(port - region->base < region->size, "%s has no port", region->name);
    return (uint8_t)region->read(region->device, port - region->base, 1);
}

static inline void region_out(const struct sim_region *region, uint64_t port, uint8_t value)
{
    ck_assert_msg(port - region->base < region->size, "%s has no port", region->name);
    region->write(region->device, port - region->base, 1, value);
}

/** The region is at these ports and takes these widths. */
static inline void check_region(const struct sim_region *region, uint64_t base, uint64_t size,
                                unsigned int widths)
{
    ck_assert_uint_eq(region->base, base);
    ck_assert_uint_eq(region->size, size);
    ck_assert_uint_eq(region->widths, widths);
}

/**
 * A guest without sense: many random accesses to the region, with time passing and the device
 * advanced at its deadlines. It is for the sanitizers, and for loops that do not end.
 */
static inline void torment(const struct sim_region *region, const struct sim_device *device,
                           struct sim_clock *clock)
{
    uint32_t random = 2463534242u;

    for (unsigned int i = 0; i < 200000; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        uint64_t offset = random % region->size;
        unsigned int width = random & 0x40 ? 1 : region->size - offset >= 2 ? 2 : 1;

        if ((random & 0x100) != 0) {
            region->write(region->device, offset, width, random >> 9);
        } else {
            (void)region->read(region->device, offset, width);
        }
        clock->now += (random & 0x3000) == 0 ? (uint64_t)random << (random & 15) : random & 0xFFFF;
        if (device->deadline != NULL && device->deadline(device->self) <= clock->now) {
            device->advance(device->self);
        }
    }
}

#endif
