/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists cached items are in. Pages of one context are in a list and its
 * paging-structure entries in another, so that a flush costs what it drops. With
 * the audit, entries that refer to one table are in a list of that table's page,
 * so that its reuse is noticed.
 */
#include "sim/mmu/tlb_internal.h"

static uint32_t list_of(const struct tlb_cached *cached)
{
    return tlb_is_page(cached) ? cached->context : TLB_GLOBAL + 1u + cached->context;
}

uint32_t tlb_first_page(const struct sim_tlb *tlb, uint16_t context)
{
    return *(const uint32_t *)tlb_store_at(&tlb->lists, context);
}

uint32_t tlb_first_entry(const struct sim_tlb *tlb, uint16_t context)
{
    return *(const uint32_t *)tlb_store_at(&tlb->lists, TLB_GLOBAL + 1u + context);
}

static struct tlb_cached *edit(struct sim_tlb *tlb, uint32_t index)
{
    return tlb_store_edit(&tlb->cached.items, index);
}

static void join_list(struct sim_tlb *tlb, uint32_t index, struct tlb_cached *cached)
{
    uint32_t *first = tlb_store_edit(&tlb->lists, list_of(cached));

    cached->list_next = *first;
    cached->list_previous = 0;
    if (*first != 0) {
        edit(tlb, *first)->list_previous = index;
    }
    *first = index;
}

static void leave_list(struct sim_tlb *tlb, const struct tlb_cached *cached)
{
    if (cached->list_next != 0) {
        edit(tlb, cached->list_next)->list_previous = cached->list_previous;
    }
    if (cached->list_previous != 0) {
        edit(tlb, cached->list_previous)->list_next = cached->list_next;
    } else {
        *(uint32_t *)tlb_store_edit(&tlb->lists, list_of(cached)) = cached->list_next;
    }
}

static struct tlb_page *page_of_table(struct sim_tlb *tlb, uint64_t table)
{
    uint32_t index = tlb_pool_find(&tlb->pages, table & ~UINT64_C(0xFFF));

    return index == 0 ? NULL : tlb_store_edit(&tlb->pages.items, index);
}

static void join_table(struct sim_tlb *tlb, uint32_t index, struct tlb_cached *cached)
{
    struct tlb_page *page = page_of_table(tlb, cached->physical);

    if (page == NULL) {
        return;
    }
    cached->table_next = page->first_user;
    if (page->first_user != 0) {
        edit(tlb, page->first_user)->table_previous = index;
    }
    page->first_user = index;
}

static void leave_table(struct sim_tlb *tlb, uint32_t index, const struct tlb_cached *cached)
{
    struct tlb_page *page = page_of_table(tlb, cached->physical);

    if (page != NULL && page->first_user == index) {
        page->first_user = cached->table_next;
    }
    if (cached->table_next != 0) {
        edit(tlb, cached->table_next)->table_previous = cached->table_previous;
    }
    if (cached->table_previous != 0) {
        edit(tlb, cached->table_previous)->table_next = cached->table_next;
    }
}

void tlb_count_source(struct sim_tlb *tlb, const struct tlb_cached *cached, uint32_t change)
{
    struct tlb_page *page = tlb->findings == NULL ? NULL : page_of_table(tlb, cached->address);

    if (page != NULL) {
        tlb->state.has_new_table = tlb->state.has_new_table || page->sources == 0;
        page->sources += change;
    }
}

bool tlb_is_source(const struct sim_tlb *tlb, uint64_t address)
{
    uint32_t index = tlb_pool_find(&tlb->pages, address & ~UINT64_C(0xFFF));

    return index != 0 &&
           ((const struct tlb_page *)tlb_store_at(&tlb->pages.items, index))->sources > 0;
}

void tlb_link(struct sim_tlb *tlb, uint32_t index)
{
    struct tlb_cached *cached = edit(tlb, index);

    join_list(tlb, index, cached);
    if (tlb->findings != NULL && !tlb_is_page(cached)) {
        join_table(tlb, index, cached);
    }
}

void tlb_unlink(struct sim_tlb *tlb, uint32_t index)
{
    const struct tlb_cached *cached = tlb_cached_at(tlb, index);

    leave_list(tlb, cached);
    if (tlb->findings != NULL && !tlb_is_page(cached)) {
        leave_table(tlb, index, cached);
    }
}
