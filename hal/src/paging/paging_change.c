/* SPDX-License-Identifier: MIT */
/*
 * The check before a range is changed. A run of page-table entries is judged as
 * one: all of them are present if P is 1 in the and of all, and none has a
 * reserved bit set if these are 0 in the or of all. Only otherwise is the one
 * that is wrong looked for.
 */
#include "paging_change.h"

#include "paging_map.h"
#include "paging_split_table.h"
#include "tlb_note.h"

/* Why an entry is wrong, if it is. */
static enum dd_status judge(const struct dd_paging_range_change *change, uint64_t entry,
                            uint64_t reserved)
{
    if (!dd_paging_entry_is_present(entry)) {
        return change->ignored != 0 ? DD_OK : DD_ENOTMAPPED;
    }
    return (entry & reserved) != 0 ? DD_EMALFORMED : DD_OK;
}

/* What the entries of a run are together; those that are ignored do not count. */
static struct dd_paging_sum sum_run(const struct dd_paging_range_change *change,
                                    const struct dd_paging_run *run)
{
    struct dd_paging_sum sum = {0, ~UINT64_C(0)};

    if (change->ignored == 0) {
        for (unsigned int i = 0; i < run->count; i++) {
            uint64_t entry = run->entries[i];

            sum.any |= entry;
            sum.all &= entry;
        }
        return sum;
    }
    for (unsigned int i = 0; i < run->count; i++) {
        uint64_t entry = run->entries[i];

        if (dd_paging_entry_is_present(entry)) {
            sum.any |= entry;
            sum.all &= entry;
        }
    }
    return sum;
}

static bool is_partly(const struct dd_paging_run *run)
{
    return run->level > 1 && *run->entries != 0 &&
           run->last - run->first != dd_table_entry_bytes(run->level) - 1;
}

/* Which entry of a run is wrong, and why; DD_OK if none is. */
static enum dd_status check_run(struct dd_paging_range_change *change,
                                const struct dd_paging_walk *walk, const struct dd_paging_run *run)
{
    uint64_t reserved = dd_paging_reserved_in_page(&walk->space->format, run->level);
    struct dd_paging_sum sum = sum_run(change, run);
    bool is_right = (sum.any & reserved) == 0 && dd_paging_entry_is_present(sum.all);

    for (unsigned int i = 0; !is_right && i < run->count; i++) {
        enum dd_status status = judge(change, run->entries[i], reserved);

        if (status != DD_OK) {
            return dd_paging_fail_in(walk, run, i, status);
        }
    }
    change->sum.any |= sum.any;
    change->sum.all &= sum.all;
    return DD_OK;
}

static enum dd_status visit_check(struct dd_paging_walk *walk, const struct dd_paging_run *run,
                                  void *operand)
{
    struct dd_paging_range_change *change = operand;
    enum dd_status status = check_run(change, walk, run);

    if (status != DD_OK) {
        return status;
    }
    if (is_partly(run)) {
        /* An entry of software says something about all of it, and cannot be split. */
        if (change->partly == DD_PARTLY_REFUSE || !dd_paging_entry_is_present(*run->entries)) {
            return dd_paging_fail_in(walk, run, 0, DD_EPAGESIZE);
        }
        change->tables_needed += dd_paging_count_splits(run->level, run->first, run->last);
    }
    return dd_paging_check_rights(walk, change->request.rights);
}

enum dd_status dd_paging_change_check(struct dd_paging_range_change *change, dd_vaddr vaddr,
                                      uint64_t length)
{
    const struct dd_address_space *space = change->request.space;
    struct dd_paging_visitor visitor = {.visit = visit_check, .operand = change};
    enum dd_status status = dd_paging_request_pending(&change->request, change->pending);

    change->sum = (struct dd_paging_sum){0, ~UINT64_C(0)};
    if (status == DD_OK && (unsigned int)change->partly > DD_PARTLY_SPLIT) {
        status = dd_paging_fail(space, (struct dd_paging_error){.status = DD_EARG, .vaddr = vaddr});
    }
    if (status == DD_OK) {
        status = dd_paging_request_range(&change->request, vaddr, length);
    }
    if (status == DD_OK) {
        status = dd_paging_visit(&change->request, &visitor);
    }
    if (status != DD_OK) {
        return status;
    }
    change->frames.memory = space->memory;
    status = dd_paging_chain_fill(&change->frames, change->tables_needed);
    if (status != DD_OK) {
        return dd_paging_fail(space, (struct dd_paging_error){.status = status, .vaddr = vaddr});
    }
    return DD_OK;
}

/* What the entries of the whole range are together is true of these, too, if less exact. */
void dd_paging_change_note(const struct dd_paging_range_change *change,
                           const struct dd_paging_run *run)
{
    struct dd_tlb_pages pages = {.first = run->first,
                                 .count = run->count,
                                 .level = run->level,
                                 .entries_or = change->sum.any,
                                 .entries_and = change->sum.all};

    dd_tlb_note_pages(change->pending, change->request.space, &pages);
}

bool dd_paging_change_splits(struct dd_paging_range_change *change, struct dd_paging_walk *walk,
                             const struct dd_paging_run *run)
{
    if (!is_partly(run)) {
        return false;
    }
    dd_paging_split_entry(walk, dd_paging_chain_take(&change->frames), change->pending);
    walk->again = true;
    return true;
}
