/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a call: everything must be flushed that the tables no longer give.
 * What is cached for other PCIDs may wait until these are used again
 * ([SDM 3A] 4.10.4.2), so it is not reported; using it is. Nor is what is cached
 * with fewer rights than the tables give now: it costs one more fault at most, and
 * no flush is required ([SDM 3A] 4.10.4.3).
 *
 * One changed entry can leave many translations behind: they are told as one.
 */
#include "sim/mmu/tlb_judge.h"

#include <inttypes.h>

enum {
    GROUPS_MAX = 64,
    ORIGIN_BYTES = 320
};

/* What one changed entry left behind. */
struct group {
    struct tlb_culprit culprit;
    uint32_t first; /* one of the items; a page if there is one */
    size_t count;
};

struct audit {
    const struct sim_cpu *cpu;
    struct group groups[GROUPS_MAX];
    size_t group_count;
    size_t count;
    uint32_t budget;
    uint32_t examined;
    bool has_suspects;
};

static struct group *find_group(struct audit *audit, const struct tlb_culprit *culprit)
{
    for (size_t i = 0; i < audit->group_count; i++) {
        if (audit->groups[i].culprit.address == culprit->address) {
            return &audit->groups[i];
        }
    }
    if (audit->group_count == GROUPS_MAX) {
        return NULL;
    }
    audit->groups[audit->group_count] = (struct group){.culprit = *culprit};
    audit->group_count++;
    return &audit->groups[audit->group_count - 1];
}

static void add_to_group(const struct sim_tlb *tlb, struct audit *audit, uint32_t index)
{
    struct sim_access access = {tlb_cached_at(tlb, index)->linear, SIM_ACCESS_READ,
                                SIM_MODE_IMPLICIT_SUPERVISOR};
    struct sim_walk now = sim_mmu_walk(audit->cpu, tlb->memory, access);
    struct tlb_culprit culprit = tlb_find_culprit(tlb, index, &now);
    struct group *group = NULL;

    if (culprit.level == 0) {
        return; /* another address space altogether: using it is the mistake */
    }
    audit->count++;
    group = find_group(audit, &culprit);
    if (group == NULL) {
        return;
    }
    group->count++;
    if (group->first == 0 || (tlb_is_page(tlb_cached_at(tlb, index)) &&
                              !tlb_is_page(tlb_cached_at(tlb, group->first)))) {
        group->first = index;
    }
}

static void examine(const struct sim_tlb *tlb, struct audit *audit, uint32_t index)
{
    audit->examined++;
    if (!tlb_is_suspect(tlb, index)) {
        return;
    }
    audit->has_suspects = true;
    if (tlb_judge(tlb, audit->cpu, tlb_cached_at(tlb, index), &audit->budget) == TLB_OTHER) {
        add_to_group(tlb, audit, index);
    }
}

static void examine_list(const struct sim_tlb *tlb, struct audit *audit, uint32_t first)
{
    for (uint32_t index = first; index != 0; index = tlb_cached_at(tlb, index)->list_next) {
        examine(tlb, audit, index);
    }
}

static void report_group(struct sim_tlb *tlb, const struct group *group)
{
    const struct tlb_cached *first = tlb_cached_at(tlb, group->first);
    const struct tlb_change *change = tlb_find_change(tlb, group->culprit.address);
    uint64_t writer = change == NULL ? 0 : change->rip;
    char origin[ORIGIN_BYTES];

    if (!tlb_claim_change(tlb, group->culprit.address)) {
        return;
    }
    tlb_describe_origin(tlb, first, &group->culprit, origin, sizeof origin);
    sim_finding_add(tlb->findings, SIM_FINDING_TLB, writer,
                    "%s for 0x%" PRIx64
                    " may still be cached though the tables no longer give it (%zu in all): %s",
                    tlb_is_page(first) ? "a translation" : "a paging-structure cache entry",
                    first->linear, group->count, origin);
}

size_t sim_tlb_audit(struct sim_tlb *tlb, const struct sim_cpu *cpu)
{
    struct sim_cpu now = *cpu;
    struct audit audit = {.cpu = &now, .budget = TLB_AUDIT_WALKS};

    now.has_pdptes = false; /* what is compared is memory */
    if (tlb->findings == NULL) {
        return 0;
    }
    sim_tlb_end_run(tlb);
    tlb_settle_note(tlb);
    if (!tlb->state.has_changes || sim_mmu_paging_mode(cpu) == SIM_PAGING_OFF) {
        return 0;
    }
    examine_list(tlb, &audit, tlb_first_page(tlb, tlb_context(cpu)));
    examine_list(tlb, &audit, tlb_first_page(tlb, TLB_GLOBAL));
    examine_list(tlb, &audit, tlb_first_entry(tlb, tlb_context(cpu)));
    for (size_t i = 0; i < audit.group_count; i++) {
        report_group(tlb, &audit.groups[i]);
    }
    audit.count += tlb_audit_late(tlb, &now, &audit.budget);
    tlb->state.has_changes =
        audit.has_suspects || tlb->state.late_count > 0 || audit.examined < tlb->state.cached_count;
    return audit.count;
}
