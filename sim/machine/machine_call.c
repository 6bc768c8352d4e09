/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calling a function of the guest, and executing bytes of code. A called function
 * returns to a HLT in low memory; executed code is followed by one. Halting
 * exactly there is the normal end.
 */
#include "sim/machine/machine_internal.h"

#include <string.h>

#include "sim/machine/machine_report.h"
#include "sim/mmu/mmu_walk.h"

enum {
    MAX_ARGUMENTS = 6,
    MAX_CODE = 64
};

#define RFLAGS_ALWAYS_ONE UINT64_C(0x2)
#define RFLAGS_IF         UINT64_C(0x200)
#define RFLAGS_SYSTEM     UINT64_C(0x247200) /* IF, IOPL, NT, AC, ID */

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
        cpu->code = cpu->stack = SIM_WIDTH_64;
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
        return machine_stop(machine, SIM_STOP_ENGINE, "no function %s in the image", symbol);
    }
    if (count > MAX_ARGUMENTS) {
        return machine_stop(machine, SIM_STOP_ENGINE, "%zu arguments, at most %d", count,
                            MAX_ARGUMENTS);
    }
    if (prepare(machine, LOW_RETURN, &cpu, &error) != 0) {
        return machine_stop(machine, SIM_STOP_ENGINE, "%s", error.text);
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
    sim_memory_mark_dirty(&machine->memory, registers.rsp);
    sim_engine_set_registers(machine->engine, &registers);
    result = machine_run(machine, LOW_RETURN);
    (void)sim_machine_audit_tlb(machine);
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
    sim_memory_mark_dirty(&machine->memory, LOW_CODE);
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
        return machine_stop(machine, SIM_STOP_ENGINE, "%zu bytes of code, need 1 to %d", size,
                            MAX_CODE);
    }
    if (prepare(machine, LOW_CODE, &cpu, &error) != 0) {
        return machine_stop(machine, SIM_STOP_ENGINE, "%s", error.text);
    }
    place_code(machine, code, size);
    start.rsp = LOW_STACK_END;
    start.rip = LOW_CODE;
    start.rflags = (cpu.rflags & RFLAGS_SYSTEM) | RFLAGS_ALWAYS_ONE;
    sim_engine_set_registers(machine->engine, &start);
    result = machine_run(machine, LOW_CODE + size);
    if (result.stop == SIM_STOP_RETURNED) {
        sim_engine_get_registers(machine->engine, registers);
        registers->rip = LOW_CODE + size;
    }
    return result;
}
