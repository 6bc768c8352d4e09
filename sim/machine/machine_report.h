/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the machine can say about itself when a run is over: the post-mortem,
 * and its audits on demand.
 */
#ifndef DRYDOCK_SIM_MACHINE_REPORT_H
#define DRYDOCK_SIM_MACHINE_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "sim/machine/machine.h"
#include "sim/report/postmortem.h"

/** Gather the post-mortem of the run that has just ended with @p result. */
void sim_machine_collect(struct sim_machine *machine, const struct sim_result *result,
                         struct sim_postmortem *postmortem);

/** Check GDT, LDT, TSS and IDT as they are now; what is wrong becomes findings. */
void sim_machine_audit_descriptors(struct sim_machine *machine);

/**
 * Report translations that the processor may still use though the tables say otherwise, as at the
 * end of a run. They become findings.
 *
 * @return how many there are; 0 without audit
 */
size_t sim_machine_audit_tlb(struct sim_machine *machine);

/** "function+0x12 (file.c:123)", or the address in hexadecimal if no symbol is known. */
void sim_machine_name_instruction(const struct sim_machine *machine, uint64_t rip, char *text,
                                  size_t size);

#endif
