/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Findings: things the guest did that hardware would not have stopped, but that
 * are wrong. A run goes on after a finding; whoever started it looks at the list.
 */
#ifndef DRYDOCK_SIM_FINDING_H
#define DRYDOCK_SIM_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"

enum sim_finding_kind {
    SIM_FINDING_TLB,        /**< a translation that should have been flushed */
    SIM_FINDING_DESCRIPTOR, /**< GDT, LDT, IDT or TSS that will not work */
    SIM_FINDING_BUS,        /**< an access of a width or alignment the device does not take */
    SIM_FINDING_DEVICE,     /**< a device programmed against its manual */
};

/** One finding. The same text from the same instruction is kept once and counted. */
struct sim_finding {
    enum sim_finding_kind kind;
    uint64_t rip;   /**< of the instruction that made it visible */
    uint64_t count; /**< times it happened, at least 1 */
    char text[512]; /**< a sentence without the kind and without a final newline */
};

/** Most findings kept; later ones are only counted in `lost`. */
#define SIM_FINDINGS_MAX 256u

/** All zero: no findings. */
struct sim_findings {
    struct sim_finding *list; /**< allocated as they come; sim_findings_free */
    size_t count;
    uint64_t lost;        /**< findings for which there was no room */
    uint64_t occurrences; /**< findings so far, repetitions and lost ones included */
};

/** Add a finding, or count it if the list has one of this kind, instruction and text. */
SIM_PRINTF(4, 5)
void sim_finding_add(struct sim_findings *findings, enum sim_finding_kind kind, uint64_t rip,
                     const char *format, ...);

/** "TLB", "descriptor", "bus" or "device". */
const char *sim_finding_kind_name(enum sim_finding_kind kind);

/** Forget all findings; the list is empty but keeps its memory. */
void sim_findings_clear(struct sim_findings *findings);

/** Free the memory; the list is all zero. */
void sim_findings_free(struct sim_findings *findings);

#endif
