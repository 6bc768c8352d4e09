/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running the guest: set registers, let the engine go, and deal with what stops
 * it until the call is over. A called function returns to a HLT in low memory;
 * executed code is followed by one. Halting exactly there is the normal end.
 */
#include "sim/machine_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/deliver.h"
#include "sim/mmu_walk.h"

enum {
    MAX_EXCEPTIONS = 100000,
    MAX_ARGUMENTS = 6,
    MAX_CODE = 64
};

#define RFLAGS_ALWAYS_ONE UINT64_C(0x2)
#define RFLAGS_IF         UINT64_C(0x200)

/* Where the guest is, for a report. */
static void locate(struct sim_machine *machine, struct sim_fault *fault)
{
    struct sim_cpu cpu;

    sim_engine_get_cpu(machine->engine, &cpu);
    fault->rip = cpu.rip;
    if (machine->image != NULL) {
        sim_image_name_address(machine->image, cpu.rip, fault->symbol, sizeof fault->symbol);
        sim_image_find_line(machine->image, cpu.rip, fault->source, sizeof fault->source);
    }
}

SIM_PRINTF(3, 4)
static struct sim_result stop_with(struct sim_machine *machine, enum sim_stop stop,
                                   const char *format, ...)
{
    struct sim_result result = {.stop = stop};
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(result.fault.reason, sizeof result.fault.reason, format, arguments);
    va_end(arguments);
    locate(machine, &result.fault);
    return result;
}

/* Delivers an exception, or fills in the result that reports it. Whether the guest goes on. */
static bool handle_exception(struct sim_machine *machine, const struct sim_exception *exception,
                             struct sim_result *result)
{
    struct sim_cpu cpu;
    struct sim_delivery_reason reason;
    struct sim_error error;

    sim_engine_get_cpu(machine->engine, &cpu);
    if (sim_deliver(&machine->memory, &cpu, *exception, &reason)) {
        if (sim_engine_set_cpu(machine->engine, &cpu, &error) == 0) {
            return true;
        }
        *result = stop_with(machine, SIM_STOP_ENGINE, "%s", error.text);
        return false;
    }
    *result = stop_with(machine, SIM_STOP_FAULT, "%s", reason.text);
    result->fault.vector = exception->vector;
    result->fault.has_error_code = exception->has_error_code;
    result->fault.error_code = exception->error_code;
    result->fault.cr2 = cpu.cr2;
    return false;
}

static struct sim_result end_of_run(struct sim_machine *machine,
                                    const struct sim_engine_event *event, uint64_t end)
{
    struct sim_registers registers;

    switch (event->stop) {
    case SIM_ENGINE_HALTED:
        sim_engine_get_registers(machine->engine, &registers);
        if (registers.rip == end + 1) {
            return (struct sim_result){.stop = SIM_STOP_RETURNED, .value = registers.rax};
        }
        return stop_with(machine, SIM_STOP_HALTED, "HLT with no interrupt to come");
    case SIM_ENGINE_REQUESTED:
        return (struct sim_result){.stop = SIM_STOP_EXITED, .value = machine->exit_value};
    case SIM_ENGINE_BUDGET:
        return stop_with(machine, SIM_STOP_BUDGET, "more than %" PRIu64 " basic blocks",
                         machine->budget);
    default:
        return stop_with(machine, SIM_STOP_ENGINE, "%s", event->reason);
    }
}

/* Runs from the registers' RIP until the HLT at @p end is reached or something else stops it. */
static struct sim_result run(struct sim_machine *machine, uint64_t end)
{
    uint64_t blocks = machine->budget == 0 ? UINT64_MAX : machine->budget;
    struct sim_engine_event event;
    struct sim_result result;

    for (unsigned int exceptions = 0; exceptions < MAX_EXCEPTIONS; exceptions++) {
        sim_engine_run(machine->engine, &blocks, &event);
        if (event.stop != SIM_ENGINE_EXCEPTION) {
            return end_of_run(machine, &event, end);
        }
        if (!handle_exception(machine, &event.exception, &result)) {
            return result;
        }
    }
    return stop_with(machine, SIM_STOP_BUDGET, "more than %d exceptions; the last was %s",
                     MAX_EXCEPTIONS, sim_vector_name(event.exception.vector));
}

static bool is_mapped_to_itself(const struct sim_machine *machine, const struct sim_cpu *cpu,
                                uint64_t linear, enum sim_access_kind kind)
{
    struct sim_access access = {linear, kind, SIM_MODE_SUPERVISOR};
    struct sim_walk walk = sim_mmu_walk(cpu, &machine->memory, access);

    return walk.outcome == SIM_WALK_MAPPED && walk.physical == linear;
}

