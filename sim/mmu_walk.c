/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Four-level paging, written from the manual.
 *
 * A 48-bit linear address is four 9-bit indices and an offset. CR3 names the
 * PML4 table; each entry names the next table or, with PS set in a PDPTE or
 * PDE, a page of 1 GiB or 2 MiB. A walk fails at the first entry that is not
 * present or has a reserved bit set. The rights of the page are the AND of R/W
 * and U/S and the OR of XD along the walk; they are checked only when the walk
 * is complete. [SDM 3A] 4.5.4, 4.6, 4.7.
 */
#include "sim/mmu_walk.h"

#include <string.h>

/* Control bits, typed from [SDM 3A] 2.2.1 and 2.5. */
#define CR0_WP    (UINT64_C(1) << 16)
#define CR4_SMEP  (UINT64_C(1) << 20)
#define CR4_SMAP  (UINT64_C(1) << 21)
#define EFER_NXE  (UINT64_C(1) << 11)
#define RFLAGS_AC (UINT64_C(1) << 18)

/* Entry bits, the same at every level. [SDM 3A] figure 4-11. */
#define ENTRY_P  (UINT64_C(1) << 0)
#define ENTRY_RW (UINT64_C(1) << 1)
#define ENTRY_US (UINT64_C(1) << 2)
#define ENTRY_A  (UINT64_C(1) << 5)
#define ENTRY_D  (UINT64_C(1) << 6)
#define ENTRY_PS (UINT64_C(1) << 7)
#define ENTRY_XD (UINT64_C(1) << 63)

/* Error code bits. [SDM 3A] figure 4-12. */
enum {
    ERROR_P = 1 << 0,
    ERROR_WR = 1 << 1,
    ERROR_US = 1 << 2,
    ERROR_RSVD = 1 << 3,
    ERROR_ID = 1 << 4,
};

enum {
    LEVELS = 4,
    LINEAR_BITS = 48,
    ENTRY_BYTES = 8
};

/* Bits hi..lo set. */
static uint64_t bits(unsigned int hi, unsigned int lo)
{
    return (UINT64_MAX >> (63 - (hi - lo))) << lo;
}

/* Lowest linear-address bit that an entry at this depth translates: 39, 30, 21, 12. */
static unsigned int shift_at(unsigned int depth)
{
    return 39 - 9 * depth;
}

static bool is_canonical(uint64_t linear)
{
    uint64_t high = linear >> (LINEAR_BITS - 1);

    return high == 0 || high == UINT64_MAX >> (LINEAR_BITS - 1);
}

static bool ends_walk(uint64_t entry, unsigned int depth)
{
    return depth == LEVELS - 1 || (depth > 0 && (entry & ENTRY_PS) != 0);
}

/* Bits that must be 0 in a present entry at this depth. [SDM 3A] tables 4-15 to 4-20. */
static uint64_t reserved_bits(const struct sim_cpu *cpu, uint64_t entry, unsigned int depth)
{
    uint64_t reserved = cpu->physical_bits < 52 ? bits(51, cpu->physical_bits) : 0;

    if ((cpu->efer & EFER_NXE) == 0) {
        reserved |= ENTRY_XD;
    }
    if (depth == 0) {
        reserved |= ENTRY_PS;
    } else if (depth < LEVELS - 1 && (entry & ENTRY_PS) != 0) {
        reserved |= bits(shift_at(depth) - 1, 13); /* bit 12 is PAT */
    }
    return reserved;
}

