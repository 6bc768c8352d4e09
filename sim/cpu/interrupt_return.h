/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What a processor checks when it returns from a handler (IRET) or a far call
 * (RETF). Engines are laxer: the machine asks here before the engine executes
 * the instruction.
 *
 * A return of a nested task is a task switch: task_switch.h. Left to the engine:
 * returns from and to virtual-8086 mode. Not modelled: shadow stacks, FRED.
 */
#ifndef DRYDOCK_SIM_INTERRUPT_RETURN_H
#define DRYDOCK_SIM_INTERRUPT_RETURN_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/cpu/cpu.h"

/** What the checks found. */
struct sim_return_check {
    bool faults;                    /**< `exception` and `reason` are set */
    struct sim_exception exception; /**< #GP, #NP, #SS, #AC or #PF */
    uint64_t fault_address;         /**< for CR2, with #PF */
    char reason[192]; /**< "IRETQ: RIP 0x… in the frame at 0x… is not canonical" */
    uint64_t rip;     /**< in the frame; 0 if none was read */
};

/** Whether IRET returns to the task that the current one was called from: NT = 1 in protected mode.
 *  Spec: [SDM 2] IRET, "Operation". */
bool sim_interrupt_return_is_nested(const struct sim_cpu *cpu);

/**
 * Check an IRET, IRETD or IRETQ before it is executed. The frame is read with the privilege of the
 * code that returns; neither memory nor A and D bits change.
 *
 * A frame or descriptor outside RAM is no fault here: the engine knows what is there.
 *
 * @param operand  operand size: SIM_WIDTH_64 with REX.W, else SIM_WIDTH_32 or SIM_WIDTH_16
 *
 * With several reasons to fault, the checks of CS come first, then SS, then RIP: the order of RET.
 * The pseudocode of IRET names RIP both before and after SS.
 *
 * Spec: [SDM 2] IRET, "Operation" and "Exceptions"; [SDM 3A] 5.8.6, 6.14.3.
 */
struct sim_return_check sim_interrupt_return_check(const struct sim_cpu *cpu,
                                                   const struct sim_memory *memory,
                                                   enum sim_width operand);

/**
 * Check a far RET before it is executed, as sim_interrupt_return_check does.
 *
 * @param release  bytes of parameters it releases: its immediate operand
 *
 * Spec: [SDM 2] RET, "Operation" and "Exceptions".
 */
struct sim_return_check sim_far_return_check(const struct sim_cpu *cpu,
                                             const struct sim_memory *memory,
                                             enum sim_width operand, uint16_t release);

#endif
