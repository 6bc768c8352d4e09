/* SPDX-License-Identifier: MIT */
/*
 * Reading the tables as the processor does, [SDM 3A] 4.5.4: nothing is written,
 * so a table that is its own ancestor is followed like any other; there are at
 * most five steps. A right counts only if every entry of the path grants it,
 * [SDM 3A] 4.6.1: R/W and U/S are the intersection of all, XD is their union.
 */
#include <stddef.h>

#include "drydock/paging.h"
#include "paging_quick.h"

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

/* The usual case: an ordinary 4-KByte page. */
static inline bool translate_quickly(const struct dd_address_space *space, dd_vaddr vaddr,
                                     struct dd_translation *translation)
{
    struct dd_paging_quick quick;

    return dd_paging_is_usual(space) && is_canonical(space, vaddr) &&
           dd_paging_quick_walk(space, vaddr, &quick) && quick.level == 1 &&
           dd_paging_quick_page(&space->format, vaddr,
                                (struct dd_paging_path){quick.entry, quick.all, quick.any},
                                translation);
}

enum dd_status dd_paging_translate(const struct dd_address_space *space, dd_vaddr vaddr,
                                   struct dd_translation *translation)
{
    struct reading reading;
    enum dd_status status = DD_OK;

    if (translate_quickly(space, vaddr, translation)) {
        return DD_OK;
    }
    status = read_path(&reading, space, vaddr);
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
