/* SPDX-License-Identifier: MIT */
/*
 * Unmapping a range. Where it has all entries of a page table, the table is
 * taken out as it is: clearing its entries first would take as long again, and
 * what a processor could still read from them it could read from its TLB. Other
 * tables are looked through once, when the visit leaves them.
 *
 * Tables that root entries of the upper half reference stay: other address
 * spaces may reference them too.
 */
#include "paging_change.h"

struct unmapping {
    struct dd_paging_range_change change;
    bool whole_table; /* the visit has gone over all entries of the page table it is in */
};

/* Whether any of the entries is present: they are, unless there may be others. */
static bool has_pages(const struct unmapping *unmapping, const struct dd_paging_run *run)
{
    bool is_present = unmapping->change.ignored == 0;

    for (unsigned int i = 0; !is_present && i < run->count; i++) {
        is_present = dd_paging_entry_is_present(run->entries[i]);
    }
    return is_present;
}

static enum dd_status visit_unmap(struct dd_paging_walk *walk, const struct dd_paging_run *run,
                                  void *operand)
{
    struct unmapping *unmapping = operand;

    if (dd_paging_change_splits(&unmapping->change, walk, run)) {
        return DD_OK;
    }
    if (has_pages(unmapping, run)) {
        dd_paging_change_note(&unmapping->change, run);
    }
    unmapping->whole_table = run->level == 1 && run->count == DD_TABLE_ENTRIES;
    for (unsigned int i = 0; !unmapping->whole_table && i < run->count; i++) {
        run->entries[i] = 0;
    }
    return DD_OK;
}

static void leave_unmap(struct dd_paging_walk *walk, void *operand)
{
    struct unmapping *unmapping = operand;
    bool is_empty = unmapping->whole_table || dd_paging_is_empty(walk->path[walk->level].table, 0);

    unmapping->whole_table = false;
    if (is_empty && dd_paging_walk_can_unlink(walk)) {
        dd_paging_walk_unlink(walk, unmapping->change.pending);
    }
}

static enum dd_status unmap(struct unmapping *unmapping, dd_vaddr vaddr, uint64_t length)
{
    struct dd_paging_visitor visitor = {visit_unmap, leave_unmap, unmapping};
    enum dd_status status = dd_paging_change_check(&unmapping->change, vaddr, length);

    return status == DD_OK ? dd_paging_visit(&unmapping->change.request, &visitor) : status;
}

enum dd_status dd_paging_unmap_range(const struct dd_address_space *space, dd_vaddr vaddr,
                                     uint64_t length, enum dd_paging_partly partly,
                                     struct dd_tlb_pending *pending)
{
    struct unmapping unmapping = {
        .change = {.request = {.space = space}, .partly = partly, .pending = pending}};

    return unmap(&unmapping, vaddr, length);
}

enum dd_status dd_paging_clear_range(const struct dd_address_space *space, dd_vaddr vaddr,
                                     uint64_t length, enum dd_paging_partly partly,
                                     struct dd_tlb_pending *pending)
{
    struct unmapping unmapping = {.change = {.request = {.space = space},
                                             .partly = partly,
                                             .ignored = ~UINT64_C(0),
                                             .pending = pending}};

    return unmap(&unmapping, vaddr, length);
}

/* ---- Empty tables ---- */

static enum dd_status visit_nothing(struct dd_paging_walk *walk, const struct dd_paging_run *run,
                                    void *operand)
{
    (void)walk;
    (void)run;
    (void)operand;
    return DD_OK;
}

static void leave_reclaim(struct dd_paging_walk *walk, void *operand)
{
    struct dd_tlb_pending *pending = operand;

    if (dd_paging_walk_can_unlink(walk) && dd_paging_is_empty(walk->path[walk->level].table, 0)) {
        dd_paging_walk_unlink(walk, pending);
    }
}

enum dd_status dd_paging_reclaim(const struct dd_address_space *space, dd_vaddr vaddr,
                                 uint64_t length, struct dd_tlb_pending *pending)
{
    struct dd_paging_request request = {.space = space};
    struct dd_paging_visitor visitor = {visit_nothing, NULL, pending};
    enum dd_status status = dd_paging_request_pending(&request, pending);

    if (status == DD_OK) {
        status = dd_paging_request_range(&request, vaddr, length);
    }
    if (status == DD_OK) {
        status = dd_paging_visit(&request, &visitor);
    }
    if (status == DD_OK) {
        visitor.leave = leave_reclaim;
        status = dd_paging_visit(&request, &visitor);
    }
    return status;
}
