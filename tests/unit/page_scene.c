/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scene: what calls about it have in common, and how it is compared with the tables. */
#include "tests/unit/page_scene.h"

#include <check.h>
#include <string.h>

#include "sim/mmu/mmu_walk.h"
#include "tests/unit/page_world.h"

struct scene scene;

static const uint64_t address_bits = UINT64_C(0x000FFFFFFFFFF000);
static const uint64_t frame_bits = WORLD_FRAMES * 4096 - 4096;

uint64_t scene_key(const struct ask *ask)
{
    return page_map_key(&scene.map, ask->space, ask->vaddr);
}

struct dd_tlb_pending *scene_pending(const struct ask *ask)
{
    return ask->batch == 0 ? NULL : &scene.pending[ask->batch - 1];
}

/* ---- Arguments ---- */

static bool is_canonical(uint64_t address)
{
    return page_map_address(&scene.map, page_map_key(&scene.map, 0, address)) == address;
}

enum dd_status scene_check_page(const struct ask *ask, bool is_changing)
{
    uint64_t size = (uint64_t)ask->size;

    if (is_changing && ask->batch == 0) {
        return DD_EARG;
    }
    if (size != 0x1000 && size != 0x200000 && size != 0x40000000) {
        return DD_EARG;
    }
    if (size == 0x40000000 && !scene.map.format.pages_1g) {
        return DD_ENOTSUP;
    }
    if (ask->vaddr % size != 0) {
        return DD_EALIGN;
    }
    return is_canonical(ask->vaddr) ? DD_OK : DD_ECANONICAL;
}

enum dd_status scene_check_range(const struct ask *ask, bool is_changing)
{
    uint64_t last = ask->vaddr + ask->length - 1;

    if ((is_changing && ask->batch == 0) || ask->length == 0) {
        return DD_EARG;
    }
    if (ask->vaddr % 4096 != 0 || ask->length % 4096 != 0) {
        return DD_EALIGN;
    }
    if (!is_canonical(ask->vaddr)) {
        return DD_ECANONICAL;
    }
    if (last < ask->vaddr || !is_canonical(last) || last >> 63 != ask->vaddr >> 63) {
        return DD_EWRAP;
    }
    return DD_OK;
}

enum dd_status scene_check_flags(unsigned int flags)
{
    if ((flags & ~DD_MAP_ALL) != 0) {
        return DD_EARG;
    }
    return (flags & DD_MAP_ENCRYPTED) != 0 && scene.map.format.encryption == DD_ENCRYPTION_NONE
               ? DD_ENOTSUP
               : DD_OK;
}

enum dd_status scene_check_physical(const struct ask *ask, uint64_t bytes, uint64_t alignment)
{
    const struct dd_paging_format *format = &scene.map.format;
    unsigned int width = format->physical_width;
    uint64_t last = ask->paddr + bytes - 1;

    /* The generator puts the encryption bit below the width, so it ends the addresses. */
    if (format->encryption != DD_ENCRYPTION_NONE) {
        width = format->encryption_bit;
    }
    if (ask->paddr % alignment != 0) {
        return DD_EALIGN;
    }
    return last < ask->paddr || last >> width != 0 ? DD_EARG : DD_OK;
}

/* ---- What changes ---- */

static void add_stale(const struct ask *ask, struct stale stale)
{
    const struct dd_address_space *space = &scene.spaces[ask->space];
    bool is_upper = stale.first >> 63 != 0;

    stale.pcid = is_upper && space->pcid_enabled ? WORLD_EVERY_PCID : space->pcid;
    stale.batch = ask->batch;
    world_add_stale(stale);
}

void scene_stale_pages(const struct ask *ask, uint64_t first, uint64_t last)
{
    const struct page_map *map = &scene.map;

    for (size_t i = page_map_find(map, first); i < map->interval_count; i++) {
        const struct interval *pages = &map->intervals[i];
        uint64_t begin = pages->first > first ? pages->first : first;
        uint64_t end = pages->last < last ? pages->last : last;

        if (pages->first > last) {
            break;
        }
        if (pages->kind == INTERVAL_PAGES) {
            add_stale(ask, (struct stale){.first = page_map_address(map, begin),
                                          .bytes = entry_bytes(pages->level),
                                          .count = (unsigned int)((end - begin + 1) /
                                                                  entry_bytes(pages->level)),
                                          .global = (pages->flags & DD_MAP_GLOBAL) != 0});
        }
    }
}

