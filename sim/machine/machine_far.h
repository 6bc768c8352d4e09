/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Instructions that load CS, as the machine meets them: IRET, RETF, far CALL
 * and JMP.
 */
#ifndef DRYDOCK_SIM_MACHINE_FAR_H
#define DRYDOCK_SIM_MACHINE_FAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/cpu/instruction.h"
#include "sim/cpu/task_switch.h"
#include "sim/machine/machine.h"

/** A system instruction and the processor it meets. */
struct machine_encounter {
    struct sim_machine *machine;
    struct sim_cpu cpu;
    struct sim_registers registers;
    uint8_t code[SIM_INSTRUCTION_MAX];
    size_t length;
    enum sim_instruction_kind kind;
};

/** Check the instruction, and execute it or let the engine do it. Whether the guest goes on; else
 *  *result says why not. */
bool machine_return_from_interrupt(struct machine_encounter *encounter, enum sim_width operand,
                                   struct sim_result *result);
bool machine_return_far(struct machine_encounter *encounter, struct sim_result *result);
bool machine_transfer_far(struct machine_encounter *encounter, struct sim_result *result);

/** Check whether the port of the instruction is allowed, and let the engine execute it. */
bool machine_access_port(struct machine_encounter *encounter, struct sim_result *result);

/** Whether the instruction loads a segment that may have a limit: the engine executes it alone. */
bool machine_load_segment(const struct machine_encounter *encounter);

/** Switch tasks. Whether the guest goes on. @p selector: see struct sim_task_switch */
bool machine_switch_task(struct machine_encounter *encounter, enum sim_task_cause cause,
                         uint16_t selector, struct sim_result *result);

/** Deliver the fault that a check of such an instruction found. */
bool machine_deliver_return_fault(struct sim_machine *machine, const struct sim_return_check *check,
                                  struct sim_result *result);

/** Whether the instruction's operand has to be aligned and is not: #GP(0) was delivered, and
 *  *goes_on is set to whether the guest goes on; else *result says why not. */
bool machine_check_alignment(struct machine_encounter *encounter, struct sim_result *result,
                             bool *goes_on);

#endif
