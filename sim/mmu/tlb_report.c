/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sentences. Each names what happened, the entry that changed with its value
 * before and after, who changed it, and what was flushed since, if anything.
 * One change is reported once, however often it is met.
 */
#include "sim/mmu/tlb_judge.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/util/text.h"
#include "sim/report/walk_explain.h"

enum {
    NAME_BYTES = 96,
    ORIGIN_BYTES = 320
};

void tlb_describe(const struct sim_tlb *tlb, uint64_t rip, char *text, size_t size)
{
    if (rip == 0) {
        (void)snprintf(text, size, "an unknown instruction");
    } else if (tlb->names.describe == NULL) {
        (void)snprintf(text, size, "0x%" PRIx64, rip);
    } else {
        tlb->names.describe(tlb->names.context, rip, text, size);
    }
}

/* The last INVLPG after a change; the item is still there, so it was for another address. */
static const struct tlb_flushed *last_invlpg_since(const struct sim_tlb *tlb, uint64_t sequence)
{
    const struct tlb_state *state = &tlb->state;
    const struct tlb_flushed *last = NULL;

    if (state->invlpg_count == 0) {
        return NULL;
    }
    last = &state->invlpgs[(state->invlpg_count - 1) % TLB_INVLPGS];
    return last->sequence > sequence ? last : NULL;
}

static void append_flushes(const struct sim_tlb *tlb, const struct tlb_cached *cached,
                           uint64_t sequence, char *text, size_t size)
{
    const struct tlb_flushed *invlpg = last_invlpg_since(tlb, sequence);
    bool is_global = cached->context == TLB_GLOBAL;
    char name[NAME_BYTES];

    if (invlpg != NULL) {
        tlb_describe(tlb, invlpg->rip, name, sizeof name);
        sim_text_append(text, size, "; INVLPG of 0x%" PRIx64 " by %s did not cover it",
                        invlpg->linear, name);
    } else if (!is_global) {
        sim_text_append(text, size, "; no INVLPG or CR3 load %ssince",
                        cached->context == 0 ? "" : "that flushes it ");
    } else {
        sim_text_append(text, size, "; no INVLPG since");
    }
    if (!is_global && cached->context != 0) {
        sim_text_append(text, size, "; the translation is of PCID %u", cached->context);
    }
    if (is_global && tlb->state.last_pcid_flush.sequence > sequence) {
        tlb_describe(tlb, tlb->state.last_pcid_flush.rip, name, sizeof name);
        sim_text_append(text, size, "; the page is global, so the CR3 load by %s did not flush it",
                        name);
    }
}

void tlb_describe_origin(const struct sim_tlb *tlb, const struct tlb_cached *cached,
                         const struct tlb_culprit *culprit, char *text, size_t size)
{
    const struct tlb_change *change = tlb_find_change(tlb, culprit->address);
    char name[NAME_BYTES];

    tlb_describe(tlb, change == NULL ? 0 : change->rip, name, sizeof name);
    (void)snprintf(
        text, size,
        "the %s at physical 0x%" PRIx64 " was 0x%" PRIx64 " and is 0x%" PRIx64 " since %s",
        sim_walk_level_name(culprit->level), culprit->address, culprit->was, culprit->is, name);
    if (change != NULL) {
        append_flushes(tlb, cached, change->sequence, text, size);
    }
}

static const char *kind_name(enum sim_access_kind kind)
{
    switch (kind) {
    case SIM_ACCESS_READ:
        return "read of";
    case SIM_ACCESS_WRITE:
        return "write to";
    case SIM_ACCESS_FETCH:
        return "fetch from";
    }
    return "access to";
}

/* One use of something cached that the tables do not give. */
struct use {
    struct sim_access access;
    uint32_t index; /* of what was used */
    uint64_t rip;
    const struct sim_walk *given, *now;
};

/* Another address space was loaded without a flush of the PCID, or a global page is not in it. */
static void report_exchanged(struct sim_tlb *tlb, const struct use *use)
{
    const struct tlb_cached *cached = tlb_cached_at(tlb, use->index);
    struct sim_walk_step path[SIM_PAGING_LEVELS];
    char user[NAME_BYTES];
    char whose[40] = "global";

    (void)tlb_path(tlb, use->index, path);
    tlb_describe(tlb, use->rip, user, sizeof user);
    if (cached->context != TLB_GLOBAL) {
        (void)snprintf(whose, sizeof whose, "of PCID %u", (unsigned int)cached->context);
    }
    sim_finding_add(tlb->findings, SIM_FINDING_TLB, use->rip,
                    "%s 0x%" PRIx64 " through a translation that the tables do not give: it is %s "
                    "and was cached under the tables at 0x%" PRIx64
                    ", and CR3 now names those at 0x%" PRIx64 "; used by %s",
                    kind_name(use->access.kind), use->access.linear, whose,
                    path[0].address & ~UINT64_C(0xFFF), tlb_root(&tlb->state.cpu), user);
}

/* Whether a difference without a changed entry is a mistake. Address spaces may share global kernel
   pages and have some of them only in one, until they are needed. */
static bool is_exchange_wrong(const struct sim_tlb *tlb, const struct use *use)
{
    const struct tlb_cached *cached = tlb_cached_at(tlb, use->index);

    return use->given->outcome == SIM_WALK_MAPPED &&
           !(cached->context == TLB_GLOBAL && cached->rights.supervisor != 0 &&
             use->now->cause == SIM_CAUSE_NOT_PRESENT);
}

