/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Exception delivery through the guest's own IDT, GDT and TSS in 64-bit mode.
 *
 * The engine does not deliver exceptions. This does, from the manual, as a
 * function of the processor's registers and its memory; the machine then makes
 * the engine continue in the state that results.
 */
#ifndef DRYDOCK_SIM_DELIVER_H
#define DRYDOCK_SIM_DELIVER_H

#include <stdbool.h>

#include "sim/attributes.h"
#include "sim/cpu.h"
#include "sim/mmu_walk.h"

/** Why a delivery failed, for people: "IDT[14]: not present". */
struct sim_delivery_reason {
    char text[256];
};

/**
 * Deliver an exception: read the gate, find the stack, push the frame, and make @p cpu what the
 * processor is at the first instruction of the handler.
 *
 * An exception met on the way is delivered in its turn or becomes a double fault, as [SDM 3A]
 * table 6-5 says; when the double fault cannot be delivered either, the processor would shut down.
 *
 * @param memory      RAM; the frame is written to it
 * @param[in,out] cpu  on success rip, cs, ss, rsp, rflags and, after a page fault on the way, cr2
 *                     are new; on failure it is untouched
 * @param exception   what to deliver; for a page fault cr2 is set already
 * @param[out] reason  on failure the sentence that says what stopped it, the first obstacle first
 * @return whether it was delivered
 *
 * With IDTR.limit 0 there is no table at all and the delivery fails at once.
 *
 * Spec: [SDM 3A] 6.12, 6.13, 6.14, 6.15 (vector 8); [SDM 2] INT n, "Operation".
 */
SIM_MUST_CHECK bool sim_deliver(const struct sim_memory *memory, struct sim_cpu *cpu,
                                struct sim_exception exception, struct sim_delivery_reason *reason);

#endif
