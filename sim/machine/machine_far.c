/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Far transfers. The engine loads CS with fewer checks than a processor, so they
 * are made here; then it executes the instruction, unless it led through a call
 * gate: that is done here as well, since the engine pushes to the new stack with
 * the rights of the old privilege level.
 */
#include "sim/machine/machine_far.h"

#include "sim/cpu/far_transfer.h"
#include "sim/cpu/interrupt_return.h"
#include "sim/machine/machine_access.h"
#include "sim/machine/machine_debug.h"
#include "sim/machine/machine_internal.h"

enum {
    VECTOR_PF = 14
};

#define RFLAGS_TF UINT64_C(0x100)

bool machine_deliver_return_fault(struct sim_machine *machine, const struct sim_return_check *check,
                                  struct sim_result *result)
{
    if (check->exception.vector == VECTOR_PF) {
        return machine_deliver_page_fault(machine, check->exception.error_code,
                                          check->fault_address, check->reason, result);
    }
    return machine_deliver(machine, &check->exception, check->reason, result);
}

/* It ends the blocking of NMIs, even if it faults. [SDM 3A] 6.7.1 */
bool machine_return_from_interrupt(struct machine_encounter *encounter, enum sim_width operand,
                                   struct sim_result *result)
{
    struct sim_machine *machine = encounter->machine;
    struct sim_return_check check =
        sim_interrupt_return_check(&encounter->cpu, &machine->memory, operand);

    machine->system.nmi_blocked = false;
    if (check.faults) {
        return machine_deliver_return_fault(machine, &check, result);
    }
    machine->nested -= machine->nested > 0;
    machine->returned_to = check.rip;
    if (sim_interrupt_return_is_nested(&encounter->cpu)) {
        return machine_switch_task(encounter, SIM_TASK_RETURN, 0, result);
    }
    sim_engine_request_attention(machine->engine); /* an NMI may have waited for this */
    machine->segments_change = true;
    sim_engine_pass_instruction(machine->engine);
    return true;
}

bool machine_return_far(struct machine_encounter *encounter, struct sim_result *result)
{
    struct sim_machine *machine = encounter->machine;
    struct sim_instruction_far_return operands;
    struct sim_return_check check = {.faults = false};

    if (sim_instruction_far_return(encounter->code, encounter->length, encounter->cpu.code,
                                   &operands)) {
        check = sim_far_return_check(&encounter->cpu, &machine->memory, operands.operand,
                                     operands.release);
    }
    if (check.faults) {
        return machine_deliver_return_fault(machine, &check, result);
    }
    machine_expect_alignment(machine, &encounter->cpu, encounter->cpu.rflags);
    machine_expect_segments(machine);
    sim_engine_pass_instruction(machine->engine);
    return true;
}

/* The processor is where the call gate led to. */
static bool arrive(struct machine_encounter *encounter, const struct sim_far_result *outcome,
                   struct sim_result *result)
{
    struct sim_machine *machine = encounter->machine;
    struct sim_task segments = {.switched = false};
    struct sim_error error;

    if (sim_engine_set_cpu(machine->engine, &encounter->cpu, &error) != 0) {
        *result = machine_stop(machine, SIM_STOP_ENGINE, "%s: %s",
                               sim_instruction_name(encounter->kind), error.text);
        return false;
    }
    if (!sim_cpu_in_long_mode(&encounter->cpu)) {
        segments.segments[SIM_SEGMENT_CS] = outcome->code;
        segments.segments[SIM_SEGMENT_SS] = outcome->stack;
        sim_engine_set_code_and_stack(machine->engine, &segments);
        machine->segments_changed = true;
    }
    return machine_debug_complete(machine, (encounter->cpu.rflags & RFLAGS_TF) != 0, result);
}

bool machine_transfer_far(struct machine_encounter *encounter, struct sim_result *result)
{
    struct sim_machine *machine = encounter->machine;
    const struct sim_instruction_context context = {
        .cpu = &encounter->cpu,
        .registers = &encounter->registers,
        .system = &machine->system,
        .mmu = {&encounter->cpu, &machine->memory},
        .own_mmu = machine->tlb != NULL,
    };
    struct sim_instruction_far_pointer pointer;
    struct sim_far_transfer transfer;
    struct sim_far_result outcome = {.done = false};

    if (sim_instruction_far_pointer(&context, encounter->code, encounter->length, &pointer)) {
        transfer = (struct sim_far_transfer){
            .kind = encounter->kind == SIM_KIND_CALL_FAR ? SIM_FAR_CALL : SIM_FAR_JMP,
            .operand = pointer.operand,
            .selector = pointer.selector,
            .offset = pointer.offset,
            .next = encounter->cpu.rip + encounter->length,
        };
        outcome = sim_far_transfer(&transfer, &encounter->cpu, &machine->memory);
    }
    if (outcome.check.faults) {
        return machine_deliver_return_fault(machine, &outcome.check, result);
    }
    if (outcome.done) {
        return arrive(encounter, &outcome, result);
    }
    if (outcome.task != 0) {
        return machine_switch_task(encounter,
                                   transfer.kind == SIM_FAR_CALL ? SIM_TASK_CALL : SIM_TASK_JMP,
                                   outcome.task, result);
    }
    machine_expect_segments(machine);
    sim_engine_pass_instruction(machine->engine);
    return true;
}
