/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the benchmark of page tables measures, compiled as a kernel is: -O2, general registers only.
 *
 * The baseline is the walk from the root that each page takes in an ordinary mapper, written for
 * speed: no status but "no frame" and "occupied", no TLB, no rollback.
 */
#ifndef DRYDOCK_TESTS_BENCH_PAGING_LOOPS_H
#define DRYDOCK_TESTS_BENCH_PAGING_LOOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/paging.h"

/** Physical memory for tables: frames next to each other, and those that were given back. */
struct bench_memory {
    unsigned char *arena;
    uint64_t frames;
    uint64_t used; /**< frames handed out since the start, but for those given back */
    uint64_t freed;
    uint64_t *free_list;
};

/** Pages to map, or addresses to look up. */
struct bench_pages {
    uint64_t first, target; /**< a row: linear and physical address of the first page */
    const dd_vaddr *vaddrs; /**< not a row: all of them; NULL: a row */
    size_t count;
};

/** A piece of work; false if something did not do what it should. */
typedef bool bench_paging_loop(const struct dd_address_space *space,
                               const struct bench_pages *pages);

/* A call for each page, from the root each time, without the library. */
bench_paging_loop bench_walk_map;
bench_paging_loop bench_walk_protect;
bench_paging_loop bench_walk_unmap; /* and all tables given back */
bench_paging_loop bench_walk_translate;

/* The library. */
bench_paging_loop bench_map_pages;
bench_paging_loop bench_map_many;
bench_paging_loop bench_map_cursor;
bench_paging_loop bench_map_range;
bench_paging_loop bench_protect_pages;
bench_paging_loop bench_protect_range;
bench_paging_loop bench_unmap_pages;
bench_paging_loop bench_unmap_range;
bench_paging_loop bench_translate_pages;
bench_paging_loop bench_translate_many;

#endif
