/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hardware task switches. The engine has none for exceptions, and the others it
 * does without telling that CR3 changes; so the machine does them all. Only in
 * protected mode: IA-32e mode has none.
 */
#include "sim/cpu/far_transfer.h"
#include "sim/machine/machine_debug.h"
#include "sim/machine/machine_far.h"
#include "sim/machine/machine_internal.h"

#include <string.h>

#define DR6_BT    (UINT64_C(1) << 15)
#define DR7_LOCAL UINT64_C(0x55) /* L0 to L3, which a task switch clears. [SDM 3B] 17.2.4 */
#define RFLAGS_RF (UINT64_C(1) << 16)

/* What is cached for the other CR3; without paging, nothing is. */
static void change_tables(struct sim_machine *machine, const struct sim_cpu *before,
                          const struct sim_cpu *cpu)
{
    struct sim_instruction_effect effect = {
        .flushes = true,
        .flush = {.kind = SIM_TLB_PCID},
        .loads_pdptes = cpu->has_pdptes,
        .has_pdptes = cpu->has_pdptes,
    };

    memcpy(effect.pdpte, cpu->pdpte, sizeof effect.pdpte);
    machine_forget_translations(machine, before, &effect);
}

bool machine_enter_task(struct sim_machine *machine, const struct sim_cpu *before,
                        const struct sim_cpu *cpu, const struct sim_task *task,
                        struct sim_result *result)
{
    struct sim_error error;

    sim_engine_set_task(machine->engine, cpu, task);
    machine->segments_changed = true;
    change_tables(machine, before, cpu);
    sim_engine_request_attention(machine->engine);
    machine->system.dr7 &= ~DR7_LOCAL;
    machine->system.debug_held |= task->traps ? DR6_BT : 0;
    if (machine_debug_update(machine, &error) != 0) {
        *result = machine_stop(machine, SIM_STOP_ENGINE, "%s", error.text);
        return false;
    }
    return true;
}

bool machine_switch_task(struct machine_encounter *encounter, enum sim_task_cause cause,
                         uint16_t selector, struct sim_result *result)
{
    struct sim_machine *machine = encounter->machine;
    const struct sim_cpu before = encounter->cpu;
    const struct sim_task_switch wanted = {
        .cause = cause,
        .selector = selector,
        .next = before.rip + encounter->length,
        .flags = before.rflags & ~RFLAGS_RF,
    };
    struct sim_task task;
    struct sim_task_result outcome;

    sim_engine_get_task(machine->engine, &task);
    outcome = sim_task_switch(&wanted, &encounter->cpu, &task, &machine->memory);
    if (outcome.refused) {
        *result = machine_stop(machine, SIM_STOP_ENGINE, "%s", outcome.check.reason);
        return false;
    }
    if (task.switched && !machine_enter_task(machine, &before, &encounter->cpu, &task, result)) {
        return false;
    }
    if (outcome.check.faults) {
        return machine_deliver_return_fault(machine, &outcome.check, result);
    }
    return machine_debug_complete(machine, false, result);
}
