/* SPDX-License-Identifier: MIT */
/*
 * Reading the tables as the processor does, [SDM 3A] 4.5.4: nothing is written,
 * so a table that is its own ancestor is followed like any other; there are at
 * most five steps. A right counts only if every entry of the path grants it,
 * [SDM 3A] 4.6.1: R/W and U/S are the intersection of all, XD is their union.
 *
 * Walks of many addresses go down together, level by level: while one waits for
 * an entry that is in no cache, the others are under way too.
 */
#include <stddef.h>

#include "drydock/paging.h"
#include "paging_walk.h"

enum {
    SIDE_BY_SIDE = 32 /* walks at once: more than a core keeps cache misses going */
};

/* A walk that only reads. */
struct reading {
    uint64_t vaddr;
    volatile uint64_t *slot; /* NULL: out of reach */
    uint64_t entry;
    uint64_t all; /* of the entries above */
    uint64_t any;
    unsigned int level; /* of the slot */
};

static void start(struct reading *reading, const struct dd_address_space *space, uint64_t vaddr,
                  volatile uint64_t *root)
{
    unsigned int level = space->format.levels;

    reading->vaddr = vaddr;
    reading->slot = root == NULL ? NULL : root + dd_table_index(dd_vaddr_from(vaddr), level);
    reading->entry = 0;
    reading->all = ~UINT64_C(0);
    reading->any = 0;
    reading->level = level;
}

/* Read the entry; if it references a table, stand at that one's. Whether the walk goes on. */
static inline bool step(struct reading *reading, const struct dd_address_space *space,
                        uint64_t reserved)
{
    uint64_t judged = DD_BITS(DD_PDE_P) | DD_BITS(DD_PDE_PS) | reserved;
    unsigned int below = reading->level - 1;
    dd_vaddr vaddr = dd_vaddr_from(reading->vaddr);
    uint64_t entry = *reading->slot;
    volatile uint64_t *table = NULL;

    reading->entry = entry;
    if (below == 0 || (entry & judged) != DD_BITS(DD_PDE_P)) {
        return false;
    }
    table = dd_paging_memory_table(space->memory, dd_paging_entry_table(&space->format, entry),
                                   (struct dd_paging_place){below, vaddr});
    if (table == NULL) {
        reading->slot = NULL;
        return false;
    }
    reading->all &= entry;
    reading->any |= entry;
    reading->level = below;
    reading->slot = table + dd_table_index(vaddr, below);
    return true;
}

/* Whether the entry at which a reading ended can be one's end: not a table's that was not followed. */
static enum dd_status check_end(const struct reading *reading)
{
    bool is_table = dd_paging_entry_is_present(reading->entry) &&
                    dd_paging_entry_is_table(reading->level, reading->entry);

    return reading->slot == NULL || is_table ? DD_EMALFORMED : DD_OK;
}

/* What a reading found. `reserved` are the bits that are reserved at every level. */
static enum dd_status finish(const struct reading *reading, const struct dd_address_space *space,
                             uint64_t reserved, struct dd_translation *translation)
{
    const struct dd_paging_format *format = &space->format;
    unsigned int level = reading->level;
    uint64_t entry = reading->entry;
    enum dd_status status = check_end(reading);

    if (status != DD_OK) {
        return status;
    }
    if (!dd_paging_entry_is_present(entry)) {
        return DD_ENOTMAPPED;
    }
    if ((entry & (level == 1 ? reserved : dd_paging_reserved_in_page(format, level))) != 0) {
        return DD_EMALFORMED;
    }
    translation->address =
        dd_paddr_from(dd_paging_entry_page(format, level, entry).raw +
                      dd_page_offset(dd_vaddr_from(reading->vaddr), dd_table_entry_bytes(level)));
    translation->size = dd_paging_page_size(level);
    translation->flags = dd_paging_entry_flags(format, level, entry) &
                         (dd_paging_path_rights(reading->all, reading->any) | ~DD_MAP_RIGHTS);
    return DD_OK;
}

static bool is_canonical(const struct dd_address_space *space, dd_vaddr vaddr)
{
    return dd_vaddr_is_canonical(vaddr, dd_paging_linear_width(&space->format));
}

