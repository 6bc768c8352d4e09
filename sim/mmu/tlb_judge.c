/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether something cached is still what the tables give. The quick answer
 * compares the entries it came through with memory; when they are the same,
 * nothing has changed. The true answer is a walk from CR3, because an entry may
 * change without a difference for this address: a large page is split into the
 * same small ones, an address space that shared the lower tables is freed.
 *
 * Bits that translation does not depend on never count: Accessed and Dirty, whose
 * clearing needs no flush, Global, and what is left to software.
 * [SDM 3A] 4.10.4.2, 4.10.4.3.
 */
#include "sim/mmu/tlb_judge.h"

#include <string.h>

#define CR4_SMEP (UINT64_C(1) << 20)
#define CR4_PKE  (UINT64_C(1) << 22)
#define CR4_PKS  (UINT64_C(1) << 24)

/* A, D and G, 11:9 and 58:52. [SDM 3A] tables 4-15 to 4-20. */
#define BITS_WITHOUT_EFFECT UINT64_C(0x07F0000000000F60)
/* In an entry that refers to a table also PWT, PCD and 62:59, the protection key of a page. */
#define BITS_WITHOUT_EFFECT_ON_TABLE (BITS_WITHOUT_EFFECT | UINT64_C(0x7800000000000018))

enum {
    PAGE_BYTES = 4096
};

bool tlb_differs(uint64_t old, uint64_t new, bool is_page)
{
    return ((old ^ new) & ~(is_page ? BITS_WITHOUT_EFFECT : BITS_WITHOUT_EFFECT_ON_TABLE)) != 0;
}

bool tlb_is_suspect(const struct sim_tlb *tlb, uint32_t index)
{
    while (index != 0) {
        const struct tlb_cached *cached = tlb_cached_at(tlb, index);
        uint64_t now = tlb_entry_in_memory(tlb, cached->address, cached->bytes);

        if (tlb_differs(cached->entry, now, tlb_is_page(cached))) {
            return true;
        }
        index = cached->parent;
    }
    return false;
}

/* With SMEP a supervisor's page that becomes a user's has lost a right. [SDM 3A] 4.10.4.3. */
static enum tlb_verdict compare_rights(const struct sim_cpu *cpu, const struct sim_rights *cached,
                                       const struct sim_rights *now)
{
    bool supervisor_differs = (cached->supervisor == 0) != (now->supervisor == 0);

    if ((cached->read_only == 0 && now->read_only != 0) ||
        (supervisor_differs && (now->supervisor != 0 || (cpu->cr4 & CR4_SMEP) != 0)) ||
        (cached->no_execute == 0 && now->no_execute != 0)) {
        return TLB_OTHER;
    }
    if ((cached->read_only != 0 && now->read_only == 0) || supervisor_differs ||
        (cached->no_execute != 0 && now->no_execute == 0)) {
        return TLB_WIDER;
    }
    return TLB_SAME;
}

static struct sim_walk walk_now(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                                uint64_t linear)
{
    struct sim_access access = {linear, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};

    return sim_mmu_walk(cpu, tlb->memory, access);
}

/* The walk got to a page, whatever its rights say. */
static bool reached_page(const struct sim_walk *walk)
{
    return walk->outcome == SIM_WALK_MAPPED ||
           (walk->outcome == SIM_WALK_PAGE_FAULT && walk->cause > SIM_CAUSE_RESERVED);
}

static enum tlb_verdict judge_address(const struct sim_cpu *cpu, const struct tlb_cached *page,
                                      uint64_t linear, const struct sim_walk *now)
{
    bool has_keys = (cpu->cr4 & (page->rights.supervisor == 0 ? CR4_PKE : CR4_PKS)) != 0;

    if (!reached_page(now) || now->physical != page->physical + (linear - page->linear) ||
        now->pat_index != page->pat_index || (has_keys && now->rights.key != page->rights.key)) {
        return TLB_OTHER;
    }
    return compare_rights(cpu, &page->rights, &now->rights);
}

/* A page may have become many smaller ones: all are compared, up to the first that is different. */
static enum tlb_verdict judge_page(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                                   const struct tlb_cached *page, uint32_t *budget)
{
    uint64_t size = UINT64_C(1) << page->shift;
    enum tlb_verdict verdict = TLB_SAME;
    uint64_t offset = 0;

    while (offset < size && verdict == TLB_SAME && *budget > 0) {
        struct sim_walk now = walk_now(tlb, cpu, page->linear + offset);

        verdict = judge_address(cpu, page, page->linear + offset, &now);
        offset += now.page_size == 0 ? PAGE_BYTES : now.page_size;
        --*budget;
    }
    return verdict;
}

/* The step of a walk at one level, if it refers to a table. */
static const struct sim_walk_step *table_step(const struct sim_walk *walk, unsigned int level)
{
    bool last_ends_it = walk->outcome != SIM_WALK_NO_TABLE;

    for (unsigned int i = 0; i < walk->depth; i++) {
        if (walk->steps[i].level == level) {
            return i + 1 == walk->depth && last_ends_it ? NULL : &walk->steps[i];
        }
    }
    return NULL;
}

static enum tlb_verdict judge_entry(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                                    const struct tlb_cached *entry)
{
    struct sim_walk now = walk_now(tlb, cpu, entry->linear);
    const struct sim_walk_step *step = table_step(&now, entry->level);

    if (step == NULL || sim_mmu_start_below(step).table != entry->physical) {
        return TLB_OTHER;
    }
    return compare_rights(cpu, &entry->rights, &step->rights);
}

enum tlb_verdict tlb_judge(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                           const struct tlb_cached *cached, uint32_t *budget)
{
    return tlb_is_page(cached) ? judge_page(tlb, cpu, cached, budget)
                               : judge_entry(tlb, cpu, cached);
}

bool tlb_is_unlinked(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                     const struct tlb_cached *cached)
{
    struct sim_walk now = walk_now(tlb, cpu, cached->linear);
    const struct sim_walk_step *step = table_step(&now, cached->level);

    return step == NULL || sim_mmu_start_below(step).table != cached->physical;
}

struct tlb_culprit tlb_find_culprit(const struct sim_tlb *tlb, uint32_t index,
                                    const struct sim_walk *now)
{
    struct sim_walk_step path[SIM_PAGING_LEVELS];
    unsigned int depth = tlb_path(tlb, index, path);
    bool leads_to_page = tlb_is_page(tlb_cached_at(tlb, index));

    for (unsigned int i = 0; i < depth && i < now->depth; i++) {
        const struct sim_walk_step *step = &now->steps[i];

        if (step->address != path[i].address) {
            break;
        }
        if (tlb_differs(path[i].entry, step->entry, leads_to_page && i + 1 == depth)) {
            return (struct tlb_culprit){step->level, step->address, path[i].entry, step->entry};
        }
    }
    return (struct tlb_culprit){0};
}
