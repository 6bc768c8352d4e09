/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See the header. Nothing here uses the library but its names for flags. */
#include "tests/unit/page_map.h"

#include <check.h>
#include <string.h>

static unsigned int linear_width(const struct page_map *map)
{
    return map->format.levels == 5 ? 57 : 48;
}

static uint64_t half(const struct page_map *map)
{
    return UINT64_C(1) << (linear_width(map) - 1);
}

/* ---- Keys ---- */

bool page_map_is_upper(const struct page_map *map, uint64_t key)
{
    return (key & half(map)) != 0;
}

uint64_t page_map_key(const struct page_map *map, unsigned int space, uint64_t address)
{
    uint64_t place = address & (2 * half(map) - 1);

    if (page_map_is_upper(map, place) &&
        map->shared[(place - half(map)) / entry_bytes(map->format.levels)]) {
        space = 0;
    }
    return place | (uint64_t)space << PAGE_MAP_OWNER_SHIFT;
}

uint64_t page_map_address(const struct page_map *map, uint64_t key)
{
    uint64_t place = key & (2 * half(map) - 1);

    return page_map_is_upper(map, place) ? place | (0 - half(map)) : place;
}

/* ---- Intervals ---- */

size_t page_map_find(const struct page_map *map, uint64_t key)
{
    size_t low = 0;
    size_t high = map->interval_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (map->intervals[middle].last >= key) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

struct interval *page_map_at(struct page_map *map, uint64_t key)
{
    size_t i = page_map_find(map, key);

    return i < map->interval_count && map->intervals[i].first <= key ? &map->intervals[i] : NULL;
}

bool page_map_is_used(const struct page_map *map, uint64_t first, uint64_t last)
{
    size_t i = page_map_find(map, first);

    return i < map->interval_count && map->intervals[i].first <= last;
}

static void insert(struct page_map *map, size_t where, struct interval interval)
{
    if (map->interval_count == PAGE_MAP_INTERVALS) {
        ck_abort_msg("too many intervals");
    }
    memmove(&map->intervals[where + 1], &map->intervals[where],
            (map->interval_count - where) * sizeof interval);
    map->intervals[where] = interval;
    map->interval_count++;
}

void page_map_cut(struct page_map *map, uint64_t key)
{
    size_t i = page_map_find(map, key);
    struct interval after;

    if (i == map->interval_count || map->intervals[i].first >= key) {
        return;
    }
    after = map->intervals[i];
    after.value += key - after.first;
    after.first = key;
    map->intervals[i].last = key - 1;
    insert(map, i + 1, after);
}

/* Whether pages go on, in the same table, where those before them end. */
static bool continues(const struct interval *before, const struct interval *interval)
{
    return interval->kind == INTERVAL_PAGES && before->kind == INTERVAL_PAGES &&
           before->last + 1 == interval->first && before->level == interval->level &&
           before->flags == interval->flags &&
           interval->value - before->value == interval->first - before->first &&
           (before->first ^ interval->first) < entry_bytes(interval->level + 1);
}

void page_map_add(struct page_map *map, struct interval interval)
{
    size_t where = page_map_find(map, interval.first);

    if (where > 0 && continues(&map->intervals[where - 1], &interval)) {
        map->intervals[where - 1].last = interval.last;
    } else {
        insert(map, where, interval);
    }
}

void page_map_remove(struct page_map *map, uint64_t first, uint64_t last)
{
    size_t from = 0;
    size_t to = 0;

    page_map_cut(map, first);
    page_map_cut(map, last + 1);
    from = page_map_find(map, first);
    to = page_map_find(map, last + 1);
    memmove(&map->intervals[from], &map->intervals[to],
            (map->interval_count - to) * sizeof map->intervals[0]);
    map->interval_count -= to - from;
}

/* ---- Tables ---- */

static size_t find_table(const struct page_map *map, uint64_t first, unsigned int level)
{
    size_t low = 0;
    size_t high = map->table_count;

    while (low < high) {
        const struct table *middle = &map->tables[(low + high) / 2];

        if (middle->first > first || (middle->first == first && middle->level >= level)) {
            high = (low + high) / 2;
        } else {
            low = (low + high) / 2 + 1;
        }
    }
    return low;
}

struct table *page_map_table(struct page_map *map, uint64_t key, unsigned int level)
{
    uint64_t first = key & ~(entry_bytes(level + 1) - 1);
    size_t i = find_table(map, first, level);
    struct table *table = &map->tables[i];

    return i < map->table_count && table->first == first && table->level == level ? table : NULL;
}

unsigned int page_map_add_tables(struct page_map *map, uint64_t key, unsigned int level)
{
    unsigned int count = 0;

    for (; level < map->format.levels; level++) {
        struct table table = {key & ~(entry_bytes(level + 1) - 1), level, DD_MAP_RIGHTS};
        size_t where = find_table(map, table.first, level);

        if (page_map_table(map, key, level) != NULL) {
            return count;
        }
        if (map->table_count == PAGE_MAP_TABLES) {
            ck_abort_msg("too many tables");
        }
        memmove(&map->tables[where + 1], &map->tables[where],
                (map->table_count - where) * sizeof table);
        map->tables[where] = table;
        map->table_count++;
        count++;
    }
    return count;
}

void page_map_remove_table(struct page_map *map, struct table *table)
{
    size_t i = (size_t)(table - map->tables);

    map->table_count--;
    memmove(table, table + 1, (map->table_count - i) * sizeof *table);
}

bool page_map_is_idle(const struct page_map *map, const struct table *table)
{
    uint64_t last = table->first + entry_bytes(table->level + 1) - 1;
    size_t below = find_table(map, table->first, 1);

    if (table->level + 1 == map->format.levels && page_map_is_upper(map, table->first)) {
        return false;
    }
    /* Tables that begin where this one does: those below it come first, those above follow. */
    while (below < map->table_count && map->tables[below].first == table->first &&
           map->tables[below].level >= table->level) {
        below++;
    }
    return !page_map_is_used(map, table->first, last) &&
           (below == map->table_count || map->tables[below].first > last);
}

struct page_run page_map_run(struct page_map *map, uint64_t first, uint64_t last)
{
    struct page_run run = {.first = first, .level = map->format.levels, .rights = DD_MAP_RIGHTS};

    for (const struct table *table = NULL;
         run.level > 1 && (table = page_map_table(map, first, run.level - 1)) != NULL;) {
        run.rights &= table->rights;
        run.level--;
    }
    run.last = first | (entry_bytes(run.level > 1 ? run.level : 2) - 1);
    run.last = run.last < last ? run.last : last;
    return run;
}

/* ---- Pages ---- */

void page_map_split(struct page_map *map, uint64_t key)
{
    struct interval page = *page_map_at(map, key);
    uint64_t first = key & ~(entry_bytes(page.level) - 1);

    page_map_cut(map, first);
    page_map_cut(map, first + entry_bytes(page.level));
    page_map_at(map, key)->level--;
    page_map_add_tables(map, key, page.level - 1);
}

/* [SDM 3A] tables 4-16, 4-18, 4-20; [AMD64 v2] 7.10.2 */
uint64_t page_map_raw(const struct page_map *map, const struct interval *interval, uint64_t key)
{
    uint64_t flags = interval->flags;
    uint64_t raw = interval->value + (key - interval->first);
    uint64_t software = DD_GET(flags, DD_MAP_SOFTWARE_FIELD);
    bool encrypted = (flags & DD_MAP_ENCRYPTED) != 0;

    if (interval->kind == INTERVAL_SOFTWARE) {
        return interval->value;
    }
    raw |= 1;
    raw |= (flags & DD_MAP_WRITE) != 0 ? 0x2 : 0;
    raw |= (flags & DD_MAP_USER) != 0 ? 0x4 : 0;
    raw |= (flags & DD_MAP_WRITE_THROUGH) != 0 ? 0x8 : 0;
    raw |= (flags & DD_MAP_UNCACHED) != 0 ? 0x10 : 0;
    raw |= (flags & DD_MAP_ACCESSED) != 0 ? 0x20 : 0;
    raw |= (flags & DD_MAP_DIRTY) != 0 ? 0x40 : 0;
    raw |= (flags & DD_MAP_PAT) != 0 ? (interval->level > 1 ? 0x1000 : 0x80) : 0;
    raw |= interval->level > 1 ? 0x80 : 0; /* PS */
    raw |= (flags & DD_MAP_GLOBAL) != 0 ? 0x100 : 0;
    raw |= (software & 0x7) << 9;
    raw |= (software >> 3) << 52;
    raw |= DD_GET(flags, DD_MAP_KEY_FIELD) << 59;
    raw |= map->format.no_execute && (flags & DD_MAP_EXECUTE) == 0 ? UINT64_C(1) << 63 : 0;
    if (map->format.encryption == DD_ENCRYPTION_SET && encrypted) {
        raw |= UINT64_C(1) << map->format.encryption_bit;
    }
    if (map->format.encryption == DD_ENCRYPTION_CLEARED && !encrypted) {
        raw |= UINT64_C(1) << map->format.encryption_bit;
    }
    return raw;
}

unsigned int page_map_flags(const struct page_map *map, unsigned int flags)
{
    return map->format.no_execute ? flags : flags | DD_MAP_EXECUTE;
}