static bool rights_allow(const struct sim_cpu *cpu, struct sim_access access, uint64_t rights)
{
    bool user_page = (rights & ENTRY_US) != 0;
    bool writable = (rights & ENTRY_RW) != 0;
    bool executable = (rights & ENTRY_XD) == 0;
    bool smap_open = (cpu->cr4 & CR4_SMAP) == 0 ||
                     (access.mode == SIM_MODE_SUPERVISOR && (cpu->rflags & RFLAGS_AC) != 0);

    if (access.mode == SIM_MODE_USER) {
        return user_page && (access.kind != SIM_ACCESS_WRITE || writable) &&
               (access.kind != SIM_ACCESS_FETCH || executable);
    }
    if (access.kind == SIM_ACCESS_FETCH) {
        return executable && !(user_page && (cpu->cr4 & CR4_SMEP) != 0);
    }
    if (user_page && !smap_open) {
        return false;
    }
    return access.kind == SIM_ACCESS_READ || writable || (cpu->cr0 & CR0_WP) == 0;
}

static void set_fault(struct sim_walk *walk, const struct sim_cpu *cpu, struct sim_access access,
                      uint32_t cause)
{
    bool reports_fetch = (cpu->efer & EFER_NXE) != 0 || (cpu->cr4 & CR4_SMEP) != 0;

    walk->outcome = SIM_WALK_PAGE_FAULT;
    walk->error_code = cause;
    if (access.kind == SIM_ACCESS_WRITE) {
        walk->error_code |= ERROR_WR;
    }
    if (access.mode == SIM_MODE_USER) {
        walk->error_code |= ERROR_US;
    }
    if (access.kind == SIM_ACCESS_FETCH && reports_fetch) {
        walk->error_code |= ERROR_ID;
    }
}

static void finish(struct sim_walk *walk, const struct sim_cpu *cpu, struct sim_access access,
                   uint64_t rights)
{
    uint64_t entry = walk->steps[walk->depth - 1].entry;
    unsigned int shift = shift_at(walk->depth - 1);

    if (!rights_allow(cpu, access, rights)) {
        set_fault(walk, cpu, access, ERROR_P);
        return;
    }
    walk->outcome = SIM_WALK_MAPPED;
    walk->page_size = UINT64_C(1) << shift;
    walk->physical = (entry & bits(51, shift)) | (access.linear & bits(shift - 1, 0));
}

struct sim_walk sim_mmu_walk(const struct sim_cpu *cpu, const struct sim_memory *memory,
                             struct sim_access access)
{
    struct sim_walk walk = {.outcome = SIM_WALK_NO_TABLE};
    uint64_t rights = ENTRY_RW | ENTRY_US;
    uint64_t table = cpu->cr3 & bits(51, 12);

    if (!is_canonical(access.linear)) {
        walk.outcome = SIM_WALK_NONCANONICAL;
        return walk;
    }
    for (unsigned int depth = 0; depth < LEVELS; depth++) {
        uint64_t index = (access.linear >> shift_at(depth)) & 0x1FF;
        uint64_t entry = 0;

        if (table > memory->size || memory->size - table < 4096) {
            return walk;
        }
        memcpy(&entry, memory->bytes + table + ENTRY_BYTES * index, sizeof entry);
        walk.steps[depth] = (struct sim_walk_step){table + ENTRY_BYTES * index, entry};
        walk.depth = depth + 1;
        if ((entry & ENTRY_P) == 0) {
            set_fault(&walk, cpu, access, 0);
            return walk;
        }
        if ((entry & reserved_bits(cpu, entry, depth)) != 0) {
            set_fault(&walk, cpu, access, ERROR_P | ERROR_RSVD);
            return walk;
        }
        rights = (rights & entry & (ENTRY_RW | ENTRY_US)) | ((rights | entry) & ENTRY_XD);
        if (ends_walk(entry, depth)) {
            break;
        }
        table = entry & bits(51, 12);
    }
    finish(&walk, cpu, access, rights);
    return walk;
}

/* What the processor records in the entries of a completed walk. [SDM 3A] 4.8. */
static void mark_used(const struct sim_walk *walk, const struct sim_memory *memory,
                      enum sim_access_kind kind)
{
    for (unsigned int depth = 0; depth < walk->depth; depth++) {
        const struct sim_walk_step *step = &walk->steps[depth];
        bool is_page = depth == walk->depth - 1;
        uint64_t marks = is_page && kind == SIM_ACCESS_WRITE ? ENTRY_A | ENTRY_D : ENTRY_A;
        uint64_t entry = step->entry | marks;

        memcpy(memory->bytes + step->address, &entry, sizeof entry);
    }
}

