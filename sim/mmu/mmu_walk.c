/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paging in all its modes, written from the manual.
 *
 * A linear address is a row of indices and an offset. CR3 names the first
 * table; each entry names the next table or, at level 1 or with PS set, a page.
 * The modes differ in the number of levels, in the size of an entry, and in
 * which bits of an entry are reserved; the loop is the same. A walk fails at
 * the first entry that is not present or has a reserved bit set. Rights are
 * gathered on the way and judged only when the walk is complete.
 * [SDM 3A] 4.3 (32-bit), 4.4 (PAE), 4.5 (4 and 5 levels).
 */
#include "sim/mmu/mmu_internal.h"

#include <string.h>

/* Shape of the tables. [SDM 3A] table 4-2. */
struct geometry {
    unsigned int levels;
    unsigned int index_bits;
    uint8_t entry_bytes;
};

static const struct geometry geometries[] = {
    [SIM_PAGING_OFF] = {0, 0, 0},     [SIM_PAGING_32_BIT] = {2, 10, 4},
    [SIM_PAGING_PAE] = {3, 9, 8},     [SIM_PAGING_4_LEVEL] = {4, 9, 8},
    [SIM_PAGING_5_LEVEL] = {5, 9, 8},
};

/* Bits hi..lo set; none if lo is above hi. */
static uint64_t bits(unsigned int hi, unsigned int lo)
{
    return lo > hi ? 0 : (UINT64_MAX >> (63 - (hi - lo))) << lo;
}

/* Lowest linear-address bit that an entry of this level translates: 12 at level 1. */
static unsigned int shift_at(enum sim_paging_mode mode, unsigned int level)
{
    return 12 + geometries[mode].index_bits * (level - 1);
}

enum sim_paging_mode sim_mmu_paging_mode(const struct sim_cpu *cpu)
{
    if ((cpu->cr0 & CR0_PG) == 0) {
        return SIM_PAGING_OFF;
    }
    if ((cpu->cr4 & CR4_PAE) == 0) {
        return SIM_PAGING_32_BIT;
    }
    if ((cpu->efer & EFER_LMA) == 0) {
        return SIM_PAGING_PAE;
    }
    return (cpu->cr4 & CR4_LA57) == 0 ? SIM_PAGING_4_LEVEL : SIM_PAGING_5_LEVEL;
}

/* All bits from the highest one translated upwards are the same, as in every address of 32 bits.
   [SDM 1] 3.3.7.1. */
static bool is_canonical(enum sim_paging_mode mode, uint64_t linear)
{
    unsigned int sign = mode == SIM_PAGING_5_LEVEL ? 56 : 47;
    uint64_t high = linear >> sign;

    return high == 0 || high == UINT64_MAX >> sign;
}

static bool maps_page(const struct sim_cpu *cpu, enum sim_paging_mode mode, unsigned int level,
                      uint64_t entry)
{
    if (level == 1) {
        return true;
    }
    if ((entry & ENTRY_PS) == 0) {
        return false;
    }
    if (mode == SIM_PAGING_32_BIT) {
        return (cpu->cr4 & CR4_PSE) != 0;
    }
    return level == 2 || level == 3; /* elsewhere PS is reserved, as in PDPTEs of PAE paging */
}

/* 32-bit paging: only a PDE that maps 4 MiB, whose bits 20:13 are bits 39:32 of the address, has
   reserved bits. [SDM 3A] table 4-4. */
static uint64_t reserved_in_32_bit(const struct sim_cpu *cpu, bool is_large)
{
    unsigned int width = cpu->physical_bits < 40 ? cpu->physical_bits : 40;

    return is_large ? bits(21, width < 32 ? 13 : width - 19) : 0;
}

/* [SDM 3A] tables 4-8 to 4-11. */
static uint64_t reserved_in_pae(const struct sim_cpu *cpu, unsigned int level, bool is_large)
{
    unsigned int width = cpu->physical_bits < 52 ? cpu->physical_bits : 52;

    if (level == 3) {
        return bits(63, width) | bits(8, 5) | bits(2, 1);
    }
    return bits(62, width) | (is_large ? bits(20, 13) : 0);
}

