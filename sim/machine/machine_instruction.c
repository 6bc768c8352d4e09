/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System instructions. The engine stops before each of them; it then executes
 * it, or the machine does and sets the registers, or it faults.
 */
#include <string.h>

#include "sim/cpu/fast_call.h"
#include "sim/machine/machine_access.h"
#include "sim/machine/machine_debug.h"
#include "sim/machine/machine_far.h"
#include "sim/machine/machine_internal.h"

enum {
    VECTOR_DB = 1,
    VECTOR_PF = 14,
    OPCODE_IRET = 0xCF,
    PREFIX_OPERAND = 0x66,
    REX_W = 0x48
};

enum {
    MSR_SYSENTER_CS = 0x174,
    MSR_SYSENTER_ESP = 0x175,
    MSR_SYSENTER_EIP = 0x176,
    MSR_STAR = (int)0xC0000081u,
    MSR_LSTAR = (int)0xC0000082u,
    MSR_FMASK = (int)0xC0000084u
};

#define RFLAGS_TF UINT64_C(0x100)
#define RFLAGS_RF UINT64_C(0x10000)

static void meet(struct machine_encounter *encounter, struct sim_machine *machine, size_t length)
{
    *encounter = (struct machine_encounter){.machine = machine, .length = length};
    if (encounter->length > sizeof encounter->code) {
        encounter->length = sizeof encounter->code;
    }
    machine_get_cpu(machine, &encounter->cpu);
    sim_engine_get_registers(machine->engine, &encounter->registers);
    encounter->length =
        machine_read_code(machine, &encounter->cpu, encounter->code, encounter->length);
    encounter->kind = sim_instruction_kind(encounter->code, encounter->length, encounter->cpu.code);
}

/* Operand size of IRET, SYSRET and SYSEXIT, from the prefixes. [SDM 2] 2.2.1.2, table 3-4 in [SDM 1] */
static enum sim_width operand_width(const struct machine_encounter *encounter)
{
    bool overridden = false;

    for (size_t i = 0; i < encounter->length; i++) {
        uint8_t byte = encounter->code[i];

        if (encounter->cpu.code == SIM_WIDTH_64 && (byte & 0xF8) == REX_W) {
            return SIM_WIDTH_64;
        }
        if (byte == OPCODE_IRET || byte == 0x0F) {
            break;
        }
        overridden = overridden || byte == PREFIX_OPERAND;
    }
    return (encounter->cpu.code == SIM_WIDTH_16) == overridden ? SIM_WIDTH_32 : SIM_WIDTH_16;
}

void machine_forget_translations(struct sim_machine *machine, const struct sim_cpu *cpu,
                                 const struct sim_instruction_effect *effect)
{
    bool keeps = false; /* the engine has nothing of what INVLPG invalidates */

    if (effect->loads_pdptes && machine->tlb != NULL) {
        machine->pdptes.loaded = effect->has_pdptes;
        memcpy(machine->pdptes.entry, effect->pdpte, sizeof machine->pdptes.entry);
    }
    if (effect->flushes && machine->tlb != NULL) {
        sim_tlb_flush(machine->tlb, cpu, &effect->flush, sim_cpu_linear_rip(cpu));
        keeps = effect->flush.kind == SIM_TLB_ADDRESS && !sim_tlb_take_dropped(machine->tlb);
    }
    if ((effect->flushes && !keeps) || effect->retranslates) {
        sim_engine_flush_tlb(machine->engine);
    }
}

static void trace_effect(struct sim_machine *machine, const struct sim_instruction_effect *effect)
{
    if (effect->traced) {
        machine_trace(machine, effect->trace_kind, effect->trace_code, effect->trace_a,
                      effect->trace_b);
    }
}

static void write_back(struct machine_encounter *encounter)
{
    struct sim_engine *engine = encounter->machine->engine;

    encounter->registers.rflags &= ~RFLAGS_RF;
    sim_engine_set_control(engine, &encounter->cpu);
    sim_engine_set_registers(engine, &encounter->registers);
    sim_engine_request_look(engine);
}

