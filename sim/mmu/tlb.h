/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A TLB that keeps every translation hardware is allowed to keep: until an
 * instruction invalidates it, and no longer. Global entries, process-context
 * identifiers, pages of all sizes and paging-structure caches are modelled;
 * nothing is evicted. Beyond 2^20 cached items new translations are made but not
 * kept, as if evicted at once; with the audit that is one finding.
 *
 * With the audit on, it also watches the tables its entries came from, and
 * reports translations that a processor might still use though the tables say
 * otherwise. Never reported: changes of entries that were not present; of A, D,
 * G and the bits left to software; what is cached for PCIDs that are not in use.
 * Clearing A or D without a flush is allowed by 4.10.4.3: it only may not be set
 * again. Widened rights are allowed there too, but reported, in words of their own.
 *
 * Spec: [SDM 3A] 4.10.
 */
#ifndef DRYDOCK_SIM_TLB_H
#define DRYDOCK_SIM_TLB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/cpu/cpu.h"
#include "sim/util/error.h"
#include "sim/report/finding.h"
#include "sim/mmu/mmu_walk.h"

struct sim_tlb;

enum sim_tlb_flush_kind {
    SIM_TLB_ADDRESS,         /**< INVLPG: one address, current PCID and global entries */
    SIM_TLB_ADDRESS_PCID,    /**< INVPCID type 0: one address, one PCID, not global entries */
    SIM_TLB_PCID,            /**< INVPCID type 1, MOV CR3 without bit 63: a PCID, not global */
    SIM_TLB_PCID_AND_GLOBAL, /**< MOV CR4 that changes PAE or sets SMEP: a PCID, with the global
                                  translations that were made under it */
    SIM_TLB_NOT_GLOBAL,      /**< INVPCID type 3: all PCIDs, not global entries */
    SIM_TLB_ALL,             /**< INVPCID type 2, changes of CR4.PGE, CR0.PG and the like */
    SIM_TLB_BROADCAST,       /**< INVLPGB: what the last fields of struct sim_tlb_flush say */
};

/** What an instruction invalidates. Spec: [SDM 3A] 4.10.4.1; [AMD64 v3] INVLPGB. */
struct sim_tlb_flush {
    enum sim_tlb_flush_kind kind;
    uint64_t linear; /**< with the two ADDRESS kinds and BROADCAST */
    uint16_t pcid;   /**< with the three PCID kinds and BROADCAST; 0..4095 */
    bool requested;  /**< by INVLPG, INVPCID or MOV CR3: one without need is counted */

    uint64_t bytes;   /**< from `linear` on; 0: all addresses. This and the rest: of BROADCAST */
    bool all_pcids;   /**< `pcid` does not matter */
    bool with_global; /**< global translations too */
    bool final_only;  /**< no paging-structure entries */
};

/** How the audit names instructions: "function+0x12 (file.c:123)". */
struct sim_tlb_names {
    void (*describe)(void *context, uint64_t rip, char *text, size_t size);
    void *context;
};

/** What a lookup gave. */
struct sim_tlb_result {
    struct sim_walk walk; /**< as sim_mmu_walk gives it, from cached parts where there are any */
    bool may_read, may_write, may_fetch; /**< what the same mode may do with this page now without
                                              asking again; may_write only if D is set */
};

/**
 * Make an empty TLB.
 *
 * @param memory    where the tables are; outlives the TLB
 * @param findings  where the audit reports; outlives the TLB. NULL: no audit
 * @param names     how the audit names instructions; copied. Ignored without audit
 * @return NULL without memory
 */
struct sim_tlb *sim_tlb_create(const struct sim_memory *memory, struct sim_findings *findings,
                               const struct sim_tlb_names *names);
void sim_tlb_destroy(struct sim_tlb *tlb);

/**
 * Translate as a processor with this TLB does: from a cached translation if there is one that is
 * not refused, else by a walk that starts at the lowest cached paging-structure entry and is then
 * cached itself. Sets Accessed and Dirty bits in memory. A page fault invalidates what is cached
 * for the address, as [SDM 3A] 4.10.4.1 says, after the fault's cause was determined.
 *
 * @param rip  of the instruction, for the audit
 */
