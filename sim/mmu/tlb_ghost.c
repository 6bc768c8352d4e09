/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flush first, write afterwards: the wrong order. Between the two a processor may
 * cache the old entry again, because it translates addresses ahead of the program
 * (prefetch, speculation), as long as the entry is present and accessed.
 * [SDM 3A] 4.10.2.3.
 *
 * So an item that is flushed while its entry has not changed is kept as a ghost.
 * If the entry then changes, the write was late; if no flush covers the item
 * until the end of the call, that is a finding.
 */
#include "sim/mmu/tlb_judge.h"

#include <string.h>

static const struct tlb_ghost *ghost_at(const struct sim_tlb *tlb, uint32_t index)
{
    return tlb_store_at(&tlb->ghosts.items, index);
}

static struct tlb_ghost *edit(struct sim_tlb *tlb, uint32_t index)
{
    return tlb_store_edit(&tlb->ghosts.items, index);
}

/* The ghost of an entry. When there are too many, all are forgotten; so is what waits for them. */
static uint32_t find_or_add(struct sim_tlb *tlb, uint64_t address)
{
    uint32_t index = tlb_pool_find(&tlb->ghosts, address);

    if (index != 0) {
        return index;
    }
    if (tlb->ghosts.live == tlb->ghosts.limit) {
        tlb_pool_clear(&tlb->ghosts);
        tlb->state.late_count = 0;
    }
    return tlb_pool_add(&tlb->ghosts, address);
}

void tlb_remember_flushed(struct sim_tlb *tlb, const struct tlb_cached *cached, uint64_t rip)
{
    uint64_t now = tlb_entry_in_memory(tlb, cached->address, cached->bytes);
    uint32_t index = 0;

    if (tlb_differs(cached->entry, now, tlb_is_page(cached))) {
        return;
    }
    tlb_refresh_copy(tlb, cached->address);
    index = find_or_add(tlb, cached->address);
    if (index != 0 && !ghost_at(tlb, index)->is_late) {
        struct tlb_ghost *ghost = edit(tlb, index);

        ghost->cached = *cached;
        ghost->flush_rip = rip;
    }
}

static void forget_late(struct sim_tlb *tlb, unsigned int at)
{
    struct tlb_state *state = &tlb->state;
    uint32_t index = tlb_pool_find(&tlb->ghosts, state->late[at]);

    edit(tlb, index)->is_late = false;
    state->late_count--;
    memmove(state->late + at, state->late + at + 1,
            (state->late_count - at) * sizeof state->late[0]);
}

void tlb_note_late_write(struct sim_tlb *tlb, uint64_t address, uint64_t old, uint64_t rip)
{
    struct tlb_state *state = &tlb->state;
    uint32_t index = tlb_pool_find(&tlb->ghosts, address);
    struct tlb_ghost *ghost = NULL;

    if (index == 0 || ghost_at(tlb, index)->is_late || (old & TLB_ENTRY_A) == 0 ||
        tlb_differs(ghost_at(tlb, index)->cached.entry, old, true)) {
        return;
    }
    if (state->late_count == TLB_LATE_MAX) {
        forget_late(tlb, 0);
    }
    ghost = edit(tlb, index);
    ghost->is_late = true;
    ghost->write_rip = rip;
    state->late[state->late_count] = address;
    state->late_count++;
}

bool tlb_flush_late(struct sim_tlb *tlb, const struct sim_tlb_flush *flush)
{
    struct tlb_state *state = &tlb->state;
    bool has_any = false;

    for (unsigned int i = state->late_count; i > 0; i--) {
        uint32_t index = tlb_pool_find(&tlb->ghosts, state->late[i - 1]);

        if (tlb_covers(flush, &ghost_at(tlb, index)->cached)) {
            forget_late(tlb, i - 1);
            has_any = true;
        }
    }
    return has_any;
}

/* The entry as the tables lead to it now. False if they do not: then another change matters. */
static bool find_entry_now(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                           const struct tlb_cached *cached, uint64_t *now)
{
    struct sim_access access = {cached->linear, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};
    struct sim_walk walk = sim_mmu_walk(cpu, tlb->memory, access);

    for (unsigned int i = 0; i < walk.depth; i++) {
        if (walk.steps[i].address == cached->address) {
            *now = walk.steps[i].entry;
            return true;
        }
    }
    return false;
}

size_t tlb_audit_late(struct sim_tlb *tlb, const struct sim_cpu *cpu, uint32_t *budget)
{
    size_t count = 0;

    for (unsigned int i = 0; i < tlb->state.late_count; i++) {
        const struct tlb_ghost *ghost =
            ghost_at(tlb, tlb_pool_find(&tlb->ghosts, tlb->state.late[i]));
        const struct tlb_cached *cached = &ghost->cached;
        uint64_t now = 0;

        if ((cached->context != TLB_GLOBAL && cached->context != tlb_context(cpu)) ||
            !find_entry_now(tlb, cpu, cached, &now) ||
            tlb_judge(tlb, cpu, cached, budget) != TLB_OTHER) {
            continue;
        }
        count++;
        if (tlb_claim_change(tlb, cached->address)) {
            tlb_report_late(tlb, ghost, now);
        }
    }
    return count;
}
