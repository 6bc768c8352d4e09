/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Inside the TLB: comparing what is cached with the tables, and saying so.
 */
#ifndef DRYDOCK_SIM_TLB_JUDGE_H
#define DRYDOCK_SIM_TLB_JUDGE_H

#include "sim/mmu/tlb_internal.h"

/* tlb_judge.c: what the tables say now. */

enum tlb_verdict {
    TLB_SAME,  /**< the tables give what is cached */
    TLB_WIDER, /**< they give the same with more rights: one more fault is the worst of it */
    TLB_OTHER, /**< they give something else, less, or nothing */
};

/** The entry that makes the tables differ from a cached item. */
struct tlb_culprit {
    unsigned int level; /**< 5..1; 0: none, the tables were exchanged as a whole */
    uint64_t address, was, is;
};

/** Whether a change of an entry can matter to what is cached from it. */
bool tlb_differs(uint64_t old, uint64_t new, bool is_page);

/** Whether an entry on the way to an item is no longer what it was. Cheap. */
bool tlb_is_suspect(const struct sim_tlb *tlb, uint32_t index);

/**
 * Compare an item with the tables @p cpu uses.
 *
 * @param[in,out] budget  walks that may still be made for pages that were split; at 0 they are
 *                        taken to be the same
 */
enum tlb_verdict tlb_judge(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                           const struct tlb_cached *cached, uint32_t *budget);

/** Whether the table a cached entry refers to is no longer the one the tables lead to. */
bool tlb_is_unlinked(const struct sim_tlb *tlb, const struct sim_cpu *cpu,
                     const struct tlb_cached *cached);

/** Compare the way to an item with a walk made now, for the first entry that changed. */
struct tlb_culprit tlb_find_culprit(const struct sim_tlb *tlb, uint32_t index,
                                    const struct sim_walk *now);

/* tlb_report.c: the sentences. Only with the audit. */

/**
 * An access went through an item, or through a translation made below it: report it if the tables
 * give something else.
 *
 * @param given  what the access got
 * @return whether the item differs from the tables in any way
 */
bool tlb_check_use(struct sim_tlb *tlb, struct sim_access access, uint32_t index,
                   const struct sim_walk *given, uint64_t rip);

/** A present entry was written into a table that is unlinked but still cached as a table. */
void tlb_report_reuse(struct sim_tlb *tlb, uint32_t index, uint64_t address, uint64_t value,
                      uint64_t rip);

/** A flush came before the write it was for. */
void tlb_report_late(struct sim_tlb *tlb, const struct tlb_ghost *ghost, uint64_t now);

/** "function+0x12 (file.c:3)", as the user of the TLB describes it. */
void tlb_describe(const struct sim_tlb *tlb, uint64_t rip, char *text, size_t size);

/** "PTE at physical 0x… was 0x… and is 0x… since …; no INVLPG or CR3 load since". */
void tlb_describe_origin(const struct sim_tlb *tlb, const struct tlb_cached *cached,
                         const struct tlb_culprit *culprit, char *text, size_t size);

#endif