/* Bits that must be 0 in a present entry. [SDM 3A] tables 4-4 to 4-20. */
static uint64_t reserved_bits(const struct sim_cpu *cpu, enum sim_paging_mode mode,
                              unsigned int level, bool is_page)
{
    bool is_large = is_page && level > 1;
    uint64_t reserved = 0;

    if (mode == SIM_PAGING_32_BIT) {
        return reserved_in_32_bit(cpu, is_large);
    }
    if (mode == SIM_PAGING_PAE) {
        reserved = reserved_in_pae(cpu, level, is_large);
    } else {
        reserved = bits(51, cpu->physical_bits);
        reserved |= level > 3 ? ENTRY_PS : 0;
        reserved |= is_large ? bits(shift_at(mode, level) - 1, 13) : 0; /* bit 12 is PAT */
    }
    return (cpu->efer & EFER_NXE) == 0 ? reserved | ENTRY_XD : reserved;
}

static void add_rights(struct sim_rights *rights, enum sim_paging_mode mode, unsigned int level,
                       uint64_t entry)
{
    if (mode == SIM_PAGING_PAE && level == 3) {
        return; /* these entries have no rights */
    }
    if ((entry & ENTRY_RW) == 0 && rights->read_only == 0) {
        rights->read_only = (uint8_t)level;
    }
    if ((entry & ENTRY_US) == 0 && rights->supervisor == 0) {
        rights->supervisor = (uint8_t)level;
    }
    if ((entry & ENTRY_XD) != 0 && rights->no_execute == 0) {
        rights->no_execute = (uint8_t)level;
    }
}

static uint64_t page_frame(enum sim_paging_mode mode, unsigned int level, uint64_t entry)
{
    if (mode == SIM_PAGING_32_BIT && level == 2) {
        return (entry & bits(31, 22)) | (entry & bits(20, 13)) << 19;
    }
    return entry & bits(51, shift_at(mode, level));
}

/* PAT is bit 7 where a page has 4 KiB, bit 12 where it is larger. [SDM 3A] 4.9.2. */
static uint8_t pat_index(unsigned int level, uint64_t entry)
{
    unsigned int pat = (unsigned int)(entry >> (level == 1 ? 7 : 12)) & 1u;

    return (uint8_t)(pat << 2 | ((unsigned int)(entry >> 3) & 3u));
}

static void set_fault(struct sim_walk *walk, const struct sim_cpu *cpu, struct sim_access access,
                      enum sim_walk_cause cause)
{
    walk->outcome = SIM_WALK_PAGE_FAULT;
    walk->cause = cause;
    walk->cause_level = walk->steps[walk->depth - 1].level;
    walk->error_code = mmu_access_error(cpu, access);
    if (cause == SIM_CAUSE_RESERVED) {
        walk->error_code |= ERROR_P | ERROR_RSVD;
    }
}

/* The last step maps a page: describe it, then see whether the access may be made. */
static void finish(struct sim_walk *walk, const struct sim_cpu *cpu, struct sim_access access)
{
    struct sim_walk_step *leaf = &walk->steps[walk->depth - 1];
    struct sim_verdict verdict;

    walk->page_size = UINT64_C(1) << shift_at(walk->mode, leaf->level);
    walk->physical =
        page_frame(walk->mode, leaf->level, leaf->entry) | (access.linear & (walk->page_size - 1));
    walk->global = (leaf->entry & ENTRY_G) != 0 && (cpu->cr4 & CR4_PGE) != 0;
    walk->accessed = (leaf->entry & ENTRY_A) != 0;
    walk->dirty = (leaf->entry & ENTRY_D) != 0;
    walk->pat_index = pat_index(leaf->level, leaf->entry);
    leaf->rights.leaf = leaf->level;
    leaf->rights.key = (uint8_t)(leaf->entry >> 59 & 0xF);
    walk->rights = leaf->rights;

    verdict = sim_mmu_check_rights(cpu, &walk->rights, access);
    walk->outcome = verdict.cause == SIM_CAUSE_NONE ? SIM_WALK_MAPPED : SIM_WALK_PAGE_FAULT;
    walk->cause = verdict.cause;
    walk->cause_level = verdict.level;
    walk->error_code = verdict.error_code;
}

/* Whether an entry is in a register: then memory is not asked, whatever it has by now. */
static bool is_in_register(const struct sim_cpu *cpu, enum sim_paging_mode mode, unsigned int level)
{
    return mode == SIM_PAGING_PAE && level == 3 && cpu->has_pdptes;
}

