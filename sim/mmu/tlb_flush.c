/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Invalidation, exactly as far as the manual promises it and no further:
 *
 *   INVLPG           the page in the current PCID and the global page; all
 *                    paging-structure entries of the current PCID, regardless
 *                    of the address
 *   INVPCID type 0   the page and the paging-structure entries for one address
 *                    in one PCID; no global page
 *   INVPCID type 1,  all of one PCID but global pages
 *   MOV CR3
 *   MOV CR4 that     all of the current PCID. A global translation too is of the
 *   changes PAE or   PCID it was made under, though others may use it (4.10.2.4)
 *   sets SMEP
 *   INVPCID type 3   all of all PCIDs but global pages
 *   INVPCID type 2   everything
 *   INVLPGB          pages of a range or all, of one PCID or all, with global pages
 *                    or without, with paging-structure entries or without
 *
 * [SDM 3A] 4.10.4.1; [AMD64 v3] INVLPGB.
 */
#include "sim/mmu/tlb_judge.h"

/* One flush while it is carried out. */
struct flushing {
    struct sim_tlb_flush flush;
    uint64_t rip;
    bool was_needed; /* something it invalidated had changed */
};

static bool has_address(const struct sim_tlb_flush *flush, const struct tlb_cached *cached)
{
    return flush->linear >> cached->shift == cached->linear >> cached->shift;
}

/* A range ends at the latest where the address space does. */
static bool overlaps(const struct sim_tlb_flush *flush, const struct tlb_cached *cached)
{
    uint64_t first = cached->linear >> cached->shift << cached->shift;
    uint64_t last = first + ((UINT64_C(1) << cached->shift) - 1);
    uint64_t flush_last = flush->linear + (flush->bytes - 1);

    return flush->bytes == 0 || (first <= flush_last && flush->linear <= last);
}

static bool is_broadcast_to(const struct sim_tlb_flush *flush, const struct tlb_cached *cached)
{
    if ((flush->final_only && !tlb_is_page(cached)) || !overlaps(flush, cached)) {
        return false;
    }
    if (cached->context == TLB_GLOBAL) {
        return flush->with_global;
    }
    return flush->all_pcids || cached->context == flush->pcid;
}

bool tlb_covers(const struct sim_tlb_flush *flush, const struct tlb_cached *cached)
{
    bool is_global = cached->context == TLB_GLOBAL;
    bool is_of_pcid = cached->context == flush->pcid;

    switch (flush->kind) {
    case SIM_TLB_ADDRESS:
        return tlb_is_page(cached) ? (is_of_pcid || is_global) && has_address(flush, cached)
                                   : is_of_pcid;
    case SIM_TLB_ADDRESS_PCID:
        return is_of_pcid && has_address(flush, cached);
    case SIM_TLB_PCID:
        return is_of_pcid;
    case SIM_TLB_PCID_AND_GLOBAL:
        return cached->pcid == flush->pcid;
    case SIM_TLB_NOT_GLOBAL:
        return !is_global;
    case SIM_TLB_ALL:
        return true;
    case SIM_TLB_BROADCAST:
        return is_broadcast_to(flush, cached);
    }
    return false;
}

static void drop(struct sim_tlb *tlb, uint32_t index, struct flushing *flushing)
{
    if (tlb->findings != NULL) {
        struct tlb_cached cached = *tlb_cached_at(tlb, index);

        if (tlb->state.has_changes && tlb_is_suspect(tlb, index)) {
            flushing->was_needed = true;
        } else {
            tlb_remember_flushed(tlb, &cached, flushing->rip);
        }
    }
    tlb_drop(tlb, index);
}

static void drop_pages_at(struct sim_tlb *tlb, uint16_t context, struct flushing *flushing)
{
    uint64_t linear = flushing->flush.linear;

    for (uint32_t index = tlb_find_page(tlb, linear, context); index != 0;
         index = tlb_find_page(tlb, linear, context)) {
        drop(tlb, index, flushing);
    }
}

static void drop_entries_at(struct sim_tlb *tlb, const struct sim_cpu *cpu,
                            struct flushing *flushing)
{
    for (unsigned int level = 2; level <= SIM_PAGING_LEVELS; level++) {
        uint32_t index = tlb_find_entry_of(tlb, sim_mmu_paging_mode(cpu), level,
                                           flushing->flush.linear, flushing->flush.pcid);

        if (index != 0) {
            drop(tlb, index, flushing);
        }
    }
}

static void drop_listed(struct sim_tlb *tlb, uint32_t first, struct flushing *flushing)
{
    uint32_t index = first;

    while (index != 0) {
        uint32_t next = tlb_cached_at(tlb, index)->list_next;

        drop(tlb, index, flushing);
        index = next;
    }
}