static void report_changed(struct sim_tlb *tlb, const struct use *use,
                           const struct tlb_culprit *culprit)
{
    char origin[ORIGIN_BYTES];
    char user[NAME_BYTES];

    if (!tlb_claim_change(tlb, culprit->address)) {
        return;
    }
    tlb_describe_origin(tlb, tlb_cached_at(tlb, use->index), culprit, origin, sizeof origin);
    tlb_describe(tlb, use->rip, user, sizeof user);
    sim_finding_add(tlb->findings, SIM_FINDING_TLB, use->rip,
                    "%s 0x%" PRIx64
                    " through a translation that the tables no longer give: %s; used by %s",
                    kind_name(use->access.kind), use->access.linear, origin, user);
}

static void remember_needless_fault(struct sim_tlb *tlb, const struct use *use,
                                    const struct tlb_culprit *culprit)
{
    struct tlb_needless_fault *fault = &tlb->state.needless_fault;
    char origin[ORIGIN_BYTES];
    char user[NAME_BYTES];

    tlb_describe_origin(tlb, tlb_cached_at(tlb, use->index), culprit, origin, sizeof origin);
    tlb_describe(tlb, use->rip, user, sizeof user);
    *fault = (struct tlb_needless_fault){true,     use->access.kind, use->access.linear,
                                         use->rip, culprit->address, ""};
    (void)snprintf(fault->text, sizeof fault->text,
                   "%s 0x%" PRIx64 " faults only because what was cached grants less than the "
                   "tables: %s; executed by %s",
                   kind_name(fault->kind), fault->linear, origin, user);
}

void sim_tlb_end_run(struct sim_tlb *tlb)
{
    struct tlb_needless_fault *fault = &tlb->state.needless_fault;

    if (fault->is_pending && tlb_claim_change(tlb, fault->entry)) {
        sim_finding_add(tlb->findings, SIM_FINDING_TLB, fault->rip, "%s", fault->text);
    }
    fault->is_pending = false;
}

static bool is_same_result(const struct sim_walk *given, const struct sim_walk *now)
{
    if (given->outcome == SIM_WALK_MAPPED) {
        return now->outcome == SIM_WALK_MAPPED && now->physical == given->physical;
    }
    return now->outcome != SIM_WALK_MAPPED;
}

bool tlb_check_use(struct sim_tlb *tlb, struct sim_access access, uint32_t index,
                   const struct sim_walk *given, uint64_t rip)
{
    const struct sim_cpu *cpu = &tlb->state.cpu;
    struct sim_walk_step path[SIM_PAGING_LEVELS];
    struct sim_walk now;
    struct use use = {access, index, rip, given, &now};
    struct tlb_culprit culprit;

    (void)tlb_path(tlb, index, path);
    if (path[0].address - tlb_root(cpu) < 4096 && !tlb_is_suspect(tlb, index)) {
        return false;
    }
    now = sim_mmu_walk(cpu, tlb->memory, access);
    if (is_same_result(given, &now)) {
        return true;
    }
    tlb_settle_note(tlb);
    culprit = tlb_find_culprit(tlb, index, &now);
    if (culprit.level != 0 && given->outcome != SIM_WALK_MAPPED) {
        remember_needless_fault(tlb, &use, &culprit);
    } else if (culprit.level != 0) {
        report_changed(tlb, &use, &culprit);
    } else if (is_exchange_wrong(tlb, &use)) {
        report_exchanged(tlb, &use);
    }
    return true;
}

void tlb_report_reuse(struct sim_tlb *tlb, uint32_t index, uint64_t address, uint64_t value,
                      uint64_t rip)
{
    struct tlb_cached *cached = tlb_store_edit(&tlb->cached.items, index);
    struct sim_access access = {cached->linear, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};
    struct sim_walk now = sim_mmu_walk(&tlb->state.cpu, tlb->memory, access);
    struct tlb_culprit culprit = tlb_find_culprit(tlb, index, &now);
    char origin[ORIGIN_BYTES];
    char writer[NAME_BYTES];

    if (culprit.level == 0) {
        return;
    }
    cached->is_reuse_reported = true;
    tlb_describe_origin(tlb, cached, &culprit, origin, sizeof origin);
    tlb_describe(tlb, rip, writer, sizeof writer);
    sim_finding_add(tlb->findings, SIM_FINDING_TLB, rip,
                    "the table page 0x%" PRIx64 " is reused while a processor may still use it as "
                    "a table: %s; 0x%" PRIx64 " is written to 0x%" PRIx64 " by %s",
                    cached->physical, origin, value, address, writer);
}

void tlb_report_late(struct sim_tlb *tlb, const struct tlb_ghost *ghost, uint64_t now)
{
    const struct tlb_cached *cached = &ghost->cached;
    char flusher[NAME_BYTES];
    char writer[NAME_BYTES];

    tlb_describe(tlb, ghost->flush_rip, flusher, sizeof flusher);
    tlb_describe(tlb, ghost->write_rip, writer, sizeof writer);
    sim_finding_add(tlb->findings, SIM_FINDING_TLB, ghost->write_rip,
                    "0x%" PRIx64 " was flushed by %s before its %s at physical 0x%" PRIx64
                    " was changed from 0x%" PRIx64 " to 0x%" PRIx64
                    " by %s, and not after it: a processor may have cached the old entry again",
                    cached->linear, flusher, sim_walk_level_name(cached->level), cached->address,
                    cached->entry, now, writer);
}
