/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The reference page walker: address translation as the manual describes it.
 *
 * Paging off, 32-bit, PAE, 4-level and 5-level paging with pages of all sizes.
 * A second opinion: it shares no table and no constant with hal, and is
 * compared with the engine's MMU. It reads the tables in memory and knows no
 * TLB; whoever caches translations starts with sim_mmu_walk_from and asks
 * sim_mmu_check_rights.
 *
 * Not modelled: supervisor protection keys (CR4.PKS), shadow stacks (CR4.CET),
 * linear-address masking. Physical addresses always have room for PSE-36.
 */
#ifndef DRYDOCK_SIM_MMU_WALK_H
#define DRYDOCK_SIM_MMU_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/cpu/cpu.h"

enum sim_access_kind {
    SIM_ACCESS_READ,
    SIM_ACCESS_WRITE,
    SIM_ACCESS_FETCH,
};

/** On whose behalf memory is accessed. Spec: [SDM 3A] 4.6. */
enum sim_access_mode {
    SIM_MODE_SUPERVISOR,          /**< an instruction at CPL 0..2 */
    SIM_MODE_IMPLICIT_SUPERVISOR, /**< the processor itself: descriptor tables, TSS, frames */
    SIM_MODE_USER,                /**< an instruction at CPL 3 */
};

struct sim_access {
    uint64_t linear; /**< bits 63:32 are ignored unless EFER.LMA is 1 */
    enum sim_access_kind kind;
    enum sim_access_mode mode;
};

/** How linear addresses become physical ones. Spec: [SDM 3A] 4.1.1. */
enum sim_paging_mode {
    SIM_PAGING_OFF,     /**< CR0.PG = 0: the same address, all rights */
    SIM_PAGING_32_BIT,  /**< CR4.PAE = 0: 2 levels of 4-byte entries */
    SIM_PAGING_PAE,     /**< CR4.PAE = 1, EFER.LMA = 0: levels 3, 2, 1 */
    SIM_PAGING_4_LEVEL, /**< EFER.LMA = 1 */
    SIM_PAGING_5_LEVEL, /**< the same with CR4.LA57 = 1 */
};

enum sim_walk_outcome {
    SIM_WALK_MAPPED,       /**< physical, page_size and what is below them are valid */
    SIM_WALK_PAGE_FAULT,   /**< error_code, cause and cause_level are valid */
    SIM_WALK_NONCANONICAL, /**< the address is not canonical: #GP or #SS, no page fault */
    SIM_WALK_NO_TABLE,     /**< an entry points to a table that is not in RAM */
};

/** Why an access ends in a page fault; where several apply, the first of this list is given. */
enum sim_walk_cause {
    SIM_CAUSE_NONE,
    SIM_CAUSE_NOT_PRESENT,     /**< P = 0 in the entry of cause_level */
    SIM_CAUSE_RESERVED,        /**< reserved bits (bad_bits) are set in the entry of cause_level */
    SIM_CAUSE_SUPERVISOR_ONLY, /**< user access; U/S = 0 */
    SIM_CAUSE_SMEP,            /**< supervisor fetch from a user page, CR4.SMEP = 1 */
    SIM_CAUSE_SMAP,            /**< supervisor data access to a user page, CR4.SMAP = 1 */
    SIM_CAUSE_NO_EXECUTE,      /**< fetch; XD = 1 */
    SIM_CAUSE_READ_ONLY,       /**< write; R/W = 0, and a user access or CR0.WP = 1 */
    SIM_CAUSE_PROTECTION_KEY,  /**< data access to a user page; PKRU.AD or PKRU.WD of its key */
};

/** Levels are numbered from the page upwards: 1 PTE, 2 PDE, 3 PDPTE, 4 PML4E, 5 PML5E. */
#define SIM_PAGING_LEVELS 5u

/**
 * What the entries of a walk, or of its upper part, grant together. Each of the first three is 0
 * if no entry restricts, else the highest level whose entry does. Spec: [SDM 3A] 4.6.
 */
