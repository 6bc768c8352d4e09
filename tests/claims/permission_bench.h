/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the claims about access rights share: a page that the library mapped with every right, whose
 * entries are then changed by hand. [SDM 3A] 4.6.1, 4.6.2; error codes are 4.7.
 */
#ifndef DRYDOCK_TESTS_PERMISSION_BENCH_H
#define DRYDOCK_TESTS_PERMISSION_BENCH_H

#include <stdint.h>

#include "tests/claims/paging_bench.h"

/* Of an entry. [SDM 3A] tables 4-14 to 4-20. */
#define ENTRY_P  UINT64_C(0x1)
#define ENTRY_RW UINT64_C(0x2)
#define ENTRY_US UINT64_C(0x4)
#define ENTRY_XD UINT64_C(0x8000000000000000)

#define PERMISSION_ALLOWED       0xFFu /* instead of an error code */
#define PERMISSION_ALL_AS_STATED 0

enum {
    PERMISSION_PAGE_LEVELS = 3, /* that can map a page */
    PERMISSION_LEVELS = 6,
    PERMISSION_PLACE = 400, /* the gigabyte of these claims; those of user mode have the next */
    PERMISSION_KEY = 11,
};

/** A restriction, and the error code of a load, a store and a fetch. */
struct permission_statement {
    uint64_t clear; /**< of one entry */
    uint64_t set;
    uint32_t outcomes[3];
};

/** A page and the entries that lead to it. */
struct permission_page {
    struct paging_bench bench;
    dd_vaddr vaddr; /**< of the frame */
    enum dd_page_size size;
    volatile uint64_t *entries[PERMISSION_LEVELS]; /**< by level */
};

/** Map the page with every right and a protection key, by an entry of level @p leaf, 1 to 3. */
DD_MUST_CHECK enum dd_status permission_page_open(struct permission_page *page, unsigned int leaf);

DD_MUST_CHECK enum dd_status permission_page_close(struct permission_page *page);

/** Write the entry of a level, and invalidate the page. */
void permission_write_entry(const struct permission_page *page, unsigned int level, uint64_t value);

/** An error code, PERMISSION_ALLOWED, or what is neither. */
uint32_t permission_outcome(struct world_access access, uint64_t address);

#endif
