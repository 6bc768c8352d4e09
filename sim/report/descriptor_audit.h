/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The descriptor audit: GDT, LDT, TSS and IDT as they are in memory now, and
 * what in them will make the processor raise #GP, #NP, #TS, #SS or a double
 * fault as soon as it is used.
 *
 * Silent on what is unusual but works. A second opinion: it shares no code with
 * hal nor with delivery. Real mode has no descriptors; without EFER.LMA the
 * TSS is not looked at.
 */
#ifndef DRYDOCK_SIM_DESCRIPTOR_AUDIT_H
#define DRYDOCK_SIM_DESCRIPTOR_AUDIT_H

#include "sim/report/finding.h"
#include "sim/mmu/mmu_walk.h"

/** What to look at, a sum. */
enum sim_audit_table {
    SIM_AUDIT_GDT = 1,
    SIM_AUDIT_LDT = 2,
    SIM_AUDIT_TSS = 4, /**< also whether it has the stacks that gates of the IDT use */
    SIM_AUDIT_IDT = 8,
    SIM_AUDIT_ALL = 15,
    SIM_AUDIT_ADVICE = 16, /**< also what works but is not as the manual recommends */
};

/** What was found, in numbers. */
struct sim_audit_summary {
    unsigned int segments;    /**< present descriptors in GDT and LDT */
    unsigned int gates;       /**< present gates in the IDT */
    unsigned int empty_gates; /**< of zeros only, within the limit: fine until they are used */
    unsigned int problems; /**< sentences, those that were not listed for their number included */
};

/** Most sentences about one table; what is left is counted in one more. */
#define SIM_AUDIT_SENTENCES 8u

/**
 * Check the tables a processor has loaded. Consecutive gates with the same
 * problem share a sentence: "IDT[0..31]: selector 0x10 is a data segment".
 *
 * @param mmu   its cpu's rip is the instruction that findings are about
 * @param what  sum of enum sim_audit_table: those just loaded, or SIM_AUDIT_ALL
 * @param findings  findings of kind SIM_FINDING_DESCRIPTOR are added; one that is there already is
 *                  only counted once more if what includes SIM_AUDIT_ALL, whatever rip is
 *
 * A stack in the TSS that is 0 is a finding only if a gate uses it; RSP1 and RSP2 only count if
 * there is a code segment of that ring.
 *
 * Spec: [SDM 3A] 3.4.5, 3.5, 5.8.3, 6.10, 6.14, 8.2.3, 8.7.
 */
struct sim_audit_summary sim_audit_descriptors(const struct sim_mmu *mmu, unsigned int what,
                                               struct sim_findings *findings);

#endif