/*
 * MOV CR3 and INVLPG are done here: if the engine executed them, it would fetch the instruction
 * again after the flush and before the change, and keep a translation that should be gone.
 */
static bool is_done_here(const struct machine_encounter *encounter,
                         const struct sim_instruction_effect *effect)
{
    return encounter->kind == SIM_KIND_INVLPG ||
           (encounter->kind == SIM_KIND_MOV_TO_CR && effect->trace_code == 3);
}

static void finish_here(struct machine_encounter *encounter,
                        const struct sim_instruction_effect *effect)
{
    if (encounter->kind == SIM_KIND_MOV_TO_CR) {
        encounter->cpu.cr3 = effect->trace_a;
    }
    encounter->registers.rip += encounter->length;
    write_back(encounter);
}

/*
 * The TLB follows when the engine has executed the instruction: see machine_run. What a run has
 * learnt about the processor does not outlive a change either. An instruction that changes nothing
 * of that does not have to end the run.
 */
static void let_the_engine_do_it(struct machine_encounter *encounter,
                                 const struct sim_instruction_effect *effect)
{
    struct sim_machine *machine = encounter->machine;

    if (encounter->kind == SIM_KIND_WRPKRU) {
        machine->pkru = (uint32_t)encounter->registers.rax;
    }
    machine->pending = *effect;
    if (effect->flushes || effect->retranslates || effect->traced) {
        sim_engine_request_attention(machine->engine);
    } else {
        sim_engine_request_look(machine->engine);
    }
    sim_engine_pass_instruction(machine->engine);
}

static bool arm_breakpoints(const struct machine_encounter *encounter, struct sim_result *result)
{
    struct sim_error error;

    if (encounter->kind != SIM_KIND_MOV_TO_DR ||
        machine_debug_update(encounter->machine, &error) == 0) {
        return true;
    }
    *result = machine_stop(encounter->machine, SIM_STOP_ENGINE, "%s", error.text);
    return false;
}

static bool raise_exception(struct machine_encounter *encounter,
                            const struct sim_instruction_result *outcome, struct sim_result *result)
{
    struct sim_machine *machine = encounter->machine;

    if (outcome->exception.vector == VECTOR_DB) {
        machine_debug_set_resume(machine);
    } else if (outcome->exception.vector == VECTOR_PF) {
        sim_engine_set_cr2(machine->engine, encounter->cpu.cr2);
    }
    return machine_deliver(machine, &outcome->exception, outcome->reason, result);
}

static bool step(struct machine_encounter *encounter, struct sim_result *result)
{
    struct sim_machine *machine = encounter->machine;
    const struct sim_cpu before = encounter->cpu;
    const struct sim_instruction_context context = {
        .cpu = &encounter->cpu,
        .registers = &encounter->registers,
        .system = &machine->system,
        .mmu = {&encounter->cpu, &machine->memory},
        .own_mmu = machine->tlb != NULL,
    };
    struct sim_instruction_result outcome;

    machine->clock.now = sim_engine_time(machine->engine);
    outcome = sim_instruction_step(&context, encounter->code, encounter->length);
    if (outcome.verdict == SIM_INSTRUCTION_EXCEPTION) {
        return raise_exception(encounter, &outcome, result);
    }
    trace_effect(machine, &outcome.effect);
    if (outcome.verdict == SIM_INSTRUCTION_EXECUTE && !is_done_here(encounter, &outcome.effect)) {
        let_the_engine_do_it(encounter, &outcome.effect);
        return true;
    }
    if (outcome.verdict == SIM_INSTRUCTION_EXECUTE) {
        finish_here(encounter, &outcome.effect);
    } else {
        write_back(encounter);
    }
    machine_forget_translations(machine, &before, &outcome.effect);
    return arm_breakpoints(encounter, result) &&
           machine_debug_complete(machine, (before.rflags & RFLAGS_TF) != 0, result);
}