void scene_drop_table(const struct ask *ask, struct table *table)
{
    add_stale(ask, (struct stale){.first = page_map_address(&scene.map, table->first),
                                  .bytes = entry_bytes(table->level + 1),
                                  .count = 1});
    page_map_remove_table(&scene.map, table);
    scene.pending_tables[ask->batch - 1]++;
}

static void drop_idle_of_level(const struct ask *ask, uint64_t first, uint64_t last,
                               unsigned int level)
{
    struct page_map *map = &scene.map;

    for (size_t i = map->table_count; i > 0; i--) {
        struct table *table = &map->tables[i - 1];

        if (table->level == level && table->first <= last &&
            table->first + entry_bytes(level + 1) - 1 >= first && page_map_is_idle(map, table)) {
            scene_drop_table(ask, table);
        }
    }
}

void scene_drop_idle(const struct ask *ask, uint64_t first, uint64_t last)
{
    for (unsigned int level = 1; level < scene.map.format.levels; level++) {
        drop_idle_of_level(ask, first, last, level);
    }
}

/* ---- Addresses ---- */

uint64_t *scene_entry(uint64_t key, unsigned int level)
{
    uint64_t frame = scene.spaces[key >> PAGE_MAP_OWNER_SHIFT].root.raw;
    unsigned int at = scene.map.format.levels;

    for (; at > level; at--) {
        frame = world_frame(frame)[key >> (3 + 9 * at) & 511] & frame_bits;
    }
    return &world_frame(frame)[key >> (3 + 9 * at) & 511];
}

struct sim_cpu scene_cpu(unsigned int space)
{
    return (struct sim_cpu){.cr0 = 0x80010033,
                            .cr3 = scene.spaces[space].root.raw,
                            .cr4 = world.cr4,
                            .efer = world.efer,
                            .cs = 8,
                            .code = SIM_WIDTH_64,
                            .stack = SIM_WIDTH_64,
                            .physical_bits = scene.map.format.physical_width};
}

/* [SDM 3A] table 11-11: PAT, PCD, PWT. */
static unsigned int pat_index_of(unsigned int flags)
{
    return ((flags & DD_MAP_PAT) != 0 ? 4u : 0u) + ((flags & DD_MAP_UNCACHED) != 0 ? 2u : 0u) +
           ((flags & DD_MAP_WRITE_THROUGH) != 0 ? 1u : 0u);
}

/* The reference walker knows no encryption bit: an entry of a table with a C-bit is an address. */
static void check_walker(const struct ask *ask, const struct interval *page, uint64_t physical,
                         unsigned int flags)
{
    struct sim_cpu cpu = scene_cpu(ask->space);
    struct sim_access access = {ask->vaddr, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR};
    struct sim_walk walk = sim_mmu_walk(&cpu, world_memory(), access);

    if ((walk.outcome == SIM_WALK_MAPPED) != (page != NULL && page->kind == INTERVAL_PAGES)) {
        world_complain("the walker and the model differ about what is mapped");
    } else if (walk.outcome == SIM_WALK_MAPPED) {
        if (scene.map.format.encryption == DD_ENCRYPTION_CLEARED &&
            (flags & DD_MAP_ENCRYPTED) == 0) {
            walk.physical &= ~(UINT64_C(1) << scene.map.format.encryption_bit);
        }
        if (walk.physical != physical || walk.page_size != entry_bytes(page->level) ||
            (walk.rights.read_only == 0) != ((flags & DD_MAP_WRITE) != 0) ||
            (walk.rights.supervisor == 0) != ((flags & DD_MAP_USER) != 0) ||
            (walk.rights.no_execute == 0) != ((flags & DD_MAP_EXECUTE) != 0) ||
            walk.global != ((flags & DD_MAP_GLOBAL) != 0) ||
            walk.pat_index != pat_index_of(flags) ||
            walk.rights.key != DD_GET(flags, DD_MAP_KEY_FIELD)) {
            world_complain("the walker and the model differ about a page");
        }
    }
}

