/* SPDX-License-Identifier: MIT */
/*
 * Changing what mappings allow. Only the entries of pages are written, so no
 * other mapping can gain or lose a right. Which bits are replaced is the same
 * for all entries of a level, so it is worked out once: two masks. The accessed
 * and dirty bits that processors set go over into the new entry, up to the moment
 * it is written. All changes are pending, also
 * those that only allow more: a page fault that is not one could be the
 * consequence, [SDM 3A] 4.10.4.3, and a copy-on-write page that stays what it was.
 */
#include "drydock/paging_range.h"
#include "paging_change.h"
#include "paging_exchange.h"
#include "paging_map.h"
#include "tlb_note.h"

/* What has to be had for the change, of flags that cannot. */
static enum dd_status set_change(struct dd_paging_request *request, struct dd_paging_change change)
{
    enum dd_status status = dd_paging_request_flags(request, change.mask);

    return status == DD_OK ? dd_paging_request_flags(request, change.flags & change.mask) : status;
}

struct protecting {
    struct dd_paging_range_change change;
    struct dd_paging_change what;
};

static inline void replace_all(const struct dd_paging_run *run, bool exclusive, uint64_t mask,
                               uint64_t bits)
{
    volatile uint64_t *end = run->entries + run->count;

    for (volatile uint64_t *entry = run->entries; entry < end; entry++) {
        (void)dd_paging_replace(entry, exclusive, mask, bits);
    }
}

/* Two loops, so that the one of plain stores has nothing else in it. */
static void protect_run(const struct dd_address_space *space, struct dd_paging_change what,
                        const struct dd_paging_run *run)
{
    const struct dd_paging_format *format = &space->format;
    uint64_t mask = dd_paging_entry_mask(format, run->level, what.mask);
    uint64_t bits = dd_paging_entry_bits(format, run->level, what.flags) & mask;

    if (space->exclusive) {
        replace_all(run, true, mask, bits);
    } else {
        replace_all(run, false, mask, bits);
    }
}

static enum dd_status visit_protect(struct dd_paging_walk *walk, const struct dd_paging_run *run,
                                    void *operand)
{
    struct protecting *protecting = operand;

    if (!dd_paging_change_splits(&protecting->change, walk, run)) {
        protect_run(walk->space, protecting->what, run);
        dd_paging_change_note(&protecting->change, run);
    }
    return DD_OK;
}

enum dd_status dd_paging_protect_range(const struct dd_address_space *space, dd_vaddr vaddr,
                                       uint64_t length, struct dd_paging_protection protection,
                                       struct dd_tlb_pending *pending)
{
    struct protecting protecting = {
        .change = {.request = {.space = space}, .partly = protection.partly, .pending = pending},
        .what = protection.change};
    struct dd_paging_visitor visitor = {.visit = visit_protect, .operand = &protecting};
    enum dd_status status = set_change(&protecting.change.request, protection.change);

    if (status == DD_OK) {
        status = dd_paging_change_check(&protecting.change, vaddr, length);
    }
    return status == DD_OK ? dd_paging_visit(&protecting.change.request, &visitor) : status;
}

enum dd_status dd_paging_protect_page(const struct dd_address_space *space, dd_vaddr vaddr,
                                      enum dd_page_size size, struct dd_paging_change change,
                                      struct dd_tlb_pending *pending)
{
    struct dd_paging_request request = {.space = space};
    struct dd_paging_walk walk;
    enum dd_status status = set_change(&request, change);

    if (status == DD_OK) {
        status = dd_paging_request_pending(&request, pending);
    }
    if (status == DD_OK) {
        status = dd_paging_request_page(&request, vaddr, size);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_start(&walk, space);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_to(&walk, request.first, request.level);
    }
    if (status == DD_OK) {
        status = dd_paging_walk_check_page(&walk, &request);
    }
    if (status == DD_OK && !dd_paging_entry_is_present(walk.entry)) {
        status = dd_paging_fail_at(&walk, DD_ENOTMAPPED);
    }
    if (status == DD_OK) {
        status = dd_paging_check_rights(&walk, request.rights);
    }
    if (status == DD_OK) {
        struct dd_tlb_pages page = {.first = request.first,
                                    .count = 1,
                                    .level = walk.level,
                                    .entries_or = walk.entry,
                                    .entries_and = walk.entry};
        struct dd_paging_run run = {
            .entries = dd_paging_walk_slot(&walk), .count = 1, .level = walk.level};

        protect_run(space, change, &run);
        dd_tlb_note_pages(pending, space, &page);
    }
    return status;
}
