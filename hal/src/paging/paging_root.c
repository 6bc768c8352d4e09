/* SPDX-License-Identifier: MIT */
/*
 * The two halves of a root. The lower one is an address space's own, and goes
 * with it. The upper one is the kernel's and the same everywhere: if each of its
 * entries has a table before the first copy is made, whatever is mapped later is
 * mapped in all of them, without anyone copying anything again.
 */
#include "drydock/paging_space.h"

#include <stddef.h>

#include "paging_frames.h"
#include "paging_walk.h"
#include "tlb_note.h"

enum {
    UPPER_HALF = DD_TABLE_ENTRIES / 2 /* first entry of it in a root */
};

static enum dd_status fail(const struct dd_address_space *space, enum dd_status status)
{
    return dd_paging_fail(space, (struct dd_paging_error){.status = status});
}

/* ---- The lower half ---- */

struct taking_down {
    const struct dd_address_space *space;
    struct dd_tlb_pending *pending;
    dd_paddr frames[DD_PAGING_LEVELS_MAX + 1]; /* by level: the path */
};

static bool is_on_path(const struct taking_down *down, unsigned int level, dd_paddr frame)
{
    for (; level <= down->space->format.levels; level++) {
        if (down->frames[level].raw == frame.raw) {
            return true;
        }
    }
    return false;
}

/*
 * Note the tables that the first `count` entries of a table reference, and then the table. Each is
 * gone into once: a table that is met again is on the path, or waits already.
 */
static void take_down(struct taking_down *down, struct dd_paging_place place, dd_paddr frame,
                      unsigned int count)
{
    const struct dd_address_space *space = down->space;
    volatile uint64_t *table = dd_paging_memory_table(space->memory, frame, place);

    if (table == NULL || dd_tlb_is_waiting(table, frame)) {
        return;
    }
    down->frames[place.level] = frame;
    for (unsigned int i = 0; i < count; i++) {
        struct dd_paging_entry entry =
            dd_paging_entry_decode(&space->format, place.level, table[i]);
        uint64_t offset = i * dd_table_entry_bytes(place.level);

        if (entry.state == DD_PAGING_TABLE && !is_on_path(down, place.level, entry.address)) {
            take_down(
                down,
                (struct dd_paging_place){place.level - 1, dd_vaddr_from(place.vaddr.raw + offset)},
                entry.address, DD_TABLE_ENTRIES);
        }
    }
    dd_tlb_note_table(down->pending, space, frame, place.vaddr.raw);
}

enum dd_status dd_paging_destroy(const struct dd_address_space *space,
                                 struct dd_tlb_pending *pending)
{
    struct taking_down down = {.space = space, .pending = pending};
    enum dd_status status = dd_tlb_check(pending, space);

    if (status == DD_OK && dd_paging_root_table(space) == NULL) {
        status = DD_EMALFORMED;
    }
    if (status != DD_OK) {
        return fail(space, status);
    }
    dd_tlb_note_below(pending, space, 0);
    take_down(&down, (struct dd_paging_place){space->format.levels, {0}}, space->root, UPPER_HALF);
    return DD_OK;
}

/* ---- The upper half ---- */

/* Entries of the upper half that are empty; an entry of software is in the way of a table. */
static enum dd_status count_missing(const struct dd_address_space *space,
                                    const volatile uint64_t *root, unsigned int *missing)
{
    unsigned int levels = space->format.levels;

    for (unsigned int i = UPPER_HALF; i < DD_TABLE_ENTRIES; i++) {
        if (root[i] == 0) {
            (*missing)++;
        } else if (!dd_paging_entry_is_present(root[i])) {
            dd_vaddr vaddr = dd_vaddr_truncate(i * dd_table_entry_bytes(levels),
                                               dd_paging_linear_width(&space->format));

            return dd_paging_fail(space,
                                  (struct dd_paging_error){DD_EEXIST, levels, vaddr, root[i]});
        }
    }
    return DD_OK;
}

enum dd_status dd_paging_prepare_upper(const struct dd_address_space *space)
{
    struct dd_paging_chain frames = {.memory = space->memory};
    volatile uint64_t *root = dd_paging_root_table(space);
    unsigned int missing = 0;
    enum dd_status status = DD_OK;

    if (root == NULL) {
        return fail(space, DD_EMALFORMED);
    }
    status = count_missing(space, root, &missing);
    if (status != DD_OK) {
        return status;
    }
    status = dd_paging_chain_fill(&frames, missing);
    if (status != DD_OK) {
        return fail(space, status);
    }
    for (unsigned int i = UPPER_HALF; i < DD_TABLE_ENTRIES; i++) {
        if (root[i] == 0) {
            dd_paddr frame = dd_paging_chain_take(&frames);

            dd_paging_frame_clear(space->memory, dd_paging_memory_unlinked(space->memory, frame),
                                  DD_TABLE_ENTRIES);
            root[i] = dd_paging_entry_for_table(&space->format, frame);
        }
    }
    return DD_OK;
}

/* An entry as it has to be in the copy: a recursive slot references its own root. */
static uint64_t translate_entry(const struct dd_address_space *to,
                                const struct dd_address_space *from, uint64_t entry)
{
    if (dd_paging_entry_is_present(entry) &&
        dd_paging_entry_table(&from->format, entry).raw == from->root.raw) {
        return dd_paging_entry_for_table(&to->format, to->root);
    }
    return entry;
}

enum dd_status dd_paging_share_upper(const struct dd_address_space *to,
                                     const struct dd_address_space *from)
{
    /* `to` need not be in use, and then a recursive slot shows it as it shows new tables. */
    volatile uint64_t *copies = dd_paging_memory_unlinked(to->memory, to->root);
    volatile uint64_t *entries = dd_paging_root_table(from);

    if (to->format.levels != from->format.levels || to->root.raw == from->root.raw) {
        return fail(to, DD_EARG);
    }
    if (copies == NULL || entries == NULL) {
        return fail(to, DD_EMALFORMED);
    }
    for (unsigned int i = UPPER_HALF; i < DD_TABLE_ENTRIES; i++) {
        uint64_t difference = copies[i] ^ translate_entry(to, from, entries[i]);

        if (copies[i] != 0 && (difference & ~DD_BITS(DD_PML4E_A)) != 0) {
            return dd_paging_fail(to, (struct dd_paging_error){DD_EEXIST, to->format.levels,
                                                               dd_vaddr_from(0), copies[i]});
        }
    }
    for (unsigned int i = UPPER_HALF; i < DD_TABLE_ENTRIES; i++) {
        copies[i] = translate_entry(to, from, entries[i]);
    }
    return DD_OK;
}