static void check_query(const struct ask *ask, const struct page_run *run,
                        const struct interval *interval)
{
    struct dd_paging_entry entry;
    enum dd_status status =
        dd_paging_query(&scene.spaces[ask->space], dd_vaddr_from(ask->vaddr), &entry);
    uint64_t key = scene_key(ask);
    uint64_t raw = 0;

    if (interval != NULL) {
        raw = page_map_raw(&scene.map, interval, (key & ~(entry_bytes(interval->level) - 1)));
    }
    if (status != DD_OK || entry.raw != raw || entry.level != run->level) {
        world_complain("query and the model differ");
    }
}

void scene_check_address(unsigned int space, uint64_t address)
{
    struct ask ask = {.space = space, .vaddr = address};
    uint64_t key = scene_key(&ask);
    struct page_run run = page_map_run(&scene.map, key, key);
    const struct interval *page = page_map_at(&scene.map, key);
    bool is_mapped = page != NULL && page->kind == INTERVAL_PAGES;
    struct dd_translation_result result = {.translation = {.flags = 0xDEAD}};
    dd_vaddr vaddr = dd_vaddr_from(address);
    uint64_t physical = page == NULL ? 0 : page->value + (key - page->first);
    unsigned int flags = page == NULL ? 0 : page->flags & (run.rights | ~DD_MAP_RIGHTS);
    enum dd_status status = dd_paging_translate(&scene.spaces[space], vaddr, &result.translation);

    if (status != (is_mapped ? DD_OK : DD_ENOTMAPPED) ||
        (is_mapped && (result.translation.address.raw != physical ||
                       result.translation.size != entry_bytes(page->level) ||
                       result.translation.flags != flags)) ||
        (!is_mapped && result.translation.flags != 0xDEAD)) {
        world_complain("translate and the model differ");
    }
    dd_paging_translate_many(&scene.spaces[space], &vaddr, 1, &result);
    if (result.status != status || (is_mapped && (result.translation.address.raw != physical ||
                                                  result.translation.flags != flags))) {
        world_complain("translate_many and the model differ");
    }
    check_query(&ask, &run, page);
    if (scene.map.format.encryption != DD_ENCRYPTION_SET) {
        check_walker(&ask, page, physical, flags);
    }
}

/* ---- Everything ---- */

/* A table, and what of the map has not been met in it yet. */
struct comparison {
    uint64_t first; /* key */
    unsigned int level;
    size_t interval, table;
    unsigned int frames; /* met so far */
};

static void compare_table(struct comparison *comparison, uint64_t frame);

/* The next table of the map that is referenced by this one, at or after a key. */
static const struct table *next_table(struct comparison *comparison, uint64_t key)
{
    while (comparison->table < scene.map.table_count) {
        const struct table *table = &scene.map.tables[comparison->table];

        if (table->first >= key && table->level + 1 == comparison->level) {
            return table;
        }
        comparison->table++;
    }
    return NULL;
}

/* The next interval of the map that has something in the table, at or after a key. */
static const struct interval *next_interval(struct comparison *comparison, uint64_t key)
{
    while (comparison->interval < scene.map.interval_count &&
           scene.map.intervals[comparison->interval].last < key) {
        comparison->interval++;
    }
    return comparison->interval < scene.map.interval_count
               ? &scene.map.intervals[comparison->interval]
               : NULL;
}

static void compare_below(struct comparison *comparison, const struct table *table, uint64_t entry)
{
    const struct dd_paging_format *format = &scene.map.format;
    uint64_t frame = entry & frame_bits;
    uint64_t expected = 1 | frame;
    struct comparison below = {.first = table->first,
                               .level = table->level,
                               .interval = page_map_find(&scene.map, table->first)};

    expected |= (table->rights & DD_MAP_WRITE) != 0 ? 2 : 0;
    expected |= (table->rights & DD_MAP_USER) != 0 ? 4 : 0;
    expected |= (table->rights & DD_MAP_EXECUTE) == 0 ? UINT64_C(1) << 63 : 0;
    if (format->encryption == DD_ENCRYPTION_SET) {
        expected |= UINT64_C(1) << format->encryption_bit;
    }
    if (((entry ^ expected) & ~UINT64_C(0x20)) != 0) { /* A */
        world_complain("the entry of a table is not as expected");
        return;
    }
    compare_table(&below, frame);
    comparison->frames += below.frames;
}