/* Brings the processor back to CPL 0 if the last run ended elsewhere; checks the way back. */
static int prepare(struct sim_machine *machine, uint64_t code, struct sim_cpu *cpu,
                   struct sim_error *error)
{
    if (machine->running) {
        return sim_error_set(error, "the machine is running: a device cannot call the guest");
    }
    sim_engine_get_cpu(machine->engine, cpu);
    if (sim_cpu_privilege(cpu) == 0) {
        machine->kernel_cs = cpu->cs;
        machine->kernel_ss = cpu->ss;
    } else {
        cpu->cs = machine->kernel_cs;
        cpu->ss = machine->kernel_ss;
        if (sim_engine_set_cpu(machine->engine, cpu, error) != 0) {
            return -1;
        }
    }
    if (!is_mapped_to_itself(machine, cpu, code, SIM_ACCESS_FETCH) ||
        !is_mapped_to_itself(machine, cpu, LOW_STACK_END - 8, SIM_ACCESS_WRITE)) {
        return sim_error_set(error,
                             "the guest's page tables do not map the machine's memory below 0x%x "
                             "to itself",
                             SIM_MACHINE_LOW_END);
    }
    return 0;
}

static uint64_t start_flags(const struct sim_cpu *cpu)
{
    return (cpu->rflags & RFLAGS_IF) | RFLAGS_ALWAYS_ONE;
}

struct sim_result sim_machine_call(struct sim_machine *machine, const char *symbol,
                                   const uint64_t *arguments, size_t count)
{
    const uint64_t return_address = LOW_RETURN;
    uint64_t values[MAX_ARGUMENTS] = {0};
    struct sim_registers registers = {.rsp = LOW_STACK_END - 8};
    struct sim_result result;
    struct sim_cpu cpu = {0};
    struct sim_error error;

    if (machine->image == NULL || !sim_image_find_symbol(machine->image, symbol, &registers.rip)) {
        return stop_with(machine, SIM_STOP_ENGINE, "no function %s in the image", symbol);
    }
    if (count > MAX_ARGUMENTS) {
        return stop_with(machine, SIM_STOP_ENGINE, "%zu arguments, at most %d", count,
                         MAX_ARGUMENTS);
    }
    if (prepare(machine, LOW_RETURN, &cpu, &error) != 0) {
        return stop_with(machine, SIM_STOP_ENGINE, "%s", error.text);
    }
    if (count > 0) {
        memcpy(values, arguments, count * sizeof values[0]);
    }
    registers.rdi = values[0];
    registers.rsi = values[1];
    registers.rdx = values[2];
    registers.rcx = values[3];
    registers.r8 = values[4];
    registers.r9 = values[5];
    registers.rflags = start_flags(&cpu);
    memcpy(machine->memory.bytes + registers.rsp, &return_address, sizeof return_address);
    sim_engine_set_registers(machine->engine, &registers);
    machine->running = true;
    result = run(machine, LOW_RETURN);
    machine->running = false;
    return result;
}

/* Puts code and a HLT where it is executed, unless it is there already from last time. */
static void place_code(struct sim_machine *machine, const uint8_t *code, size_t size)
{
    uint8_t *to = machine->memory.bytes + LOW_CODE;

    if (memcmp(to, code, size) == 0 && to[size] == INSTRUCTION_HLT) {
        return;
    }
    memcpy(to, code, size);
    to[size] = INSTRUCTION_HLT;
    sim_engine_forget_range(machine->engine, LOW_CODE, MAX_CODE + 1);
}

struct sim_result sim_machine_execute(struct sim_machine *machine, const uint8_t *code, size_t size,
                                      struct sim_registers *registers)
{
    struct sim_registers start = *registers;
    struct sim_result result;
    struct sim_cpu cpu = {0};
    struct sim_error error;

    if (size == 0 || size > MAX_CODE) {
        return stop_with(machine, SIM_STOP_ENGINE, "%zu bytes of code, need 1 to %d", size,
                         MAX_CODE);
    }
    if (prepare(machine, LOW_CODE, &cpu, &error) != 0) {
        return stop_with(machine, SIM_STOP_ENGINE, "%s", error.text);
    }
    place_code(machine, code, size);
    start.rsp = LOW_STACK_END;
    start.rip = LOW_CODE;
    start.rflags = start_flags(&cpu);
    sim_engine_set_registers(machine->engine, &start);
    machine->running = true;
    result = run(machine, LOW_CODE + size);
    machine->running = false;
    if (result.stop == SIM_STOP_RETURNED) {
        sim_engine_get_registers(machine->engine, registers);
        registers->rip = LOW_CODE + size;
    }
    return result;
}