static enum sim_fast_call_kind fast_call_kind(enum sim_instruction_kind kind)
{
    switch (kind) {
    case SIM_KIND_SYSCALL:
        return SIM_SYSCALL;
    case SIM_KIND_SYSRET:
        return SIM_SYSRET;
    case SIM_KIND_SYSENTER:
        return SIM_SYSENTER;
    default:
        return SIM_SYSEXIT;
    }
}

static struct sim_fast_call read_fast_call(struct machine_encounter *encounter)
{
    struct sim_engine *engine = encounter->machine->engine;

    return (struct sim_fast_call){
        .kind = fast_call_kind(encounter->kind),
        .operand = operand_width(encounter),
        .next = encounter->cpu.rip + encounter->length,
        .msrs =
            {
                .star = sim_engine_get_msr(engine, (uint32_t)MSR_STAR),
                .lstar = sim_engine_get_msr(engine, (uint32_t)MSR_LSTAR),
                .fmask = sim_engine_get_msr(engine, (uint32_t)MSR_FMASK),
                .sysenter_cs = sim_engine_get_msr(engine, MSR_SYSENTER_CS),
                .sysenter_esp = sim_engine_get_msr(engine, MSR_SYSENTER_ESP),
                .sysenter_eip = sim_engine_get_msr(engine, MSR_SYSENTER_EIP),
            },
    };
}

static bool fast_call(struct machine_encounter *encounter, struct sim_result *result)
{
    struct sim_machine *machine = encounter->machine;
    const struct sim_fast_call call = read_fast_call(encounter);
    struct sim_fast_call_result outcome =
        sim_fast_call(&call, &encounter->cpu, &encounter->registers);
    struct sim_error error;

    if (outcome.faults) {
        return machine_deliver(machine, &outcome.exception, outcome.reason, result);
    }
    machine_trace(machine, SIM_TRACE_SYSCALL, (uint32_t)encounter->kind, encounter->cpu.rip, 0);
    if (call.kind == SIM_SYSRET || call.kind == SIM_SYSEXIT) {
        machine_expect_alignment(machine, &encounter->cpu,
                                 call.kind == SIM_SYSRET ? encounter->registers.r11
                                                         : encounter->cpu.rflags);
        if (call.operand != SIM_WIDTH_64) {
            machine_expect_segments(machine);
        }
        sim_engine_pass_instruction(machine->engine); /* it ignores the GDT, as it should */
        return true;
    }
    sim_engine_set_registers(machine->engine, &encounter->registers);
    if (sim_engine_set_cpu(machine->engine, &encounter->cpu, &error) != 0) {
        *result = machine_stop(machine, SIM_STOP_ENGINE, "%s: %s",
                               sim_instruction_name(encounter->kind), error.text);
        return false;
    }
    return machine_debug_complete(machine, outcome.single_step, result);
}

bool machine_handle_instruction(struct sim_machine *machine, const struct sim_engine_event *event,
                                struct sim_result *result)
{
    struct machine_encounter encounter;
    bool goes_on = false;

    meet(&encounter, machine, event->length);
    switch (encounter.kind) {
    case SIM_KIND_OTHER: /* see below, or bytes that changed after the engine translated them */
        if (machine_load_segment(&encounter)) {
            return true;
        }
        return machine_check_alignment(&encounter, result, &goes_on)
                   ? goes_on
                   : machine_access_port(&encounter, result);
    case SIM_KIND_IRET:
        return machine_return_from_interrupt(&encounter, operand_width(&encounter), result);
    case SIM_KIND_RET_FAR:
        return machine_return_far(&encounter, result);
    case SIM_KIND_CALL_FAR:
    case SIM_KIND_JMP_FAR:
        return machine_transfer_far(&encounter, result);
    case SIM_KIND_SYSCALL:
    case SIM_KIND_SYSRET:
    case SIM_KIND_SYSENTER:
    case SIM_KIND_SYSEXIT:
        return fast_call(&encounter, result);
    default:
        return step(&encounter, result);
    }
}