static enum dd_status fail_at(const struct reading *reading, const struct dd_address_space *space,
                              enum dd_status status)
{
    return dd_paging_fail(space,
                          (struct dd_paging_error){status, reading->level,
                                                   dd_vaddr_from(reading->vaddr), reading->entry});
}

static enum dd_status read_path(struct reading *reading, const struct dd_address_space *space,
                                dd_vaddr vaddr)
{
    uint64_t reserved = dd_paging_reserved_in_table(&space->format);

    if (!is_canonical(space, vaddr)) {
        (void)dd_paging_fail(space,
                             (struct dd_paging_error){.status = DD_ECANONICAL, .vaddr = vaddr});
        return DD_ECANONICAL;
    }
    start(reading, space, vaddr.raw, dd_paging_root_table(space));
    while (reading->slot != NULL && step(reading, space, reserved)) {
    }
    return DD_OK;
}

enum dd_status dd_paging_translate(const struct dd_address_space *space, dd_vaddr vaddr,
                                   struct dd_translation *translation)
{
    struct reading reading;
    enum dd_status status = read_path(&reading, space, vaddr);

    if (status != DD_OK) {
        return status;
    }
    status = finish(&reading, space, dd_paging_reserved_in_table(&space->format), translation);
    return status == DD_OK ? DD_OK : fail_at(&reading, space, status);
}

enum dd_status dd_paging_query(const struct dd_address_space *space, dd_vaddr vaddr,
                               struct dd_paging_entry *entry)
{
    struct reading reading;
    enum dd_status status = read_path(&reading, space, vaddr);

    if (status != DD_OK) {
        return status;
    }
    status = check_end(&reading);
    if (status != DD_OK) {
        return fail_at(&reading, space, status);
    }
    *entry = dd_paging_entry_decode(&space->format, reading.level, reading.entry);
    return DD_OK;
}

/* ---- Many ---- */

/* One step of each walk that has come to a level. */
static void step_all(struct reading *readings, const struct dd_address_space *space,
                     unsigned int count, unsigned int level)
{
    uint64_t reserved = dd_paging_reserved_in_table(&space->format);

    for (unsigned int i = 0; i < count; i++) {
        if (readings[i].level == level && readings[i].slot != NULL &&
            step(&readings[i], space, reserved)) {
            DD_PREFETCH(readings[i].slot);
        }
    }
}

/* Walks to the entries that decide about addresses, all at once. Some may not be canonical. */
static void read_some(struct reading *readings, const struct dd_address_space *space,
                      const dd_vaddr *vaddrs, unsigned int count)
{
    volatile uint64_t *root = dd_paging_root_table(space);

    for (unsigned int i = 0; i < count; i++) {
        start(&readings[i], space, vaddrs[i].raw, is_canonical(space, vaddrs[i]) ? root : NULL);
    }
    for (unsigned int level = space->format.levels; level > 0; level--) {
        step_all(readings, space, count, level);
    }
}

static unsigned int some_of(size_t count)
{
    return count < SIDE_BY_SIDE ? (unsigned int)count : SIDE_BY_SIDE;
}

void dd_paging_translate_many(const struct dd_address_space *space, const dd_vaddr *vaddrs,
                              size_t count, struct dd_translation_result *results)
{
    struct reading readings[SIDE_BY_SIDE];
    uint64_t reserved = dd_paging_reserved_in_table(&space->format);

    while (count > 0) {
        unsigned int now = some_of(count);

        read_some(readings, space, vaddrs, now);
        for (unsigned int i = 0; i < now; i++) {
            results[i].status = is_canonical(space, vaddrs[i])
                                    ? finish(&readings[i], space, reserved, &results[i].translation)
                                    : DD_ECANONICAL;
        }
        vaddrs += now;
        results += now;
        count -= now;
    }
}

void dd_paging_prefetch(const struct dd_address_space *space, const dd_vaddr *vaddrs, size_t count)
{
    struct reading readings[SIDE_BY_SIDE];

    while (count > 0) {
        unsigned int now = some_of(count);

        read_some(readings, space, vaddrs, now);
        vaddrs += now;
        count -= now;
    }
}
