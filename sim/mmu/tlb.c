/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Translation as a processor with caches does it. A cached translation is used
 * whatever the tables say now. If there is none, the walk starts below the lowest
 * cached paging-structure entry for the address, and the result is cached. A
 * write through a translation that was cached with D = 0 walks again, because D
 * has to be set in memory. [SDM 3A] 4.8, 4.10.2.3, 4.10.3.2.
 *
 * Hardware may do this or forget at any time; software has to live with both.
 * Nothing is forgotten here, because that is what finds mistakes.
 */
#include "sim/mmu/tlb_judge.h"

#include <stdlib.h>
#include <string.h>

struct sim_tlb *sim_tlb_create(const struct sim_memory *memory, struct sim_findings *findings,
                               const struct sim_tlb_names *names)
{
    struct sim_tlb *tlb = calloc(1, sizeof *tlb);

    if (tlb == NULL) {
        return NULL;
    }
    tlb->memory = memory;
    tlb->findings = findings;
    tlb->names = names == NULL ? (struct sim_tlb_names){0} : *names;
    tlb->lists.size = sizeof(uint32_t);
    if (tlb_store_resize(&tlb->lists, TLB_LISTS) != 0 ||
        tlb_pool_init(&tlb->cached, sizeof(struct tlb_cached), TLB_CACHED_MAX) != 0 ||
        tlb_pool_init(&tlb->pages, sizeof(struct tlb_page), TLB_PAGES_MAX) != 0 ||
        tlb_pool_init(&tlb->changes, sizeof(struct tlb_change), TLB_CHANGES_MAX) != 0 ||
        tlb_pool_init(&tlb->ghosts, sizeof(struct tlb_ghost), TLB_GHOSTS_MAX) != 0) {
        sim_tlb_destroy(tlb);
        return NULL;
    }
    return tlb;
}

void sim_tlb_destroy(struct sim_tlb *tlb)
{
    if (tlb == NULL) {
        return;
    }
    tlb_store_free(&tlb->lists);
    tlb_pool_free(&tlb->cached);
    tlb_pool_free(&tlb->pages);
    tlb_pool_free(&tlb->changes);
    tlb_pool_free(&tlb->ghosts);
    free(tlb);
}

/* A translation of the current PCID, or a global one of any. [SDM 3A] 4.10.2.4. */
static uint32_t find_usable_page(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                                 uint64_t linear)
{
    uint32_t index = tlb_find_page(tlb, linear, tlb_context(cpu));

    return index != 0 ? index : tlb_find_page(tlb, linear, TLB_GLOBAL);
}

/* What the cache says about an access, as the walk that made it would. */
static struct sim_walk walk_in_cache(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                                     struct sim_access access, uint32_t index)
{
    const struct tlb_cached *page = tlb_cached_at(tlb, index);
    struct sim_verdict verdict = sim_mmu_check_rights(cpu, &page->rights, access);
    uint64_t page_size = UINT64_C(1) << page->shift;
    struct sim_walk walk = {
        .outcome = verdict.cause == SIM_CAUSE_NONE ? SIM_WALK_MAPPED : SIM_WALK_PAGE_FAULT,
        .mode = sim_mmu_paging_mode(cpu),
        .error_code = verdict.error_code,
        .cause = verdict.cause,
        .cause_level = verdict.level,
        .physical = page->physical + (access.linear & (page_size - 1)),
        .page_size = page_size,
        .rights = page->rights,
        .global = page->context == TLB_GLOBAL,
        .accessed = true,
        .dirty = page->dirty,
        .pat_index = page->pat_index,
    };

    walk.depth = tlb_path(tlb, index, walk.steps);
    return walk;
}

static void add_permissions(struct sim_tlb_result *result, const struct sim_cpu *cpu,
                            struct sim_access access, bool dirty)
{
    const struct sim_rights *rights = &result->walk.rights;

    access.kind = SIM_ACCESS_READ;
    result->may_read = sim_mmu_check_rights(cpu, rights, access).cause == SIM_CAUSE_NONE;
    access.kind = SIM_ACCESS_WRITE;
    result->may_write = dirty && sim_mmu_check_rights(cpu, rights, access).cause == SIM_CAUSE_NONE;
    access.kind = SIM_ACCESS_FETCH;
    result->may_fetch = sim_mmu_check_rights(cpu, rights, access).cause == SIM_CAUSE_NONE;
}

