/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Single steps, the guest's and the machine's own. The machine steps through
 * instructions that access a page with a data breakpoint; through all of them
 * while an I/O breakpoint is enabled, or each access has to be looked at
 * (machine_access.c); and through the one that RF holds for.
 *
 * A step sets TF in the engine. The guest must not see that, so what PUSHF pushed
 * is corrected, and what POPF or IRET loaded is kept.
 */
#include "sim/machine/machine_debug.h"

#include "sim/machine/machine_access.h"
#include "sim/machine/machine_internal.h"
#include "sim/mmu/mmu_walk.h"

#define RFLAGS_TF (UINT64_C(1) << 8)
#define RFLAGS_RF (UINT64_C(1) << 16)
#define CR4_DE    (UINT64_C(1) << 3)

/* The engine is slower while it watches. */
static bool watch_accesses(struct sim_machine *machine, struct sim_result *result)
{
    struct machine_debug *debug = &machine->debug;
    bool watched = debug->aligns || debug->limits;
    struct sim_error error;

    debug->aligns = sim_engine_checks_alignment(machine->engine);
    machine_update_segments(machine);
    if (watched == (debug->aligns || debug->limits)) {
        return true;
    }
    if (sim_engine_set_watching(machine->engine, !watched || debug->watches, &error) != 0) {
        *result = machine_stop(machine, SIM_STOP_ENGINE, "%s", error.text);
        return false;
    }
    return true;
}

static void step(struct sim_machine *machine, const struct sim_cpu *cpu)
{
    struct machine_debug *debug = &machine->debug;

    debug->stepping = true;
    debug->traps = (cpu->rflags & RFLAGS_TF) != 0;
    debug->start = cpu->rip;
    debug->code = cpu->code;
    debug->held_before = machine->system.debug_held;
    if (debug->aligns || debug->limits) {
        machine->forbidden.vector = 0;
        sim_engine_step_undoable(machine->engine);
    } else {
        sim_engine_step(machine->engine);
    }
}

bool machine_debug_prepare(struct sim_machine *machine, struct sim_result *result)
{
    struct machine_debug *debug = &machine->debug;
    bool watched = debug->watched;
    struct sim_cpu cpu;

    debug->stepping = false;
    debug->watched = false;
    if (!watch_accesses(machine, result)) {
        return false;
    }
    watched = watched || debug->aligns || debug->limits;
    if (!watched && !debug->breaks && !debug->ports && machine->system.debug_held == 0) {
        return true;
    }
    machine_get_cpu(machine, &cpu);
    debug->resumes = debug->breaks && (cpu.rflags & RFLAGS_RF) != 0;
    debug->ports_enabled = debug->ports && (cpu.cr4 & CR4_DE) != 0;
    if (watched || debug->resumes || debug->ports_enabled || machine->system.debug_held != 0) {
        step(machine, &cpu);
    }
    return true;
}

/* An instruction that faults will be executed again, and hit its breakpoints again. */
void machine_debug_settle(struct sim_machine *machine, const struct sim_engine_event *event)
{
    struct sim_cpu mode;

    if (!machine->debug.stepping || event->stop == SIM_ENGINE_STEPPED) {
        return;
    }
    machine_get_cpu(machine, &mode);
    if (mode.rip == machine->debug.start) {
        machine->system.debug_held = machine->debug.held_before;
    }
}

/* What the last instruction was, if its bytes are still there. */
static enum sim_instruction_flow find_flow(struct sim_machine *machine, uint64_t linear,
                                           enum sim_width code)
{
    struct sim_cpu cpu;
    const struct sim_mmu mmu = {&cpu, &machine->memory};
    uint8_t bytes[SIM_INSTRUCTION_MAX] = {0};

    machine_get_cpu(machine, &cpu);
    cpu.cr4 &= ~MACHINE_CR4_GUARDS;
    (void)sim_mmu_peek(&mmu, linear, bytes, sizeof bytes);
    return sim_instruction_flow(bytes, sizeof bytes, code);
}

/* Linear address of the top of the stack. */
static uint64_t find_stack(struct sim_machine *machine, const struct sim_cpu *cpu)
{
    uint64_t offset = cpu->stack == SIM_WIDTH_16 ? cpu->rsp & UINT16_MAX : cpu->rsp;

    return cpu->stack == SIM_WIDTH_64
               ? offset
               : (sim_engine_segment_base(machine->engine, SIM_SEGMENT_SS) + offset) & UINT32_MAX;
}

/* TF is in the second byte, whatever the operand size. */
static void hide_pushed_trap_flag(struct sim_machine *machine)
{
    struct sim_access access = {0, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR};
    struct sim_walk walk;
    struct sim_cpu cpu;

    machine_get_cpu(machine, &cpu);
    access.linear = find_stack(machine, &cpu) + 1;
    cpu.cr4 &= ~MACHINE_CR4_GUARDS;
    walk = sim_mmu_walk(&cpu, &machine->memory, access);
    if (walk.outcome == SIM_WALK_MAPPED && walk.physical < machine->memory.size) {
        machine->memory.bytes[walk.physical] &= (uint8_t) ~(RFLAGS_TF >> 8);
    }
}

/* After a round of a repeated instruction that is not the last, RF is pushed as 1. */
static bool is_unfinished(const struct sim_engine_event *event, enum sim_instruction_flow flow,
                          const struct sim_registers *registers)
{
    return flow == SIM_FLOW_REPEATS && registers->rip == event->instruction;
}

bool machine_handle_step(struct sim_machine *machine, const struct sim_engine_event *event,
                         struct sim_result *result)
{
    const struct machine_debug *debug = &machine->debug;
    enum sim_instruction_flow flow = find_flow(machine, event->instruction, debug->code);
    bool traps = flow == SIM_FLOW_SYSRET ? event->trap_flag : debug->traps;
    bool reports = traps || machine->system.debug_held != 0;
    struct sim_registers registers;

    sim_engine_get_registers(machine->engine, &registers);
    if (flow == SIM_FLOW_PUSHES_FLAGS && !debug->traps) {
        hide_pushed_trap_flag(machine);
    } else if ((flow == SIM_FLOW_POPS_FLAGS || flow == SIM_FLOW_SYSRET) && event->trap_flag) {
        registers.rflags |= RFLAGS_TF;
    } else if (is_unfinished(event, flow, &registers) && (reports || debug->resumes)) {
        registers.rflags |= RFLAGS_RF;
    }
    sim_engine_set_registers(machine->engine, &registers);
    return machine_debug_complete(machine, traps, result);
}

bool machine_handle_single_step(struct sim_machine *machine, const struct sim_engine_event *event,
                                struct sim_result *result)
{
    struct sim_registers registers;
    struct sim_cpu cpu;

    machine_get_cpu(machine, &cpu);
    sim_engine_get_registers(machine->engine, &registers);
    if (is_unfinished(event, find_flow(machine, event->instruction, cpu.code), &registers)) {
        machine_debug_set_resume(machine);
    }
    return machine_debug_trap(machine, MACHINE_DR6_BS, result);
}
