/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What address spaces map, without tables of entries: a sorted list of
 * intervals, and a list of the tables that there are.
 *
 * Two address spaces may share parts of their upper halves. So places are not
 * addresses but keys: the address without its sign extension and, above it,
 * whose it is. Keys of neighbouring addresses of one owner are neighbours.
 */
#ifndef DRYDOCK_TESTS_PAGE_MAP_H
#define DRYDOCK_TESTS_PAGE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/paging_entry.h"

enum {
    PAGE_MAP_INTERVALS = 2048,
    PAGE_MAP_TABLES = 1024,
    PAGE_MAP_SPACES = 2,
    PAGE_MAP_ROOT_UPPER = 256, /**< entries of a root that can be shared */
    PAGE_MAP_OWNER_SHIFT = 60, /**< of the owner in a key */
};

enum interval_kind {
    INTERVAL_PAGES,
    INTERVAL_SOFTWARE, /**< one entry */
};

/** Pages in a row: of one size, with one set of flags, leading to memory without a gap. */
struct interval {
    uint64_t first, last; /**< keys; all in one table */
    unsigned int level;   /**< of the entries, 1..3 */
    enum interval_kind kind;
    uint64_t value;     /**< physical address of the first page; or the entry of software */
    unsigned int flags; /**< DD_MAP_… */
};

/** A table; the roots are not in the list. */
struct table {
    uint64_t first; /**< key of the first byte it serves */
    unsigned int level;
    unsigned int rights; /**< DD_MAP_… that the entry that references it grants */
};

struct page_map {
    struct dd_paging_format format;
    bool
        shared[PAGE_MAP_ROOT_UPPER]; /**< upper root entries of space 1 that are those of space 0 */
    size_t interval_count, table_count;
    struct interval intervals[PAGE_MAP_INTERVALS]; /**< sorted */
    struct table tables[PAGE_MAP_TABLES];          /**< sorted by first, then by level */
};

/** Entries of one table that a range has next to each other, or one above level 1. */
struct page_run {
    uint64_t first, last; /**< keys */
    unsigned int level;
    unsigned int rights; /**< that the tables above grant together */
};

/** Bytes of an entry of a level. Spec: [SDM 3A] 4.5.4: 9 bits a level above 12. */
static inline uint64_t entry_bytes(unsigned int level)
{
    return UINT64_C(1) << (3 + 9 * level);
}

/** The key of an address in a space. */
uint64_t page_map_key(const struct page_map *map, unsigned int space, uint64_t address);

/** The canonical address of a key. */
uint64_t page_map_address(const struct page_map *map, uint64_t key);

/** Whether a key is of the upper half. */
bool page_map_is_upper(const struct page_map *map, uint64_t key);

/** Index of the first interval that ends at or after a key. */
size_t page_map_find(const struct page_map *map, uint64_t key);

/** The interval a key is in, or NULL. */
struct interval *page_map_at(struct page_map *map, uint64_t key);

/** Whether any interval has a part of first to last. */
bool page_map_is_used(const struct page_map *map, uint64_t first, uint64_t last);

/** The table of a level that serves a key, or NULL. */
struct table *page_map_table(struct page_map *map, uint64_t key, unsigned int level);

/** Entries from a key to at most another one, in the deepest table there is. */
struct page_run page_map_run(struct page_map *map, uint64_t first, uint64_t last);

/** Begin a new interval at a key, if it is inside of one: it must be at a page's first byte. */
void page_map_cut(struct page_map *map, uint64_t key);

/** Add an interval where nothing is. */
void page_map_add(struct page_map *map, struct interval interval);

/** Take out all intervals of first to last; both are at ends of pages. */
void page_map_remove(struct page_map *map, uint64_t first, uint64_t last);

/** Add the tables of levels @p level and above that a key misses. Returns how many. */
unsigned int page_map_add_tables(struct page_map *map, uint64_t key, unsigned int level);

/** Take a table out of the list. */
void page_map_remove_table(struct page_map *map, struct table *table);

/** Whether a table may be taken out when it is empty, and is. */
bool page_map_is_idle(const struct page_map *map, const struct table *table);

/** Make the large page at a key 512 pages of the next smaller size. */
void page_map_split(struct page_map *map, uint64_t key);

/** The entry of a page as it stands in a table, bit by bit from the manual. */
uint64_t page_map_raw(const struct page_map *map, const struct interval *interval, uint64_t key);

/** The flags a page has when it is mapped with some: what cannot be had is as the format says. */
unsigned int page_map_flags(const struct page_map *map, unsigned int flags);

#endif
