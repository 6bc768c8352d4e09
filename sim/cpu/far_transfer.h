/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Far CALL and JMP: what a processor checks before it loads CS, and call gates,
 * which lead to code of the same or of more privilege; in IA-32e mode to 64-bit
 * code.
 *
 * Outside IA-32e mode a TSS or a task gate leads to another task: task_switch.h.
 * Left to the engine: real and virtual-8086 mode. Not modelled: shadow stacks, and
 * stacks of a 16-bit TSS.
 */
#ifndef DRYDOCK_SIM_FAR_TRANSFER_H
#define DRYDOCK_SIM_FAR_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/cpu/interrupt_return.h"
#include "sim/cpu/segment.h"
#include "sim/util/attributes.h"

enum sim_far_kind {
    SIM_FAR_CALL,
    SIM_FAR_JMP,
};

/** The instruction. */
struct sim_far_transfer {
    enum sim_far_kind kind;
    enum sim_width operand; /**< operand size */
    uint16_t selector;
    uint64_t offset;
    uint64_t next; /**< RIP of the instruction after it */
};

/** What came of it. */
struct sim_far_result {
    struct sim_return_check check;
    bool done;                      /**< it went through a call gate: the processor has changed */
    struct sim_segment code, stack; /**< outside IA-32e mode, if done: new in CS and SS. Attributes
                                         0: SS is as it was */
    uint16_t task; /**< not 0: the TSS of the task to switch to. If nothing of this and it does not
                        fault, the engine may execute it */
};

/**
 * Check a far CALL or JMP; go through a call gate.
 *
 * @param[in,out] cpu  at the instruction; rip, rsp, cs, ss, code, stack, code_base and rflags.RF
 *                     are new if it is done
 * @param memory       gets the return address, and the Accessed bits of the segments
 *
 * A descriptor or a stack outside RAM is no fault here: the engine knows what is there.
 *
 * Spec: [SDM 2] CALL, JMP, "Operation" and "Exceptions"; [SDM 3A] 5.8.1 to 5.8.5.
 */
struct sim_far_result sim_far_transfer(const struct sim_far_transfer *transfer, struct sim_cpu *cpu,
                                       const struct sim_memory *memory);

#endif
