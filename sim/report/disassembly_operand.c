/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The effective address of a memory operand: base + index * scale + displacement. [SDM 1] 3.7.5. */
#include <capstone/capstone.h>

#include "sim/report/disassembly.h"
#include "sim/report/disassembly_internal.h"

/* A register by its names in the three widths; others are no part of addresses. */
static uint64_t value_of(const struct sim_registers *registers, x86_reg name)
{
    const struct {
        x86_reg wide, half;
        uint64_t value;
    } known[] = {
        {X86_REG_RAX, X86_REG_EAX, registers->rax},  {X86_REG_RBX, X86_REG_EBX, registers->rbx},
        {X86_REG_RCX, X86_REG_ECX, registers->rcx},  {X86_REG_RDX, X86_REG_EDX, registers->rdx},
        {X86_REG_RSI, X86_REG_ESI, registers->rsi},  {X86_REG_RDI, X86_REG_EDI, registers->rdi},
        {X86_REG_RBP, X86_REG_EBP, registers->rbp},  {X86_REG_RSP, X86_REG_ESP, registers->rsp},
        {X86_REG_R8, X86_REG_R8D, registers->r8},    {X86_REG_R9, X86_REG_R9D, registers->r9},
        {X86_REG_R10, X86_REG_R10D, registers->r10}, {X86_REG_R11, X86_REG_R11D, registers->r11},
        {X86_REG_R12, X86_REG_R12D, registers->r12}, {X86_REG_R13, X86_REG_R13D, registers->r13},
        {X86_REG_R14, X86_REG_R14D, registers->r14}, {X86_REG_R15, X86_REG_R15D, registers->r15},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].wide == name) {
            return known[i].value;
        }
        if (known[i].half == name) {
            return known[i].value & UINT32_MAX;
        }
    }
    return 0;
}

static uint64_t address_of(const cs_insn *instruction, const x86_op_mem *memory,
                           const struct sim_registers *registers)
{
    uint64_t base = memory->base == X86_REG_RIP ? instruction->address + instruction->size
                                                : value_of(registers, memory->base);
    uint64_t address = base + value_of(registers, memory->index) * (uint64_t)memory->scale +
                       (uint64_t)memory->disp;

    return instruction->detail->x86.addr_size == 8 ? address : address & UINT32_MAX;
}

static bool is_xmm(const cs_x86_op *operand)
{
    return operand->type == X86_OP_REG && operand->reg >= X86_REG_XMM0 &&
           operand->reg <= X86_REG_XMM31;
}

/* LEA and multi-byte NOP have a memory operand and do not touch memory. */
static bool touches_memory(const cs_insn *instruction)
{
    return instruction->id != X86_INS_LEA && instruction->id != X86_INS_NOP &&
           instruction->id != X86_INS_INVLPG;
}

/* Returns whether one of the operands is in memory, outside FS and GS. */
static bool find_operand(const cs_insn *instruction, const struct sim_registers *registers,
                         struct sim_operand *operand)
{
    const cs_x86 *detail = &instruction->detail->x86;
    bool found = false;

    for (unsigned int i = 0; i < detail->op_count; i++) {
        const cs_x86_op *candidate = &detail->operands[i];

        operand->vector = operand->vector || is_xmm(candidate);
        if (candidate->type == X86_OP_MEM && candidate->mem.segment != X86_REG_FS &&
            candidate->mem.segment != X86_REG_GS) {
            operand->address = address_of(instruction, &candidate->mem, registers);
            operand->size = candidate->size;
            found = true;
        }
    }
    return found;
}

bool sim_disassembly_operand(const struct sim_code *code, const struct sim_registers *registers,
                             struct sim_operand *operand)
{
    struct disassembly_reader reader;
    bool found = false;

    if (code->width == SIM_WIDTH_16 || !disassembly_open(&reader, code)) {
        return false;
    }
    *operand = (struct sim_operand){.address = 0};
    if (cs_disasm_iter(reader.capstone, &reader.bytes, &reader.left, &reader.address,
                       reader.instruction) &&
        touches_memory(reader.instruction)) {
        found = find_operand(reader.instruction, registers, operand);
    }
    disassembly_close(&reader);
    return found;
}