/* How many entries from a key on should be 0. */
static uint64_t count_empty(struct comparison *comparison, uint64_t key)
{
    const struct table *table = next_table(comparison, key);
    const struct interval *interval = next_interval(comparison, key);
    uint64_t end = UINT64_MAX;

    if (table != NULL) {
        end = table->first;
    }
    if (interval != NULL && interval->first < end) {
        end = interval->first < key ? key : interval->first;
    }
    return (end - key) / entry_bytes(comparison->level);
}

static void compare_entry(struct comparison *comparison, uint64_t key, uint64_t entry)
{
    const struct table *table = next_table(comparison, key);
    const struct interval *interval = next_interval(comparison, key);

    if (table != NULL && table->first == key) {
        compare_below(comparison, table, entry);
    } else if (entry != (interval != NULL && interval->first <= key
                             ? page_map_raw(&scene.map, interval, key)
                             : 0)) {
        world_complain("an entry is not as expected");
    }
}

/* Compare entries `i` to `end` of a table. */
static void compare_entries(struct comparison *comparison, const uint64_t *entries, unsigned int i,
                            unsigned int end)
{
    static const uint64_t nothing[512];

    while (i < end && world.complaint == NULL) {
        uint64_t key = comparison->first + i * entry_bytes(comparison->level);
        uint64_t empty = count_empty(comparison, key);

        if (empty == 0) {
            compare_entry(comparison, key, entries[i]);
            i++;
            continue;
        }
        empty = empty < end - i ? empty : end - i;
        if (memcmp(&entries[i], nothing, empty * sizeof nothing[0]) != 0) {
            world_complain("an entry should be empty");
        }
        i += (unsigned int)empty;
    }
}

static void compare_table(struct comparison *comparison, uint64_t frame)
{
    comparison->frames++;
    compare_entries(comparison, world_frame(frame), 0, 512);
}

/* Root entries that are shared are the same in both roots; they are compared in the first one. */
static void compare_shared(void)
{
    uint64_t *original = world_frame(scene.spaces[0].root.raw);
    uint64_t *copy = world_frame(scene.spaces[1].root.raw);

    for (unsigned int i = 0; i < PAGE_MAP_ROOT_UPPER; i++) {
        uint64_t difference = original[256 + i] ^ copy[256 + i];

        if (scene.map.shared[i] && (difference & address_bits) != 0) {
            world_complain("a shared entry is not the same");
        }
    }
}

static unsigned int compare_root(unsigned int space)
{
    const uint64_t *entries = world_frame(scene.spaces[space].root.raw);
    struct comparison comparison = {.level = scene.map.format.levels, .frames = 1};

    comparison.first = (uint64_t)space << PAGE_MAP_OWNER_SHIFT;
    comparison.interval = page_map_find(&scene.map, comparison.first);
    compare_entries(&comparison, entries, 0, 256);
    for (unsigned int i = 0; i < PAGE_MAP_ROOT_UPPER; i++) {
        if (space == 0 || !scene.map.shared[i]) {
            compare_entries(&comparison, entries, 256 + i, 257 + i);
        }
    }
    return comparison.frames;
}

void scene_check_all(void)
{
    unsigned int frames = scene.lost;

    for (unsigned int i = 0; i < SCENE_BATCHES; i++) {
        frames += scene.pending_tables[i];
    }
    for (unsigned int space = 0; space < PAGE_MAP_SPACES && world.complaint == NULL; space++) {
        if (scene.is_alive[space]) {
            frames += compare_root(space);
        }
    }
    if (scene.is_alive[1]) {
        compare_shared();
    }
    if (world.complaint == NULL && frames != world.frames_in_use) {
        world_complain("frames are in use that nothing needs, or the contrary");
    }
}
