/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operands: general registers by the numbers instructions use, and memory by
 * ModRM and SIB [SDM 2] 2.1.5. The bases of segments are not known here. In
 * 64-bit code only FS and GS have one; elsewhere kernels use flat segments, but
 * 16-bit code does not.
 */
#include "sim/cpu/instruction_internal.h"

#include <string.h>

/* Numbers 0 to 15 in struct sim_registers. [SDM 2] table 3-1. */
static const size_t register_offsets[16] = {
    offsetof(struct sim_registers, rax), offsetof(struct sim_registers, rcx),
    offsetof(struct sim_registers, rdx), offsetof(struct sim_registers, rbx),
    offsetof(struct sim_registers, rsp), offsetof(struct sim_registers, rbp),
    offsetof(struct sim_registers, rsi), offsetof(struct sim_registers, rdi),
    offsetof(struct sim_registers, r8),  offsetof(struct sim_registers, r9),
    offsetof(struct sim_registers, r10), offsetof(struct sim_registers, r11),
    offsetof(struct sim_registers, r12), offsetof(struct sim_registers, r13),
    offsetof(struct sim_registers, r14), offsetof(struct sim_registers, r15),
};

enum {
    NUMBER_RSP = 4,
    NUMBER_RBP = 5
};

uint64_t instruction_register(const struct sim_registers *registers, unsigned int number)
{
    uint64_t value = 0;

    memcpy(&value, (const char *)registers + register_offsets[number & 15u], sizeof value);
    return value;
}

uint64_t step_register(const struct step *step, unsigned int number)
{
    return instruction_register(step->context->registers, number);
}

void step_set_register(struct step *step, unsigned int number, unsigned int bytes, uint64_t value)
{
    uint64_t whole = value;

    if (bytes == 2) {
        whole = (step_register(step, number) & ~UINT64_C(0xFFFF)) | (value & 0xFFFF);
    } else if (bytes == 4) {
        whole = value & UINT32_MAX;
    }
    memcpy((char *)step->context->registers + register_offsets[number & 15u], &whole, sizeof whole);
    step->context->cpu->rsp = step->context->registers->rsp;
}

uint64_t step_edx_eax(const struct step *step)
{
    const struct sim_registers *registers = step->context->registers;

    return registers->rdx << 32 | (registers->rax & UINT32_MAX);
}

void step_set_edx_eax(struct step *step, uint64_t value)
{
    step->context->registers->rax = value & UINT32_MAX;
    step->context->registers->rdx = value >> 32;
}

/* SIB: base + index * scale; no index if it names RSP, no base for RBP with mod = 0. */
static uint64_t sib_address(const struct step *step)
{
    const struct instruction *instruction = &step->instruction;
    unsigned int rex = instruction->rex;
    unsigned int base = (instruction->sib & 7u) | (rex & 1u) << 3;
    unsigned int index = ((instruction->sib >> 3) & 7u) | (rex & 2u) << 2;
    uint64_t sum = 0;

    if ((base & 7u) != NUMBER_RBP || instruction_mod(instruction) != 0) {
        sum = step_register(step, base);
    }
    if (index != NUMBER_RSP) {
        sum += step_register(step, index) << (instruction->sib >> 6);
    }
    return sum;
}

static uint64_t base_address(const struct step *step)
{
    const struct instruction *instruction = &step->instruction;
    unsigned int rm = instruction->modrm & 7u;

    if (rm == NUMBER_RSP) {
        return sib_address(step);
    }
    if (rm == NUMBER_RBP && instruction_mod(instruction) == 0) {
        return instruction->code == SIM_WIDTH_64 ? step->context->cpu->rip + instruction->length
                                                 : 0;
    }
    return step_register(step, instruction_rm(instruction));
}

bool step_address(const struct step *step, uint64_t *linear)
{
    const struct instruction *instruction = &step->instruction;
    enum sim_width width = instruction_address_width(instruction);
    bool may_have_base = instruction->code == SIM_WIDTH_64 ? instruction->segment >= 0x64
                                                           : instruction->segment != 0;
    uint64_t sum = 0;

    if (may_have_base || width == SIM_WIDTH_16 || instruction->code == SIM_WIDTH_16) {
        return false;
    }
    sum = base_address(step) + (uint64_t)(int64_t)instruction->displacement;
    *linear = width == SIM_WIDTH_64 ? sum : sum & UINT32_MAX;
    return true;
}

/* One page's part of step_read. Where there is no RAM a processor reads ones. */
static enum sim_transfer read_part(const struct step *step, struct sim_access access, void *buffer,
                                   size_t size, struct sim_transfer_failure *failure)
{
    const struct sim_memory *memory = step->context->mmu.memory;
    struct sim_walk walk = sim_mmu_walk(step->context->cpu, memory, access);

    if (walk.outcome != SIM_WALK_MAPPED) {
        *failure = (struct sim_transfer_failure){access, walk};
        return SIM_TRANSFER_FAULT;
    }
    memset(buffer, 0xFF, size);
    if (walk.physical < memory->size && memory->size - walk.physical >= size) {
        memcpy(buffer, memory->bytes + walk.physical, size);
    }
    return SIM_TRANSFER_DONE;
}

enum sim_transfer step_read(const struct step *step, uint64_t linear, void *buffer, size_t size,
                            struct sim_transfer_failure *failure)
{
    struct sim_access access = {linear, SIM_ACCESS_READ,
                                step_privilege(step->context->cpu) == 3 ? SIM_MODE_USER
                                                                        : SIM_MODE_SUPERVISOR};
    size_t first = 0x1000 - (linear & 0xFFF);
    enum sim_transfer result = SIM_TRANSFER_DONE;

    if (first >= size) {
        return read_part(step, access, buffer, size, failure);
    }
    result = read_part(step, access, buffer, first, failure);
    if (result != SIM_TRANSFER_DONE) {
        return result;
    }
    access.linear += first;
    return read_part(step, access, (char *)buffer + first, size - first, failure);
}

bool step_read_rm16(const struct step *step, uint16_t *value)
{
    struct sim_transfer_failure failure;
    uint64_t linear = 0;

    if (instruction_mod(&step->instruction) == 3) {
        *value = (uint16_t)step_register(step, instruction_rm(&step->instruction));
        return true;
    }
    return step_address(step, &linear) &&
           step_read(step, linear, value, sizeof *value, &failure) == SIM_TRANSFER_DONE;
}
