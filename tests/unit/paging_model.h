/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the paging functions should do, without tables: a sorted list of pages.
 */
#ifndef DRYDOCK_TESTS_PAGING_MODEL_H
#define DRYDOCK_TESTS_PAGING_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/status.h"

enum {
    MODEL_PAGES_MAX = 20000
};

struct model_page {
    uint64_t first, bytes, physical;
    unsigned int flags;
};

/** What a call is asked to do. */
struct model_request {
    uint64_t first, length, physical;
    unsigned int flags;
    bool one_page; /**< of `length` bytes; otherwise a range */
};

extern struct model_page model_pages[MODEL_PAGES_MAX]; /**< sorted by address, lower half only */
extern size_t model_page_count;

/** Index of the first page that ends after an address. */
size_t model_find(uint64_t address);

/** Frames that root and tables take: a table is where there is a page smaller than its region. */
unsigned int model_count_frames(void);

/** What mapping returns, if there is memory. */
enum dd_status model_predict_map(const struct model_request *request);

/** What unmapping and protecting return. */
enum dd_status model_predict_unmap(const struct model_request *request);

/** Map; only what model_predict_map() calls DD_OK. */
void model_insert(const struct model_request *request);

/** Unmap; only what model_predict_unmap() calls DD_OK. */
void model_remove(const struct model_request *request);

#endif
