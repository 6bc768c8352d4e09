/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of ranges that do not overlap. Ports are looked up here; the engine
 * dispatches memory-mapped accesses itself and only keeps pointers to regions,
 * which is why each has memory of its own.
 */
#include "sim/machine/bus.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

static int check_region(const struct sim_bus *bus, const struct sim_region *region, uint64_t limit,
                        struct sim_error *error)
{
    uint64_t last = region->base + region->size - 1;

    if (region->size == 0 || region->base >= limit || region->size > limit - region->base) {
        return sim_error_set(error, "%s: 0x%" PRIx64 " bytes at 0x%" PRIx64 " do not fit the space",
                             region->name, region->size, region->base);
    }
    if (bus->count == SIM_BUS_MAX_REGIONS) {
        return sim_error_set(error, "%s: more than %u regions", region->name, SIM_BUS_MAX_REGIONS);
    }
    for (size_t i = 0; i < bus->count; i++) {
        const struct sim_region *other = bus->regions[i];

        if (region->base <= other->base + (other->size - 1) && other->base <= last) {
            return sim_error_set(error,
                                 "%s at 0x%" PRIx64 "..0x%" PRIx64 " overlaps %s at 0x%" PRIx64
                                 "..0x%" PRIx64,
                                 region->name, region->base, last, other->name, other->base,
                                 other->base + (other->size - 1));
        }
    }
    return 0;
}

const struct sim_region *sim_bus_add(struct sim_bus *bus, const struct sim_region *region,
                                     uint64_t limit, struct sim_error *error)
{
    struct sim_region **regions = NULL;
    struct sim_region *copy = NULL;

    if (check_region(bus, region, limit, error) != 0) {
        return NULL;
    }
    regions = realloc(bus->regions, (bus->count + 1) * sizeof(struct sim_region *));
    if (regions != NULL) {
        bus->regions = regions;
        copy = malloc(sizeof *copy);
    }
    if (copy == NULL) {
        (void)sim_error_set(error, "out of memory");
        return NULL;
    }
    *copy = *region;
    bus->regions[bus->count++] = copy;
    return copy;
}

void sim_bus_free(struct sim_bus *bus)
{
    for (size_t i = 0; i < bus->count; i++) {
        free(bus->regions[i]);
    }
    free(bus->regions);
    *bus = (struct sim_bus){0};
}

static bool serves(const struct sim_region *region, uint64_t address, unsigned int width)
{
    return address >= region->base && width <= region->size &&
           address - region->base <= region->size - width;
}

const struct sim_region *sim_bus_find(const struct sim_bus *bus, uint64_t address,
                                      unsigned int width)
{
    const struct sim_region *region = NULL;

    for (size_t i = 0; i < bus->count; i++) {
        if (serves(bus->regions[i], address, width)) {
            return bus->regions[i];
        }
    }
    if (bus->router.find != NULL) {
        region = bus->router.find(bus->router.self, address);
    }
    return region != NULL && serves(region, address, width) ? region : NULL;
}

struct sim_bus_gap sim_bus_find_gap(const struct sim_bus *bus, uint64_t address,
                                    struct sim_bus_gap within)
{
    uint64_t begin = within.base;
    uint64_t end = within.base + within.size;

    for (size_t i = 0; i < bus->count; i++) {
        const struct sim_region *region = bus->regions[i];
        uint64_t region_end = region->base + region->size;

        if (region_end <= address && region_end > begin) {
            begin = region_end;
        } else if (region->base > address && region->base < end) {
            end = region->base;
        }
    }
    return (struct sim_bus_gap){begin, end - begin};
}
