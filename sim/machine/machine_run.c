/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running the guest: let the engine go, and deal with what stops it until the
 * end is reached, a HLT at an address that machine_call.c has chosen.
 */
#include "sim/machine/machine_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "sim/report/descriptor_audit.h"
#include "sim/machine/machine_access.h"
#include "sim/machine/machine_debug.h"
#include "sim/machine/machine_inject.h"
#include "sim/machine/machine_report.h"
#include "sim/mmu/mmu_walk.h"

enum {
    VECTOR_DB = 1,
    VECTOR_UD = 6,
    VECTOR_GP = 13,
    OPCODE_INT3 = 0xCC,
    OPCODE_INT_N = 0xCD,
    OPCODE_INTO = 0xCE,
    OPCODE_INT1 = 0xF1
};

/* Where the guest is, for a report. */
static void locate(struct sim_machine *machine, struct sim_fault *fault)
{
    struct sim_cpu cpu;

    sim_engine_get_cpu(machine->engine, &cpu);
    fault->rip = sim_cpu_linear_rip(&cpu);
    if (machine->image != NULL) {
        sim_image_name_address(machine->image, fault->rip, fault->symbol, sizeof fault->symbol);
        sim_image_find_line(machine->image, fault->rip, fault->source, sizeof fault->source);
    }
}

struct sim_result machine_stop(struct sim_machine *machine, enum sim_stop stop, const char *format,
                               ...)
{
    struct sim_result result = {.stop = stop};
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(result.fault.reason, sizeof result.fault.reason, format, arguments);
    va_end(arguments);
    locate(machine, &result.fault);
    return result;
}

static bool is_end(struct sim_machine *machine, uint64_t end, struct sim_result *result)
{
    struct sim_registers registers;

    sim_engine_get_registers(machine->engine, &registers);
    *result = (struct sim_result){.stop = SIM_STOP_RETURNED, .value = registers.rax};
    return end != UINT64_MAX && registers.rip == end + 1;
}

static unsigned int audited_table(const struct sim_instruction_effect *effect)
{
    static const unsigned int tables[] = {
        [SIM_TRACE_GDT] = SIM_AUDIT_GDT,
        [SIM_TRACE_IDT] = SIM_AUDIT_IDT,
        [SIM_TRACE_LDT] = SIM_AUDIT_LDT,
        [SIM_TRACE_TSS] = SIM_AUDIT_TSS,
    };

    return effect->traced && effect->trace_kind == SIM_TRACE_TABLE ? tables[effect->trace_code] : 0;
}

/* What the last instruction implied, now that it has been executed. */
static void finish_instruction(struct sim_machine *machine)
{
    const struct sim_instruction_effect effect = machine->pending;
    unsigned int table = audited_table(&effect);
    struct sim_cpu cpu;
    const struct sim_mmu mmu = {&cpu, &machine->memory};

    if (!effect.flushes && !effect.retranslates && table == 0) {
        return;
    }
    machine->pending = (struct sim_instruction_effect){.flushes = false};
    machine_get_cpu(machine, &cpu);
    machine_forget_translations(machine, &cpu, &effect);
    if (table != 0 && machine->options.audit == SIM_MACHINE_AUDITED) {
        (void)sim_audit_descriptors(&mmu, table, &machine->findings);
    }
}

/* INT3 and INTO have one byte, INT n two. [SDM 2] INT n. */
static uint8_t software_interrupt_length(struct sim_machine *machine, uint64_t next)
{
    uint8_t opcode[2] = {0};

    (void)sim_machine_read_linear(machine, next - 2, opcode, sizeof opcode);
    return opcode[0] != OPCODE_INT_N && (opcode[1] == OPCODE_INT3 || opcode[1] == OPCODE_INTO) ? 1
                                                                                               : 2;
}

/* Adds what the engine does not know. It takes INT1 for an invalid opcode. */
static bool deliver_exception(struct sim_machine *machine, const struct sim_engine_event *event,
                              struct sim_result *result)
{
    struct sim_exception exception = event->exception;
    struct sim_registers registers;
    struct sim_cpu cpu;
    uint64_t linear = 0;
    uint8_t opcode = 0;

