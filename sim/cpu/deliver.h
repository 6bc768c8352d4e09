/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Delivery of exceptions and interrupts through the guest's own tables: IDT, GDT
 * and TSS in IA-32e mode and in protected mode, the vector table in real mode.
 *
 * The engine does not deliver exceptions. This does, from the manual, as a
 * function of the processor's registers and its memory; the machine then makes
 * the engine continue in the state that results.
 *
 * A task gate switches tasks: task_switch.h. Not simulated, and refused with a
 * sentence that says so: interrupts in virtual-8086 mode. Not modelled: shadow stacks (CR4.CET), FRED,
 * and 16-bit TSSs; the type of the loaded TSS is not looked at again.
 */
#ifndef DRYDOCK_SIM_DELIVER_H
#define DRYDOCK_SIM_DELIVER_H

#include <stdbool.h>

#include "sim/util/attributes.h"
#include "sim/cpu/cpu.h"
#include "sim/cpu/task_switch.h"
#include "sim/mmu/mmu_walk.h"

/** More than the attempts one delivery can take: benign, contributory, page fault, double fault. */
#define SIM_DELIVERY_STEPS 8u

/** One attempt that failed. */
struct sim_delivery_step {
    struct sim_exception exception; /**< what was to be delivered */
    char text[192];                 /**< why not: "IDT[14]: not present" */
    bool memory_failed;             /**< an access to memory stood in the way: `access` is valid */
    struct sim_access access;       /**< of the first byte that could not be reached */
};

/** Why a delivery failed, or met obstacles, for people. */
struct sim_delivery_reason {
    char text[256]; /**< all steps in one line; empty without steps */
    struct sim_delivery_step steps[SIM_DELIVERY_STEPS];
    unsigned int step_count; /**< attempts that failed, the first first */
};

/**
 * Deliver an exception or interrupt: read the gate, find the stack, push the frame, and make @p cpu
 * what the processor is at the first instruction of the handler.
 *
 * An exception met on the way is delivered in its turn or becomes a double fault, as [SDM 3A]
 * table 6-5 says; when the double fault cannot be delivered either, the processor would shut down.
 *
 * @param memory      RAM; the whole frame is written to it, or nothing of it
 * @param[in,out] cpu  rip is what the frame shall say. On success rip, cs, ss, rsp, rflags, code,
 *                     stack and, after a page fault on the way, cr2 are new; after a task switch
 *                     everything may be. On failure it is untouched
 * @param[in,out] task  the rest of the current task: registers and selectors. Not looked at in IA-32e
 *                     mode. task->switched says whether it is another one now; if it is not,
 *                     task->segments gets those that were loaded into CS and SS in protected mode.
 *                     Untouched on failure
 * @param exception   what to deliver; for a page fault cr2 is set already
 * @param[out] reason  the attempts that failed: on failure at least one, on success there may be
 *                     some, as when a page fault became a double fault that was delivered
 * @return whether a handler was entered
 *
 * With IDTR.limit 0 there is no table at all and the delivery fails at once.
 *
 * Spec: [SDM 3A] 6.12, 6.13, 6.14, 6.15 (vector 8), 7.3, 20.1.4; [SDM 3B] 17.3.1.1; [SDM 2] INT n,
 * "Operation".
 */
SIM_MUST_CHECK bool sim_deliver(const struct sim_memory *memory, struct sim_cpu *cpu,
                                struct sim_task *task, struct sim_exception exception,
                                struct sim_delivery_reason *reason);

#endif