struct sim_rights {
    uint8_t read_only;  /**< R/W = 0 at this level */
    uint8_t supervisor; /**< U/S = 0 at this level; 0: a user page */
    uint8_t no_execute; /**< XD = 1 at this level */
    uint8_t key;        /**< protection key of the page, 0..15; 0 until the page is known */
    uint8_t leaf;       /**< level of the entry that maps the page; 0 until it is known */
};

/** One entry the walk read. */
struct sim_walk_step {
    uint64_t address;         /**< physical address of the entry */
    uint64_t entry;           /**< its value; 4-byte entries have 0 in bits 63:32 */
    uint8_t level;            /**< 5..1 */
    uint8_t bytes;            /**< size of the entry: 4 or 8 */
    struct sim_rights rights; /**< of all entries up to this one; with it, if it is valid */
};

struct sim_walk {
    enum sim_walk_outcome outcome;
    enum sim_paging_mode mode; /**< decides what the bits of the entries mean */
    uint32_t error_code;       /**< as pushed for #PF */
    enum sim_walk_cause cause; /**< SIM_CAUSE_NONE unless outcome is SIM_WALK_PAGE_FAULT */
    unsigned int cause_level;  /**< level of the entry that decided, 5..1; may be above the start
                                    of a walk that began with cached entries */
    uint64_t bad_bits;         /**< reserved bits that were set, with SIM_CAUSE_RESERVED */

    uint64_t physical;        /**< of the byte at the linear address */
    uint64_t page_size;       /**< in bytes: 4 KiB (paging off too), 2 MiB, 4 MiB or 1 GiB */
    struct sim_rights rights; /**< of the page; also with a page fault about rights */
    bool global;              /**< G of the page's entry, with CR4.PGE = 1 */
    bool accessed, dirty;     /**< A and D of the page's entry, as read */
    uint8_t pat_index;        /**< PAT, PCD, PWT of the page's entry as bits 2, 1, 0 */

    unsigned int depth;                            /**< entries read, 0..5 */
    struct sim_walk_step steps[SIM_PAGING_LEVELS]; /**< the first `depth` are valid, in order */
};

/** The paging mode @p cpu is in. Spec: [SDM 3A] 4.1.1, figure 4-1. */
enum sim_paging_mode sim_mmu_paging_mode(const struct sim_cpu *cpu);

/**
 * Translate one address and check the access, changing nothing.
 *
 * With PAE paging the PDPTEs are read from memory here; an Intel processor loads them with MOV CR3,
 * and refuses reserved bits there with #GP, where this reports a page fault.
 *
 * Spec: [SDM 3A] 4.3, 4.4, 4.5 (translation), 4.6 (rights), 4.7 (error code).
 */
struct sim_walk sim_mmu_walk(const struct sim_cpu *cpu, const struct sim_memory *memory,
                             struct sim_access access);

/** A table to start from, and what the entries that led to it grant. Spec: [SDM 3A] 4.10.3. */
struct sim_walk_start {
    unsigned int level;       /**< of the table's entries, 5..1 */
    uint64_t table;           /**< physical address of the table */
    struct sim_rights rights; /**< all 0 at the root */
};

/** Where a whole walk starts: the table CR3 names. All 0 with paging off. */
struct sim_walk_start sim_mmu_start_at_root(const struct sim_cpu *cpu);

/**
 * Where a walk continues below an entry: what a paging-structure cache holds about it.
 *
 * @param step  present, without reserved bits, and not the one that maps the page: any but the last
 *              of a walk
 */
struct sim_walk_start sim_mmu_start_below(const struct sim_walk_step *step);

/**
 * Walk as sim_mmu_walk does, but from a table in the middle. steps[0] is the first entry read.
 *
 * @param start  level at most that of the root in this paging mode; ignored with paging off
 */
struct sim_walk sim_mmu_walk_from(const struct sim_cpu *cpu, const struct sim_memory *memory,
                                  struct sim_access access, const struct sim_walk_start *start);

