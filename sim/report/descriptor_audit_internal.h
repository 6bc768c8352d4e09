/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the descriptor audit share.
 */
#ifndef DRYDOCK_SIM_DESCRIPTOR_AUDIT_INTERNAL_H
#define DRYDOCK_SIM_DESCRIPTOR_AUDIT_INTERNAL_H

#include "sim/util/attributes.h"
#include "sim/cpu/descriptor.h"
#include "sim/report/descriptor_audit.h"

/** An audit in progress. */
struct audit {
    const struct sim_mmu *mmu;
    struct sim_findings *findings;
    unsigned int what;
    enum sim_descriptor_mode mode;
    bool muted;             /**< the table is read for others' sake: nothing is reported */
    unsigned int sentences; /**< about the present table */
    bool ring[4];           /**< there is a present code segment with this DPL */
    struct sim_audit_summary summary;
};

/** Start with a table: reports are muted unless it is one of those to look at. */
void audit_begin(struct audit *audit, enum sim_audit_table table);

/** End with a table: say how many sentences there were no room for. */
void audit_end(struct audit *audit, const char *table);

/** Report something that will not work. */
SIM_PRINTF(2, 3) void audit_report(struct audit *audit, const char *format, ...);

/** Report something that works but is not recommended, if that was asked for. */
SIM_PRINTF(2, 3) void audit_advise(struct audit *audit, const char *format, ...);

bool audit_is_canonical(const struct audit *audit, uint64_t linear);

/**
 * Say what is wrong with entering a code segment from ring 0 through a gate.
 *
 * @param[out] problem  "selector 0x10 is a data segment"
 * @return whether nothing is
 */
bool audit_check_code(const struct audit *audit, uint16_t selector, char *problem, size_t size);

/** Say what is wrong with an address that is entered: "the handler 0x… is not canonical". */
bool audit_check_entry(const struct audit *audit, uint64_t address, char *problem, size_t size);

/** Say what is wrong with a stack: "is not mapped under this CR3: the PDE is not present". */
bool audit_check_stack(const struct audit *audit, uint64_t top, char *problem, size_t size);

/**
 * Check the TSS's entry of an interrupt stack, 1 to 7, that a gate uses; the stack itself only if
 * the TSS is not audited as well.
 *
 * @param[out] problem  "TSS.IST1 is 0"
 * @return whether nothing is wrong
 */
bool audit_check_ist(const struct audit *audit, unsigned int ist, char *problem, size_t size);

void audit_segments(struct audit *audit);
void audit_tss(struct audit *audit);
void audit_idt(struct audit *audit);

#endif
