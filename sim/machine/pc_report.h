/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the devices of a PC can say about a guest that waits for ever.
 */
#ifndef DRYDOCK_SIM_PC_REPORT_H
#define DRYDOCK_SIM_PC_REPORT_H

#include "sim/machine/pc.h"

/**
 * Find interrupts that were delivered and never ended by an EOI: they hold back others. One finding
 * for each controller that waits: the 8259s, the local APIC.
 *
 * Spec: [8259A] "End of Interrupt"; [SDM 3A] 10.8.4, 10.8.5.
 */
void sim_pc_find_missing_eoi(struct sim_pc *pc);

#endif