/* A translation that differs from the tables is asked for again with every kind of access. */
static void add_permission_for_this(struct sim_tlb_result *result, struct sim_access access)
{
    result->may_read = access.kind == SIM_ACCESS_READ;
    result->may_write = access.kind == SIM_ACCESS_WRITE;
    result->may_fetch = access.kind == SIM_ACCESS_FETCH;
}

/* A page fault drops what is cached for its address, so that it does not happen again for the same
   reason. [SDM 3A] 4.10.4.1. */
static void drop_after_fault(struct sim_tlb *tlb, const struct sim_cpu *cpu, uint64_t linear)
{
    enum sim_paging_mode mode = sim_mmu_paging_mode(cpu);
    uint32_t index = find_usable_page(tlb, cpu, linear);

    while (index != 0) {
        tlb_drop(tlb, index);
        index = find_usable_page(tlb, cpu, linear);
    }
    for (unsigned int level = 2; level <= SIM_PAGING_LEVELS; level++) {
        index = tlb_find_entry_of(tlb, mode, level, linear, tlb_context(cpu));
        if (index != 0) {
            tlb_drop(tlb, index);
        }
    }
}

/* Puts the cached entries a walk began with before the steps it read. */
static void prepend_path(const struct sim_tlb *tlb, struct sim_walk *walk, uint32_t parent)
{
    struct sim_walk_step steps[SIM_PAGING_LEVELS];
    unsigned int above = tlb_path(tlb, parent, steps);

    if (above + walk->depth > SIM_PAGING_LEVELS) {
        return;
    }
    memmove(walk->steps + above, walk->steps, walk->depth * sizeof walk->steps[0]);
    memcpy(walk->steps, steps, above * sizeof steps[0]);
    walk->depth += above;
}

static void say_full(struct sim_tlb *tlb, uint64_t rip)
{
    if (tlb->findings == NULL || tlb->state.is_full_said) {
        return;
    }
    tlb->state.is_full_said = true;
    sim_finding_add(tlb->findings, SIM_FINDING_TLB, rip,
                    "more than %d translations are cached: what comes now is not watched",
                    TLB_CACHED_MAX - 1);
}

/* The cached entry a walk begins with, or 0. A PDPTE register that was loaded anew replaces what was
   cached from it: it is no paging-structure cache. [SDM 3A] 4.4.1, 4.10.3.1. */
static uint32_t find_parent(struct sim_tlb *tlb, const struct sim_cpu *cpu, uint64_t linear)
{
    uint32_t parent = tlb_find_entry(tlb, cpu, linear);
    const struct tlb_cached *entry = tlb_cached_at(tlb, parent);

    if (parent != 0 && cpu->has_pdptes && sim_mmu_paging_mode(cpu) == SIM_PAGING_PAE &&
        entry->class == TLB_PDPTE && entry->entry != cpu->pdpte[linear >> 30 & 3]) {
        tlb_drop(tlb, parent);
        return 0;
    }
    return parent;
}

/* The access that faulted without need works now: no harm was done. */
static void forget_needless_fault(struct sim_tlb *tlb, struct sim_access access)
{
    struct tlb_needless_fault *fault = &tlb->state.needless_fault;

    if (fault->is_pending && fault->kind == access.kind &&
        fault->linear >> 12 == access.linear >> 12) {
        fault->is_pending = false;
    }
}

/* Walks in memory from where the caches lead to, and caches the result. */
static struct sim_tlb_result translate_by_walk(struct sim_tlb *tlb, const struct sim_cpu *cpu,
                                               struct sim_access access, uint64_t rip)
{
    struct sim_walk_start start = sim_mmu_start_at_root(cpu);
    uint32_t parent = find_parent(tlb, cpu, access.linear);
    struct sim_tlb_result result = {0};
    bool is_suspect = false;

