/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is cached: translations of pages, and paging-structure entries. A
 * translation is found by page number and PCID, or as a global one regardless of
 * it; a paging-structure entry by the bits of the address that led to it and by
 * PCID. [SDM 3A] 4.10.2, 4.10.3.
 *
 * Every item knows the entry above, so the way of each translation through the
 * tables can be followed up to the root, long after the entries above were
 * invalidated.
 */
#include "sim/mmu/tlb_internal.h"

#define CR4_PCIDE (UINT64_C(1) << 17)

static const uint8_t page_shifts[TLB_PAGE_CLASSES] = {
    [TLB_PAGE_4K] = 12, [TLB_PAGE_2M] = 21, [TLB_PAGE_4M] = 22, [TLB_PAGE_1G] = 30};

bool tlb_has_pcids(const struct sim_cpu *cpu)
{
    return (cpu->cr4 & CR4_PCIDE) != 0;
}

uint16_t tlb_context(const struct sim_cpu *cpu)
{
    return tlb_has_pcids(cpu) ? (uint16_t)(cpu->cr3 & 0xFFF) : 0;
}

uint64_t tlb_root(const struct sim_cpu *cpu)
{
    return sim_mmu_start_at_root(cpu).table;
}

/* Bits of a linear address that an entry of this level does not translate. [SDM 3A] table 4-2. */
static uint8_t entry_shift(enum sim_paging_mode mode, unsigned int level)
{
    return (uint8_t)(mode == SIM_PAGING_32_BIT ? 12 + 10 * (level - 1) : 12 + 9 * (level - 1));
}

static uint64_t first_address(uint64_t linear, uint8_t shift)
{
    return linear >> shift << shift;
}

/* Linear addresses have 57 bits that count, contexts 13, classes 3. */
static uint64_t key_of(uint64_t first, uint16_t context, unsigned int class)
{
    uint64_t page_number = first >> 12 & ((UINT64_C(1) << 45) - 1);

    return page_number | (uint64_t)context << 45 | (uint64_t) class << 58;
}

uint32_t tlb_find_page(const struct sim_tlb *tlb, uint64_t linear, uint16_t context)
{
    const uint32_t *counts = tlb->state.pages_of[context == TLB_GLOBAL ? 1 : 0];

    for (unsigned int class = 0; class < TLB_PAGE_CLASSES; class ++) {
        uint64_t first = first_address(linear, page_shifts[class]);
        uint32_t index =
            counts[class] == 0 ? 0 : tlb_pool_find(&tlb->cached, key_of(first, context, class));

        if (index != 0) {
            return index;
        }
    }
    return 0;
}

uint32_t tlb_find_entry_of(const struct sim_tlb *tlb, enum sim_paging_mode mode, unsigned int level,
                           uint64_t linear, uint16_t context)
{
    uint64_t first = first_address(linear, entry_shift(mode, level));

    return tlb_pool_find(&tlb->cached, key_of(first, context, TLB_PDE + level - 2));
}

uint32_t tlb_find_entry(const struct sim_tlb *tlb, const struct sim_cpu *cpu, uint64_t linear)
{
    enum sim_paging_mode mode = sim_mmu_paging_mode(cpu);
    unsigned int root_level = sim_mmu_start_at_root(cpu).level;
    uint16_t context = tlb_context(cpu);

    for (unsigned int level = 2; level <= root_level; level++) {
        uint32_t index = tlb_find_entry_of(tlb, mode, level, linear, context);

        if (index != 0) {
            return index;
        }
    }
    return 0;
}

struct sim_walk_start tlb_start(const struct tlb_cached *cached)
{
    return (struct sim_walk_start){cached->level - 1u, cached->physical, cached->rights};
}

static struct tlb_cached *edit(struct sim_tlb *tlb, uint32_t index)
{
    return tlb_store_edit(&tlb->cached.items, index);
}

/* An item with what pages and entries have in common. */
static uint32_t add(struct sim_tlb *tlb, const struct tlb_cached *wanted)
{
    uint64_t key = key_of(wanted->linear, wanted->context, wanted->class);
    uint32_t index = tlb_pool_add(&tlb->cached, key);
    struct tlb_cached *cached = NULL;
    struct tlb_item item;

    if (index == 0) {
        return 0;
    }
    cached = edit(tlb, index);
    item = cached->item;
    *cached = *wanted;
    cached->item = item;
    cached->is_cached = true;
    tlb->state.cached_count++;
    tlb_link(tlb, index);
    tlb_count_source(tlb, cached, 1);
    if (cached->parent != 0) {
        edit(tlb, cached->parent)->children++;
    }
    return index;
}

static uint32_t add_entry(struct sim_tlb *tlb, const struct sim_cpu *cpu, uint64_t linear,
                          const struct sim_walk_step *step, uint32_t parent)
{
    uint8_t shift = entry_shift(sim_mmu_paging_mode(cpu), step->level);
    struct sim_walk_start below = sim_mmu_start_below(step);
    struct tlb_cached wanted = {
        .linear = first_address(linear, shift),
        .address = step->address,
        .entry = step->entry,
        .physical = below.table,
        .parent = parent,
        .context = tlb_context(cpu),
        .pcid = tlb_context(cpu),
        .class = (uint8_t)(TLB_PDE + step->level - 2),
        .shift = shift,
        .level = step->level,
        .bytes = step->bytes,
        .rights = below.rights,
    };

    return add(tlb, &wanted);
}

