/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The reference page walker: 4-level paging as the manual describes it.
 *
 * A second opinion: it shares no table and no constant with hal, and is
 * compared with the engine's MMU. It reads the tables in memory and knows no
 * TLB. Not modelled: 5-level paging (CR4.LA57) and protection keys (CR4.PKE).
 */
#ifndef DRYDOCK_SIM_MMU_WALK_H
#define DRYDOCK_SIM_MMU_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/attributes.h"
#include "sim/cpu.h"

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
    uint64_t linear;
    enum sim_access_kind kind;
    enum sim_access_mode mode;
};

enum sim_walk_outcome {
    SIM_WALK_MAPPED,       /**< physical and page_size are valid */
    SIM_WALK_PAGE_FAULT,   /**< error_code is valid */
    SIM_WALK_NONCANONICAL, /**< the address is not canonical: #GP or #SS, no page fault */
    SIM_WALK_NO_TABLE,     /**< an entry points to a table that is not in RAM */
};

/** One entry the walk read. */
struct sim_walk_step {
    uint64_t address; /**< physical address of the entry */
    uint64_t entry;   /**< its value */
};

struct sim_walk {
    enum sim_walk_outcome outcome;
    uint64_t physical;             /**< of the byte at the linear address */
    uint64_t page_size;            /**< 4 KiB, 2 MiB or 1 GiB, in bytes */
    uint32_t error_code;           /**< as pushed for #PF */
    unsigned int depth;            /**< entries read, 0..4: PML4E, PDPTE, PDE, PTE */
    struct sim_walk_step steps[4]; /**< the first `depth` are valid; the last one decided */
};

/**
 * Translate one address and check the access, changing nothing.
 *
 * @param cpu  in 64-bit mode: CR0.PG, CR4.PAE and EFER.LMA are 1
 *
 * Spec: [SDM 3A] 4.5.4 (translation), 4.6.1 (rights), 4.7 (error code), tables 4-15 to 4-20
 * (reserved bits).
 */
struct sim_walk sim_mmu_walk(const struct sim_cpu *cpu, const struct sim_memory *memory,
                             struct sim_access access);

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
 * Copy bytes from linear addresses, as the processor's implicit supervisor reads.
 *
 * Sets the Accessed bits on the way. All bytes are checked before the first is copied.
 *
 * @param size  1..4096
 * @param[out] failure  filled in unless the result is SIM_TRANSFER_DONE; *buffer is then untouched
 */
SIM_MUST_CHECK enum sim_transfer sim_mmu_read(const struct sim_mmu *mmu, uint64_t linear,
                                              void *buffer, size_t size,
                                              struct sim_transfer_failure *failure);

/** Copy bytes as sim_mmu_read does, but leave no trace. Returns whether all could be read. */
bool sim_mmu_peek(const struct sim_mmu *mmu, uint64_t linear, void *buffer, size_t size);

/** Implicit supervisor writes; sets Dirty bits too. Memory is untouched on failure. */
SIM_MUST_CHECK enum sim_transfer sim_mmu_write(const struct sim_mmu *mmu, uint64_t linear,
                                               const void *buffer, size_t size,
                                               struct sim_transfer_failure *failure);

#endif