    if (parent != 0) {
        start = tlb_start(tlb_cached_at(tlb, parent));
    }
    result.walk = sim_mmu_walk_from(cpu, tlb->memory, access, &start);
    if (tlb->findings != NULL && parent != 0) {
        is_suspect = tlb_check_use(tlb, access, parent, &result.walk, rip);
    }
    (void)sim_mmu_mark(tlb->memory, &result.walk, access.kind);
    if (result.walk.outcome == SIM_WALK_MAPPED) {
        uint32_t index = tlb_cache_walk(tlb, cpu, access, &result.walk, parent);

        if (index == 0) {
            tlb->has_dropped = true;
            say_full(tlb, rip);
        } else if (tlb->findings != NULL && parent == 0 && cpu->has_pdptes) {
            is_suspect = tlb_check_use(tlb, access, index, &result.walk, rip);
        }
        result.walk.dirty = result.walk.dirty || access.kind == SIM_ACCESS_WRITE;
        add_permissions(&result, cpu, access, result.walk.dirty);
    }
    prepend_path(tlb, &result.walk, parent);
    if (is_suspect && result.walk.outcome == SIM_WALK_MAPPED) {
        add_permission_for_this(&result, access);
    }
    if (result.walk.outcome == SIM_WALK_MAPPED) {
        forget_needless_fault(tlb, access);
    }
    if (result.walk.outcome == SIM_WALK_PAGE_FAULT) {
        drop_after_fault(tlb, cpu, access.linear);
    }
    return result;
}

static struct sim_tlb_result translate_by_cache(struct sim_tlb *tlb, const struct sim_cpu *cpu,
                                                struct sim_access access, uint32_t index,
                                                uint64_t rip)
{
    struct sim_tlb_result result = {.walk = walk_in_cache(tlb, cpu, access, index)};
    bool is_suspect = false;

    if (tlb->findings != NULL) {
        is_suspect = tlb_check_use(tlb, access, index, &result.walk, rip);
    }
    if (result.walk.outcome == SIM_WALK_PAGE_FAULT) {
        drop_after_fault(tlb, cpu, access.linear);
    } else if (is_suspect) {
        add_permission_for_this(&result, access);
    } else {
        add_permissions(&result, cpu, access, result.walk.dirty);
    }
    return result;
}

/* With paging off every access may be made anywhere. */
static struct sim_tlb_result translate_without_paging(const struct sim_tlb *tlb,
                                                      const struct sim_cpu *cpu,
                                                      struct sim_access access)
{
    struct sim_tlb_result result = {.walk = sim_mmu_walk(cpu, tlb->memory, access),
                                    .may_read = true,
                                    .may_write = true,
                                    .may_fetch = true};

    return result;
}

/* Five-level canonical; what four levels forbid has no cached translation. */
static bool fits_57_bits(uint64_t linear)
{
    uint64_t high = linear >> 56;

    return high == 0 || high == 0xFF;
}

struct sim_tlb_result sim_tlb_translate(struct sim_tlb *tlb, const struct sim_cpu *cpu,
                                        struct sim_access access, uint64_t rip)
{
    enum sim_paging_mode mode = sim_mmu_paging_mode(cpu);
    const struct tlb_cached *page = NULL;
    uint32_t index = 0;

    if (mode == SIM_PAGING_OFF) {
        return translate_without_paging(tlb, cpu, access);
    }
    if (mode < SIM_PAGING_4_LEVEL) {
        access.linear &= UINT32_MAX;
    }
    if (!fits_57_bits(access.linear)) {
        return (struct sim_tlb_result){.walk = sim_mmu_walk(cpu, tlb->memory, access)};
    }
    if (tlb->findings != NULL) {
        tlb_set_cpu(tlb, cpu);
    }
    index = find_usable_page(tlb, cpu, access.linear);
    if (index == 0) {
        return translate_by_walk(tlb, cpu, access, rip);
    }
    page = tlb_cached_at(tlb, index);
    if (access.kind == SIM_ACCESS_WRITE && !page->dirty &&
        sim_mmu_check_rights(cpu, &page->rights, access).cause == SIM_CAUSE_NONE) {
        tlb_drop(tlb, index);
        return translate_by_walk(tlb, cpu, access, rip);
    }
    return translate_by_cache(tlb, cpu, access, index, rip);
}

uint64_t sim_tlb_unneeded_flushes(const struct sim_tlb *tlb)
{
    return tlb->state.unneeded;
}