/** What the rights of a page say about an access. */
struct sim_verdict {
    enum sim_walk_cause cause; /**< SIM_CAUSE_NONE: allowed; else one of those after RESERVED */
    uint8_t level;             /**< of the entry that decided; 0 if allowed */
    uint32_t error_code;       /**< as pushed for #PF; 0 if allowed */
};

/**
 * Decide whether a page's rights allow an access under the present control registers, PKRU and
 * RFLAGS.AC. With paging off everything is allowed.
 *
 * @param rights  of a finished translation: of a struct sim_walk that was mapped
 * @param access  the linear address does not matter
 *
 * Spec: [SDM 3A] 4.6.1, 4.6.2, 4.7.
 */
struct sim_verdict sim_mmu_check_rights(const struct sim_cpu *cpu, const struct sim_rights *rights,
                                        struct sim_access access);

/**
 * Set the Accessed and Dirty bits a walk leaves behind. If it is SIM_WALK_MAPPED: A in every entry
 * and, for a write, D in the one that maps the page. If it is SIM_WALK_PAGE_FAULT: A in every entry
 * but the last, which the manual calls model specific. Otherwise nothing. PDPTEs of PAE paging have
 * no such bits. The walk keeps the values as they were read.
 *
 * @param memory  the one that was walked
 * @return whether memory changed
 *
 * Spec: [SDM 3A] 4.8; 6.15, interrupt 14.
 */
bool sim_mmu_mark(const struct sim_memory *memory, const struct sim_walk *walk,
                  enum sim_access_kind kind);

/** Where linear addresses lead: the operands every access below needs. */
struct sim_mmu {
    const struct sim_cpu *cpu;
    const struct sim_memory *memory;
};

/** How sim_mmu_read and sim_mmu_write ended. */
enum sim_transfer {
    SIM_TRANSFER_DONE,
    SIM_TRANSFER_FAULT,  /**< the walk did not end in SIM_WALK_MAPPED */
    SIM_TRANSFER_NO_RAM, /**< translated to a physical address that is not RAM */
};

/** A transfer that did not complete: what was tried and what came of it. */
struct sim_transfer_failure {
    struct sim_access access; /**< of the first byte that could not be reached */
    struct sim_walk walk;
};

/**
 * Copy bytes from linear addresses. Without EFER.LMA, addresses wrap at 4 GiB.
 *
 * Sets the Accessed bits on the way. All bytes are checked before the first is copied.
 *
 * @param from  the first byte; kind is SIM_ACCESS_READ or SIM_ACCESS_FETCH
 * @param size  1..4096
 * @param[out] failure  filled in unless the result is SIM_TRANSFER_DONE; *buffer is then untouched
 */
SIM_MUST_CHECK enum sim_transfer sim_mmu_read_as(const struct sim_mmu *mmu, struct sim_access from,
                                                 void *buffer, size_t size,
                                                 struct sim_transfer_failure *failure);

/** Copy bytes to linear addresses; sets Dirty bits too. Memory is untouched on failure. */
SIM_MUST_CHECK enum sim_transfer sim_mmu_write_as(const struct sim_mmu *mmu, struct sim_access to,
                                                  const void *buffer, size_t size,
                                                  struct sim_transfer_failure *failure);

/** sim_mmu_read_as the processor itself reads: as implicit supervisor. */
SIM_MUST_CHECK enum sim_transfer sim_mmu_read(const struct sim_mmu *mmu, uint64_t linear,
                                              void *buffer, size_t size,
                                              struct sim_transfer_failure *failure);

/** Copy bytes as sim_mmu_read does, but leave no trace. Returns whether all could be read. */
bool sim_mmu_peek(const struct sim_mmu *mmu, uint64_t linear, void *buffer, size_t size);

/** sim_mmu_write_as the processor itself writes: as implicit supervisor. */
SIM_MUST_CHECK enum sim_transfer sim_mmu_write(const struct sim_mmu *mmu, uint64_t linear,
                                               const void *buffer, size_t size,
                                               struct sim_transfer_failure *failure);

#endif
