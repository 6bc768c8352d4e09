/* SPDX-License-Identifier: MIT */
/*
 * Unmapping one page, and entries of software. An entry is cleared first and
 * invalidated after it: the other way round the processor could load the old
 * entry again in between, [SDM 3A] 4.10.4.2. A table that has become empty is
 * taken out of its parent likewise; its frame waits among what is pending.
 */
#include <stddef.h>

#include "paging_exchange.h"
#include "paging_map.h"
#include "paging_walk.h"
#include "tlb_note.h"

/* Walk to the entry of a page or of software; `request` is filled in on the way. */
static enum dd_status find(struct dd_paging_walk *walk, struct dd_paging_request *request,
                           dd_vaddr vaddr, enum dd_page_size size,
                           const struct dd_tlb_pending *pending)
{
    enum dd_status status = dd_paging_request_pending(request, pending);

    if (status == DD_OK) {
        status = dd_paging_request_page(request, vaddr, size);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_start(walk, request->space);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_to(walk, request->first, request->level);
    }
    return status == DD_OK ? dd_paging_walk_check_page(walk, request) : status;
}

/* The page whose entry the walk has read is not what it was. */
static void note(const struct dd_paging_walk *walk, struct dd_tlb_pending *pending)
{
    struct dd_tlb_pages page = {.first = walk->address,
                                .count = 1,
                                .level = walk->level,
                                .entries_or = walk->entry,
                                .entries_and = walk->entry};

    if (dd_paging_entry_is_present(walk->entry)) {
        dd_tlb_note_pages(pending, walk->space, &page);
    }
}

static void clear(struct dd_paging_walk *walk, struct dd_tlb_pending *pending,
                  struct dd_paging_entry *was)
{
    walk->entry =
        dd_paging_replace(dd_paging_walk_slot(walk), walk->space->exclusive, ~UINT64_C(0), 0);
    if (was != NULL) {
        *was = dd_paging_entry_decode(&walk->space->format, walk->level, walk->entry);
    }
    note(walk, pending);
    dd_paging_walk_reclaim(walk, pending);
}

enum dd_status dd_paging_unmap_page(const struct dd_address_space *space, dd_vaddr vaddr,
                                    enum dd_page_size size, struct dd_tlb_pending *pending,
                                    struct dd_paging_entry *was)
{
    struct dd_paging_request request = {.space = space};
    struct dd_paging_walk walk;
    enum dd_status status = find(&walk, &request, vaddr, size, pending);

    if (status == DD_OK && !dd_paging_entry_is_present(walk.entry)) {
        status = dd_paging_fail_at(&walk, DD_ENOTMAPPED);
    }
    if (status == DD_OK) {
        clear(&walk, pending, was);
    }
    return status;
}

enum dd_status dd_paging_clear(const struct dd_address_space *space, dd_vaddr vaddr,
                               enum dd_page_size size, struct dd_tlb_pending *pending,
                               struct dd_paging_entry *was)
{
    struct dd_paging_request request = {.space = space};
    struct dd_paging_walk walk;
    enum dd_status status = find(&walk, &request, vaddr, size, pending);

    /* An entry of software above this level stands for more than the page. */
    if (status == DD_OK && walk.entry != 0 && walk.level > request.level) {
        status = dd_paging_fail_at(&walk, DD_EPAGESIZE);
    }
    if (status == DD_OK && walk.entry == 0) {
        status = dd_paging_fail_at(&walk, DD_ENOTMAPPED);
    }
    if (status == DD_OK) {
        clear(&walk, pending, was);
    }
    return status;
}

enum dd_status dd_paging_set_software(const struct dd_address_space *space, dd_vaddr vaddr,
                                      enum dd_page_size size, uint64_t value,
                                      struct dd_tlb_pending *pending)
{
    struct dd_paging_request request = {.space = space};
    struct dd_paging_walk walk;
    enum dd_status status = DD_OK;

    if (value == 0 || dd_paging_entry_is_present(value)) {
        return dd_paging_fail(space, (struct dd_paging_error){.status = DD_EARG, .vaddr = vaddr});
    }
    status = find(&walk, &request, vaddr, size, pending);
    if (status == DD_OK && walk.entry != 0 && walk.level > request.level) {
        status = dd_paging_fail_at(&walk, DD_EPAGESIZE);
    }
    if (status == DD_OK) {
        status = dd_paging_install(&walk, request.level, value);
    }
    if (status == DD_OK) {
        note(&walk, pending);
    }
    return status;
}