struct sim_tlb_result sim_tlb_translate(struct sim_tlb *tlb, const struct sim_cpu *cpu,
                                        struct sim_access access, uint64_t rip);

/**
 * Invalidate what the instruction at @p rip has to, and nothing more.
 *
 * INVLPG drops the page from the current PCID and from the global pages, and all paging-structure
 * entries of the current PCID, whatever their address. With CR4.PCIDE = 0, `pcid` does not matter.
 *
 * @param cpu  as it was before the instruction
 *
 * Spec: [SDM 3A] 4.10.4.1.
 */
void sim_tlb_flush(struct sim_tlb *tlb, const struct sim_cpu *cpu,
                   const struct sim_tlb_flush *flush, uint64_t rip);

/**
 * Whether translations that were given are no longer cached, since the last call: after INVLPG,
 * whoever keeps copies of them has to forget them only then.
 */
SIM_MUST_CHECK bool sim_tlb_take_dropped(struct sim_tlb *tlb);

/** With the audit: call @p watch when sim_tlb_watches becomes true of a physical page. */
void sim_tlb_on_watch(struct sim_tlb *tlb, void (*watch)(void *context, uint64_t page),
                      void *context);

/** Whether a physical page holds, or held, a table that a cached translation came from. */
bool sim_tlb_watches(const struct sim_tlb *tlb, uint64_t physical);

/**
 * Whether something cached now was read from a physical page. Only with the audit: a write there
 * may leave it stale, and an access through it in the same basic block would not be seen if the
 * engine were not asked to come back after the write.
 */
bool sim_tlb_is_table(const struct sim_tlb *tlb, uint64_t physical);

/**
 * Whether sim_tlb_is_table has become true of a page since the last sim_tlb_settle: whoever keeps
 * copies of translations may let the guest write there unseen.
 */
bool sim_tlb_has_new_table(const struct sim_tlb *tlb);

/**
 * With the audit: the guest is about to write, or has just written, to a watched page. Cheap; the
 * work is done by sim_tlb_settle.
 */
void sim_tlb_note_write(struct sim_tlb *tlb, uint64_t physical, unsigned int size, uint64_t rip);

/**
 * Deal with the writes noted so far: compare the watched pages with what they were.
 *
 * @return whether something cached no longer is what the tables say, so that whoever keeps copies
 *         of translations has to forget them
 */
SIM_MUST_CHECK bool sim_tlb_settle(struct sim_tlb *tlb);

/**
 * Report what is cached now and must be flushed, since the tables differ: at the end of a call. What
 * they only grant more rights for need not be. Spec: [SDM 3A] 4.10.4.2, 4.10.4.3.
 *
 * @return how many such translations there are
 */
size_t sim_tlb_audit(struct sim_tlb *tlb, const struct sim_cpu *cpu);

/**
 * The guest does not go on for now: with the audit, report an access that faulted only because of
 * what was cached, if it has not worked since. Rights that are widened need no flush, as long as the
 * handler lets the access be made again. Spec: [SDM 3A] 4.10.4.3.
 */
void sim_tlb_end_run(struct sim_tlb *tlb);

/** Requested flushes that invalidated nothing that had changed. Counted with the audit only. */
uint64_t sim_tlb_unneeded_flushes(const struct sim_tlb *tlb);

/**
 * A copy of the whole state to go back to. NULL without memory.
 *
 * Changes are recorded from here on: going back to the copy that was made or gone back to last
 * costs what changed since, to another one what there is.
 */
struct sim_tlb *sim_tlb_copy(struct sim_tlb *tlb);

/** Go back to a copy of this TLB. On failure, without memory, nothing has changed. */
SIM_MUST_CHECK int sim_tlb_restore(struct sim_tlb *tlb, const struct sim_tlb *copy,
                                   struct sim_error *error);

#endif