    if (exception.vector == VECTOR_DB && exception.source == SIM_SOURCE_EXCEPTION) {
        return machine_handle_single_step(machine, event, result);
    }
    if (exception.vector == VECTOR_GP) {
        (void)machine_undo_branch(machine, event);
    }
    machine_get_cpu(machine, &cpu);
    linear = sim_cpu_linear_rip(&cpu);
    if (exception.source == SIM_SOURCE_SOFTWARE) {
        exception.length = software_interrupt_length(machine, linear);
    } else if (exception.vector == VECTOR_UD &&
               sim_machine_read_linear(machine, linear, &opcode, 1) && opcode == OPCODE_INT1) {
        exception =
            (struct sim_exception){.vector = VECTOR_DB, .source = SIM_SOURCE_INT1, .length = 1};
        sim_engine_get_registers(machine->engine, &registers);
        registers.rip++;
        sim_engine_set_registers(machine->engine, &registers);
    }
    return machine_deliver(machine, &exception, "", result);
}

/* Deals with what stopped the engine. Whether the guest goes on; else *result is set. */
static bool handle(struct sim_machine *machine, const struct sim_engine_event *event, uint64_t end,
                   struct sim_result *result)
{
    uint64_t linear = 0;

    switch (event->stop) {
    case SIM_ENGINE_EXCEPTION:
        return deliver_exception(machine, event, result);
    case SIM_ENGINE_REFUSED:
        if (event->kind == SIM_ACCESS_FETCH && machine_debug_precedes_fetch(machine, &linear)) {
            return machine_handle_breakpoint(machine, linear, result);
        }
        return machine_handle_refusal(machine, event, result);
    case SIM_ENGINE_BREAKPOINT:
        return machine_handle_breakpoint(machine, event->linear, result);
    case SIM_ENGINE_WATCHED:
        machine->debug.watched = true;
        return true;
    case SIM_ENGINE_STEPPED:
        return machine_handle_step(machine, event, result);
    case SIM_ENGINE_INSTRUCTION:
        return machine_handle_instruction(machine, event, result);
    case SIM_ENGINE_REACHED:
        machine_handle_reached(machine);
        return true;
    case SIM_ENGINE_FORBIDDEN:
        return machine_handle_forbidden(machine, result);
    case SIM_ENGINE_ATTENTION:
        return machine_attend(machine, event, result);
    case SIM_ENGINE_HALTED:
        return !is_end(machine, end, result) && machine_wait(machine, result);
    case SIM_ENGINE_REQUESTED:
        *result = (struct sim_result){.stop = SIM_STOP_EXITED, .value = machine->exit_value};
        return false;
    case SIM_ENGINE_BUDGET:
        *result = machine_stop(machine, SIM_STOP_BUDGET, "more than %" PRIu64 " basic blocks",
                               machine->budget);
        return false;
    default:
        *result = machine_stop(machine, SIM_STOP_ENGINE, "%s", event->reason);
        return false;
    }
}

/* Whether the engine has run; else *result says why not. */
static bool run_engine(struct sim_machine *machine, struct sim_result *result)
{
    struct sim_engine_event *event = &machine->event;

    machine->refused = false;
    machine->translating_is_valid = false;
    if (!machine_debug_prepare(machine, result)) {
        return false;
    }
    sim_engine_run(machine->engine, &machine->blocks, event);
    machine_debug_settle(machine, event);
    machine->segments_changed = machine->segments_changed || machine->segments_change;
    machine->segments_change = false;
    if (event->stop != SIM_ENGINE_WATCHED) {
        finish_instruction(machine);
    }
    machine_finish_dma(machine);
    return true;
}

struct sim_result machine_run(struct sim_machine *machine, uint64_t end)
{
    struct sim_result result;
    bool goes_on = true;

    machine->running = true;
    machine->blocks = machine->budget == 0 ? UINT64_MAX : machine->budget;
    machine->nested = 0;
    machine->repeats = 0;
    sim_engine_request_attention(machine->engine);
    while (goes_on) {
        goes_on = run_engine(machine, &result) && handle(machine, &machine->event, end, &result);
    }
    if (machine->tlb != NULL) {
        sim_tlb_end_run(machine->tlb);
    }
    machine->translating_is_valid = false;
    machine->running = false;
    return result;
}
