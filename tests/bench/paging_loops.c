/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The library's side of the benchmark: what a kernel would write. */
#include "tests/bench/paging_loops.h"

#include "drydock/paging_cursor.h"
#include "drydock/paging_range.h"

enum {
    BATCH = 64
};

static dd_vaddr vaddr_of(const struct bench_pages *pages, size_t i)
{
    return pages->vaddrs != NULL ? pages->vaddrs[i] : dd_vaddr_from(pages->first + i * DD_PAGE_4K);
}

static dd_paddr paddr_of(const struct bench_pages *pages, size_t i)
{
    return dd_paddr_from(pages->target + i * DD_PAGE_4K);
}

bool bench_map_pages(const struct dd_address_space *space, const struct bench_pages *pages)
{
    for (size_t i = 0; i < pages->count; i++) {
        if (dd_paging_map_page(space, vaddr_of(pages, i), paddr_of(pages, i), DD_PAGE_4K,
                               DD_MAP_WRITE) != DD_OK) {
            return false;
        }
    }
    return true;
}

bool bench_map_many(const struct dd_address_space *space, const struct bench_pages *pages)
{
    struct dd_paging_mapping mappings[BATCH];

    for (size_t i = 0; i < pages->count; i += BATCH) {
        size_t count = pages->count - i < BATCH ? pages->count - i : BATCH;

        for (size_t j = 0; j < count; j++) {
            mappings[j].vaddr = pages->vaddrs[i + j];
            mappings[j].paddr = paddr_of(pages, i + j);
        }
        if (dd_paging_map_many(space, mappings, count, DD_MAP_WRITE) != count) {
            return false;
        }
    }
    return true;
}

bool bench_map_cursor(const struct dd_address_space *space, const struct bench_pages *pages)
{
    struct dd_paging_cursor cursor;

    dd_paging_cursor_init(&cursor, space);
    for (size_t i = 0; i < pages->count; i++) {
        if (dd_paging_cursor_map(&cursor, vaddr_of(pages, i), paddr_of(pages, i), DD_MAP_WRITE) !=
            DD_OK) {
            return false;
        }
    }
    return true;
}

bool bench_map_range(const struct dd_address_space *space, const struct bench_pages *pages)
{
    return dd_paging_map_range(space, dd_vaddr_from(pages->first), dd_paddr_from(pages->target),
                               pages->count * DD_PAGE_4K, DD_MAP_WRITE) == DD_OK;
}

/* The tables are measured; what would be invalidated is settled all the same, at the end. */
static bool settle(struct dd_tlb_pending *pending)
{
    return dd_tlb_settle_here(pending) == DD_OK;
}

bool bench_protect_pages(const struct dd_address_space *space, const struct bench_pages *pages)
{
    struct dd_paging_change change = {DD_MAP_RIGHTS, 0};
    struct dd_tlb_pending pending;

    dd_tlb_pending_init(&pending);
    for (size_t i = 0; i < pages->count; i++) {
        if (dd_paging_protect_page(space, vaddr_of(pages, i), DD_PAGE_4K, change, &pending) !=
            DD_OK) {
            return false;
        }
    }
    return settle(&pending);
}

bool bench_protect_range(const struct dd_address_space *space, const struct bench_pages *pages)
{
    struct dd_paging_protection protection = {{DD_MAP_RIGHTS, 0}, DD_PARTLY_REFUSE};
    struct dd_tlb_pending pending;

    dd_tlb_pending_init(&pending);
    return dd_paging_protect_range(space, dd_vaddr_from(pages->first), pages->count * DD_PAGE_4K,
                                   protection, &pending) == DD_OK &&
           settle(&pending);
}

bool bench_unmap_pages(const struct dd_address_space *space, const struct bench_pages *pages)
{
    struct dd_tlb_pending pending;

    dd_tlb_pending_init(&pending);
    for (size_t i = 0; i < pages->count; i++) {
        if (dd_paging_unmap_page(space, vaddr_of(pages, i), DD_PAGE_4K, &pending, NULL) != DD_OK) {
            return false;
        }
    }
    return settle(&pending);
}

bool bench_unmap_range(const struct dd_address_space *space, const struct bench_pages *pages)
{
    struct dd_tlb_pending pending;

    dd_tlb_pending_init(&pending);
    return dd_paging_unmap_range(space, dd_vaddr_from(pages->first), pages->count * DD_PAGE_4K,
                                 DD_PARTLY_REFUSE, &pending) == DD_OK &&
           settle(&pending);
}

bool bench_translate_pages(const struct dd_address_space *space, const struct bench_pages *pages)
{
    struct dd_translation translation;

    for (size_t i = 0; i < pages->count; i++) {
        if (dd_paging_translate(space, vaddr_of(pages, i), &translation) != DD_OK ||
            translation.address.raw != paddr_of(pages, i).raw) {
            return false;
        }
    }
    return true;
}

static bool are_right(const struct dd_translation_result *results, const struct bench_pages *pages,
                      size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (results[i].status != DD_OK ||
            results[i].translation.address.raw != paddr_of(pages, first + i).raw) {
            return false;
        }
    }
    return true;
}

bool bench_translate_many(const struct dd_address_space *space, const struct bench_pages *pages)
{
    struct dd_translation_result results[BATCH];

    for (size_t i = 0; i < pages->count; i += BATCH) {
        size_t count = pages->count - i < BATCH ? pages->count - i : BATCH;

        dd_paging_translate_many(space, pages->vaddrs + i, count, results);
        if (!are_right(results, pages, i, count)) {
            return false;
        }
    }
    return true;
}