/* Reads the next entry. False if there is no memory where it should be. */
static bool read_entry(struct sim_walk *walk, const struct sim_mmu *mmu,
                       const struct sim_walk_start *table, uint64_t linear)
{
    const struct sim_memory *memory = mmu->memory;
    const struct geometry *geometry = &geometries[walk->mode];
    uint64_t index =
        (linear >> shift_at(walk->mode, table->level)) & bits(geometry->index_bits - 1, 0);
    struct sim_walk_step step = {.address = table->table + index * geometry->entry_bytes,
                                 .level = (uint8_t)table->level,
                                 .bytes = geometry->entry_bytes,
                                 .rights = table->rights};

    if (is_in_register(mmu->cpu, walk->mode, table->level)) {
        step.entry = mmu->cpu->pdpte[index & 3];
    } else if (step.address >= memory->size || memory->size - step.address < step.bytes) {
        return false;
    } else { /* the host is little-endian */
        memcpy(&step.entry, memory->bytes + step.address, step.bytes);
    }
    walk->steps[walk->depth] = step;
    walk->depth++;
    return true;
}

/* Goes through the tables until an entry maps a page or stops the walk. */
static void descend(struct sim_walk *walk, const struct sim_cpu *cpu,
                    const struct sim_memory *memory, struct sim_access access,
                    struct sim_walk_start table)
{
    const struct sim_mmu mmu = {cpu, memory};

    while (read_entry(walk, &mmu, &table, access.linear)) {
        struct sim_walk_step *step = &walk->steps[walk->depth - 1];
        bool is_page = maps_page(cpu, walk->mode, step->level, step->entry);

        if ((step->entry & ENTRY_P) == 0) {
            set_fault(walk, cpu, access, SIM_CAUSE_NOT_PRESENT);
            return;
        }
        walk->bad_bits = step->entry & reserved_bits(cpu, walk->mode, step->level, is_page);
        if (walk->bad_bits != 0) {
            set_fault(walk, cpu, access, SIM_CAUSE_RESERVED);
            return;
        }
        add_rights(&step->rights, walk->mode, step->level, step->entry);
        if (is_page) {
            finish(walk, cpu, access);
            return;
        }
        table = sim_mmu_start_below(step);
    }
}

struct sim_walk_start sim_mmu_start_at_root(const struct sim_cpu *cpu)
{
    enum sim_paging_mode mode = sim_mmu_paging_mode(cpu);
    struct sim_walk_start start = {.level = geometries[mode].levels};

    if (mode == SIM_PAGING_32_BIT) {
        start.table = cpu->cr3 & bits(31, 12);
    } else if (mode == SIM_PAGING_PAE) {
        start.table = cpu->cr3 & bits(31, 5);
    } else if (mode != SIM_PAGING_OFF) {
        start.table = cpu->cr3 & bits(51, 12);
    }
    return start;
}

struct sim_walk_start sim_mmu_start_below(const struct sim_walk_step *step)
{
    return (struct sim_walk_start){step->level - 1u, step->entry & bits(51, 12), step->rights};
}

struct sim_walk sim_mmu_walk_from(const struct sim_cpu *cpu, const struct sim_memory *memory,
                                  struct sim_access access, const struct sim_walk_start *start)
{
    struct sim_walk walk = {.outcome = SIM_WALK_NO_TABLE, .mode = sim_mmu_paging_mode(cpu)};

    access.linear = mmu_linear(cpu, access.linear);
    if (walk.mode == SIM_PAGING_OFF) {
        walk.outcome = SIM_WALK_MAPPED;
        walk.physical = access.linear;
        walk.page_size = 4096;
    } else if (!is_canonical(walk.mode, access.linear)) {
        walk.outcome = SIM_WALK_NONCANONICAL;
    } else {
        descend(&walk, cpu, memory, access, *start);
    }
    return walk;
}

struct sim_walk sim_mmu_walk(const struct sim_cpu *cpu, const struct sim_memory *memory,
                             struct sim_access access)
{
    struct sim_walk_start start = sim_mmu_start_at_root(cpu);

    return sim_mmu_walk_from(cpu, memory, access, &start);
}