static enum tlb_class class_of_size(uint64_t size)
{
    enum tlb_class class = TLB_PAGE_4K;

    while (class < TLB_PAGE_1G && UINT64_C(1) << page_shifts[class] != size) {
        class ++;
    }
    return class;
}

static uint32_t add_page(struct sim_tlb *tlb, const struct sim_cpu *cpu, struct sim_access access,
                         const struct sim_walk *walk, uint32_t parent)
{
    const struct sim_walk_step *leaf = &walk->steps[walk->depth - 1];
    enum tlb_class class = class_of_size(walk->page_size);
    uint8_t shift = page_shifts[class];
    struct tlb_cached wanted = {
        .linear = first_address(access.linear, shift),
        .address = leaf->address,
        .entry = leaf->entry,
        .physical = first_address(walk->physical, shift),
        .parent = parent,
        .context = walk->global ? TLB_GLOBAL : tlb_context(cpu),
        .pcid = tlb_context(cpu),
        .class = (uint8_t) class,
        .shift = shift,
        .level = leaf->level,
        .bytes = leaf->bytes,
        .pat_index = walk->pat_index,
        .dirty = walk->dirty || access.kind == SIM_ACCESS_WRITE,
        .rights = walk->rights,
    };
    uint32_t old = tlb_pool_find(&tlb->cached, key_of(wanted.linear, wanted.context, wanted.class));
    uint32_t index = 0;

    if (old != 0) {
        tlb_drop(tlb, old); /* a global page behind one of the PCID's own */
    }
    index = add(tlb, &wanted);
    if (index != 0) {
        tlb->state.pages_of[walk->global ? 1 : 0][class]++;
    }
    return index;
}

static void watch_tables(struct sim_tlb *tlb, const struct sim_walk *walk)
{
    for (unsigned int i = 0; i < walk->depth; i++) {
        (void)tlb_watch(tlb, walk->steps[i].address & ~UINT64_C(0xFFF)); /* no room: not watched */
    }
}

uint32_t tlb_cache_walk(struct sim_tlb *tlb, const struct sim_cpu *cpu, struct sim_access access,
                        const struct sim_walk *walk, uint32_t parent)
{
    if (tlb->cached.live + SIM_PAGING_LEVELS > tlb->cached.limit) {
        return 0;
    }
    if (tlb->findings != NULL) {
        watch_tables(tlb, walk);
    }
    for (unsigned int i = 0; i + 1 < walk->depth; i++) {
        uint32_t index = add_entry(tlb, cpu, access.linear, &walk->steps[i], parent);

        if (index == 0) {
            return 0;
        }
        parent = index;
    }
    return add_page(tlb, cpu, access, walk, parent);
}

/* Hidden items nobody needs any more go, from the bottom up. */
static void release_unused(struct sim_tlb *tlb, uint32_t index)
{
    while (index != 0 && !tlb_cached_at(tlb, index)->is_cached &&
           tlb_cached_at(tlb, index)->children == 0) {
        uint32_t parent = tlb_cached_at(tlb, index)->parent;

        tlb_count_source(tlb, tlb_cached_at(tlb, index), UINT32_MAX);
        tlb_pool_release(&tlb->cached, index);
        if (parent != 0) {
            edit(tlb, parent)->children--;
        }
        index = parent;
    }
}

void tlb_drop(struct sim_tlb *tlb, uint32_t index)
{
    struct tlb_cached *cached = edit(tlb, index);

    tlb_unlink(tlb, index);
    if (tlb_is_page(cached)) {
        tlb->state.pages_of[cached->context == TLB_GLOBAL ? 1 : 0][cached->class]--;
        tlb->has_dropped = true;
    }
    tlb_pool_hide(&tlb->cached, index);
    cached->is_cached = false;
    tlb->state.cached_count--;
    release_unused(tlb, index);
}

unsigned int tlb_path(const struct sim_tlb *tlb, uint32_t index,
                      struct sim_walk_step steps[SIM_PAGING_LEVELS])
{
    unsigned int depth = 0;
    unsigned int at = 0;

    for (uint32_t i = index; i != 0 && depth < SIM_PAGING_LEVELS;
         i = tlb_cached_at(tlb, i)->parent) {
        depth++;
    }
    at = depth;
    for (uint32_t i = index; i != 0 && at > 0; i = tlb_cached_at(tlb, i)->parent) {
        const struct tlb_cached *cached = tlb_cached_at(tlb, i);

        at--;
        steps[at] = (struct sim_walk_step){.address = cached->address,
                                           .entry = cached->entry,
                                           .level = cached->level,
                                           .bytes = cached->bytes,
                                           .rights = cached->rights};
    }
    return depth;
}