/* What a transfer does within one 4 KiB page. */
struct part {
    struct sim_walk walk;
    size_t size;
};

static enum sim_transfer find_part(const struct sim_mmu *mmu, struct sim_access access, size_t size,
                                   struct part *part)
{
    size_t in_page = 4096 - (size_t)(access.linear & 4095);

    part->size = size < in_page ? size : in_page;
    part->walk = sim_mmu_walk(mmu->cpu, mmu->memory, access);
    if (part->walk.outcome != SIM_WALK_MAPPED) {
        return SIM_TRANSFER_FAULT;
    }
    if (part->walk.physical >= mmu->memory->size ||
        mmu->memory->size - part->walk.physical < part->size) {
        return SIM_TRANSFER_NO_RAM;
    }
    return SIM_TRANSFER_DONE;
}

/* Finds one or two parts; parts[1].size is 0 if there is one. */
static enum sim_transfer find_parts(const struct sim_mmu *mmu, struct sim_access access,
                                    size_t size, struct part parts[2],
                                    struct sim_transfer_failure *failure)
{
    for (unsigned int i = 0; i < 2; i++) {
        enum sim_transfer result = SIM_TRANSFER_DONE;

        parts[i].size = 0;
        if (size == 0) {
            continue;
        }
        result = find_part(mmu, access, size, &parts[i]);
        if (result != SIM_TRANSFER_DONE) {
            *failure = (struct sim_transfer_failure){access, parts[i].walk};
            return result;
        }
        size -= parts[i].size;
        access.linear += parts[i].size;
    }
    return SIM_TRANSFER_DONE;
}

static void copy_out(const struct sim_mmu *mmu, const struct part parts[2], uint8_t *to)
{
    for (unsigned int i = 0; i < 2 && parts[i].size > 0; i++) {
        memcpy(to, mmu->memory->bytes + parts[i].walk.physical, parts[i].size);
        to += parts[i].size;
    }
}

bool sim_mmu_peek(const struct sim_mmu *mmu, uint64_t linear, void *buffer, size_t size)
{
    struct sim_access access = {linear, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};
    struct sim_transfer_failure failure;
    struct part parts[2];

    if (find_parts(mmu, access, size, parts, &failure) != SIM_TRANSFER_DONE) {
        return false;
    }
    copy_out(mmu, parts, buffer);
    return true;
}

enum sim_transfer sim_mmu_read(const struct sim_mmu *mmu, uint64_t linear, void *buffer,
                               size_t size, struct sim_transfer_failure *failure)
{
    struct sim_access access = {linear, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};
    struct part parts[2];
    enum sim_transfer result = find_parts(mmu, access, size, parts, failure);

    if (result == SIM_TRANSFER_DONE) {
        copy_out(mmu, parts, buffer);
        for (unsigned int i = 0; i < 2 && parts[i].size > 0; i++) {
            mark_used(&parts[i].walk, mmu->memory, SIM_ACCESS_READ);
        }
    }
    return result;
}

enum sim_transfer sim_mmu_write(const struct sim_mmu *mmu, uint64_t linear, const void *buffer,
                                size_t size, struct sim_transfer_failure *failure)
{
    struct sim_access access = {linear, SIM_ACCESS_WRITE, SIM_MODE_IMPLICIT_SUPERVISOR};
    struct part parts[2];
    enum sim_transfer result = find_parts(mmu, access, size, parts, failure);
    const uint8_t *from = buffer;

    for (unsigned int i = 0; result == SIM_TRANSFER_DONE && i < 2 && parts[i].size > 0; i++) {
        mark_used(&parts[i].walk, mmu->memory, SIM_ACCESS_WRITE);
        memcpy(mmu->memory->bytes + parts[i].walk.physical, from, parts[i].size);
        from += parts[i].size;
    }
    return result;
}
