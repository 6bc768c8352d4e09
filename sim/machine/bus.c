/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of ranges that do not overlap. Ports are looked up here; the engine
 * dispatches memory-mapped accesses itself and only keeps pointers to regions,
 * which is why each has memory of its own.
 */
#include "sim/machine/bus.h"

#include <inttypes.h>
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

const struct sim_region *sim_bus_find(const struct sim_bus *bus, uint64_t address,
                                      unsigned int width)
{
    for (size_t i = 0; i < bus->count; i++) {
        const struct sim_region *region = bus->regions[i];

        if (address >= region->base && width <= region->size &&
            address - region->base <= region->size - width) {
            return region;
        }
    }
    return NULL;
}
