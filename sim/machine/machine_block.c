/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the last basic block tells: it ends with the instruction that was executed
 * last. A near branch to an address that is not canonical faults itself, before
 * anything changes [SDM 2] CALL, JMP, RET; the engine faults at the target. And
 * an interrupt pushes RF as 1 between two rounds of a repeated string instruction,
 * and right after IRET loaded it [SDM 3B] 17.3.1.1.
 */
#include <string.h>

#include "sim/cpu/segment.h"
#include "sim/machine/machine_internal.h"

enum {
    MAX_BLOCK = 4096, /* bytes; the engine ends one at the end of a page */
    WORD = 8
};

#define RFLAGS_RF (UINT64_C(1) << 16)

/* The last instruction of a block that was entered in this run of the engine. */
struct last_instruction {
    uint64_t linear;
    uint8_t code[SIM_INSTRUCTION_MAX];
    size_t length;
};

/* Where in a block its last instruction begins. */
static size_t find_last(const uint8_t *code, size_t size, enum sim_width width)
{
    size_t last = 0;

    for (size_t at = 0; at < size;) {
        size_t length = sim_instruction_length(code + at, size - at, width);

        last = at;
        at += length == 0 ? size : length;
    }
    return last;
}

static bool read_last(struct sim_machine *machine, const struct sim_cpu *cpu,
                      struct sim_engine_block block, struct last_instruction *last)
{
    uint8_t code[MAX_BLOCK];
    struct sim_cpu there = *cpu;
    size_t size = block.size < sizeof code ? block.size : sizeof code;
    size_t at = 0;

    there.rip = block.address - (cpu->code == SIM_WIDTH_64 ? 0 : cpu->code_base);
    if (size == 0 || machine_read_code(machine, &there, code, size) != size) {
        return false;
    }
    at = find_last(code, size, cpu->code);
    last->linear = block.address + at;
    last->length = size - at < sizeof last->code ? size - at : sizeof last->code;
    memcpy(last->code, code + at, last->length);
    return true;
}

static struct sim_engine_block last_block(const struct sim_engine_event *event)
{
    return (struct sim_engine_block){event->block, event->block_size};
}

bool machine_find_branch(struct sim_machine *machine, uint64_t *linear)
{
    const struct sim_engine_event *event = &machine->event;
    struct sim_cpu cpu;
    struct last_instruction last;
    bool entered = false;

    machine_get_cpu(machine, &cpu);
    entered = sim_cpu_linear_rip(&cpu) - event->block <= event->block_size;
    if (event->block_size == 0 ||
        !read_last(machine, &cpu, entered ? event->branch : last_block(event), &last)) {
        return false;
    }
    *linear = last.linear;
    return true;
}

bool machine_undo_branch(struct sim_machine *machine, const struct sim_engine_event *event)
{
    struct sim_cpu cpu;
    struct sim_registers registers;
    struct last_instruction last;
    enum sim_instruction_branch branch = SIM_BRANCH_NONE;
    uint16_t release = 0;

    machine_get_cpu(machine, &cpu);
    if (cpu.code != SIM_WIDTH_64 || sim_cpu_is_canonical(&cpu, cpu.rip) ||
        !read_last(machine, &cpu, last_block(event), &last)) {
        return false;
    }
    branch = sim_instruction_branch(last.code, last.length, cpu.code, &release);
    if (branch == SIM_BRANCH_NONE) {
        return false;
    }
    sim_engine_get_registers(machine->engine, &registers);
    registers.rip = last.linear;
    if (branch == SIM_BRANCH_CALL) {
        registers.rsp += WORD;
    } else if (branch == SIM_BRANCH_RET) {
        registers.rsp -= WORD + (uint64_t)release;
    }
    sim_engine_set_registers(machine->engine, &registers);
    return true;
}

/* The engine sets RF when IRET loads it, and never clears it. */
void machine_settle_resume_flag(struct sim_machine *machine, const struct sim_engine_event *event)
{
    struct sim_cpu cpu;
    struct sim_registers registers;
    struct last_instruction last;
    enum sim_instruction_flow flow = SIM_FLOW_OTHER;

    machine_get_cpu(machine, &cpu);
    if (!read_last(machine, &cpu, last_block(event), &last)) {
        return;
    }
    flow = sim_instruction_flow(last.code, last.length, cpu.code);
    if (flow == SIM_FLOW_POPS_FLAGS || flow == SIM_FLOW_SYSRET) {
        return; /* the next instruction has not been executed yet */
    }
    sim_engine_get_registers(machine->engine, &registers);
    registers.rflags &= ~RFLAGS_RF;
    if (flow == SIM_FLOW_REPEATS && last.linear == sim_cpu_linear_rip(&cpu) && registers.rcx != 0) {
        registers.rflags |= RFLAGS_RF;
    }
    sim_engine_set_registers(machine->engine, &registers);
}