static void drop_everywhere(struct sim_tlb *tlb, struct flushing *flushing)
{
    for (uint32_t index = 1; index < tlb->cached.items.count && tlb->state.cached_count > 0;
         index++) {
        const struct tlb_cached *cached = tlb_cached_at(tlb, index);

        if (cached->is_cached && tlb_covers(&flushing->flush, cached)) {
            drop(tlb, index, flushing);
        }
    }
}

static void carry_out(struct sim_tlb *tlb, const struct sim_cpu *cpu, struct flushing *flushing)
{
    uint16_t pcid = flushing->flush.pcid;

    switch (flushing->flush.kind) {
    case SIM_TLB_ADDRESS:
        drop_pages_at(tlb, pcid, flushing);
        drop_pages_at(tlb, TLB_GLOBAL, flushing);
        drop_listed(tlb, tlb_first_entry(tlb, pcid), flushing);
        break;
    case SIM_TLB_ADDRESS_PCID:
        drop_pages_at(tlb, pcid, flushing);
        drop_entries_at(tlb, cpu, flushing);
        break;
    case SIM_TLB_PCID:
        drop_listed(tlb, tlb_first_page(tlb, pcid), flushing);
        drop_listed(tlb, tlb_first_entry(tlb, pcid), flushing);
        break;
    case SIM_TLB_PCID_AND_GLOBAL:
    case SIM_TLB_NOT_GLOBAL:
    case SIM_TLB_ALL:
    case SIM_TLB_BROADCAST:
        drop_everywhere(tlb, flushing);
        break;
    }
}

/* For the sentences about translations it did not cover. */
static void remember(struct tlb_state *state, const struct sim_tlb_flush *flush, uint64_t rip)
{
    struct tlb_flushed flushed = {flush->linear, rip, ++state->sequence};

    if (flush->kind == SIM_TLB_ADDRESS || flush->kind == SIM_TLB_ADDRESS_PCID ||
        (flush->kind == SIM_TLB_BROADCAST && flush->bytes != 0)) {
        state->invlpgs[state->invlpg_count % TLB_INVLPGS] = flushed;
        state->invlpg_count++;
    } else {
        state->last_pcid_flush = flushed;
    }
}

/* Nothing of the current address space is left below a table that was unlinked. */
static bool empties_current_entries(const struct sim_tlb_flush *flush, uint16_t current)
{
    if (flush->kind == SIM_TLB_BROADCAST) {
        return flush->bytes == 0 && !flush->final_only &&
               (flush->all_pcids || flush->pcid == current);
    }
    return flush->kind == SIM_TLB_ADDRESS || flush->kind == SIM_TLB_ALL ||
           flush->kind == SIM_TLB_NOT_GLOBAL ||
           (flush->kind != SIM_TLB_ADDRESS_PCID && flush->pcid == current);
}

static void audit_flush(struct sim_tlb *tlb, const struct sim_cpu *cpu, struct flushing *flushing)
{
    const struct sim_tlb_flush *flush = &flushing->flush;

    if (flush->requested && !flushing->was_needed) {
        tlb->state.unneeded++;
        tlb->state.is_last_unneeded = flush->kind == SIM_TLB_PCID;
    }
    remember(&tlb->state, flush, flushing->rip);
    if (empties_current_entries(flush, tlb_context(cpu))) {
        tlb->state.has_unlinked = false;
    }
    if (flush->kind == SIM_TLB_ALL) {
        tlb->state.has_changes = false;
    }
}

void tlb_set_cpu(struct sim_tlb *tlb, const struct sim_cpu *cpu)
{
    struct tlb_state *state = &tlb->state;

    if (state->is_last_unneeded && tlb_root(cpu) != tlb_root(&state->cpu)) {
        state->unneeded--; /* it was there to change the address space */
    }
    state->is_last_unneeded = false;
    state->cpu = *cpu;
    state->cpu.has_pdptes = false; /* what is compared is memory */
}

void sim_tlb_flush(struct sim_tlb *tlb, const struct sim_cpu *cpu,
                   const struct sim_tlb_flush *flush, uint64_t rip)
{
    struct flushing flushing = {.flush = *flush, .rip = rip};

    flushing.flush.pcid &= TLB_CONTEXTS - 1;
    if (flush->kind == SIM_TLB_ADDRESS || !tlb_has_pcids(cpu)) {
        flushing.flush.pcid = tlb_context(cpu);
    }
    if (tlb->findings != NULL) {
        tlb_set_cpu(tlb, cpu);
        tlb_settle_note(tlb);
        flushing.was_needed = tlb_flush_late(tlb, &flushing.flush);
    }
    carry_out(tlb, cpu, &flushing);
    if (tlb->findings != NULL) {
        audit_flush(tlb, cpu, &flushing);
    }
}

bool sim_tlb_take_dropped(struct sim_tlb *tlb)
{
    bool has_dropped = tlb->has_dropped;

    tlb->has_dropped = false;
    return has_dropped;
}
