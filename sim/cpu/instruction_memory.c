/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What decides about the exception of an access to memory, and the engine does
 * not tell: whether the instruction writes its operand back after reading it,
 * so that it needs the right to write at once, and whether it addresses the
 * stack segment. [SDM 2] appendix A; [SDM 1] 3.7.4.
 */
#include "sim/cpu/instruction_internal.h"

/* The rows 00 to 30 of the one-byte map but CMP, and XCHG; groups 1, 2, 3, 4 and 5. */
static bool modifies_one_byte(uint8_t opcode, unsigned int extension)
{
    switch (opcode) {
    case 0x80:
    case 0x81:
    case 0x82:
    case 0x83:
        return extension != 7; /* CMP */
    case 0x86:
    case 0x87:
    case 0xC0:
    case 0xC1:
    case 0xD0:
    case 0xD1:
    case 0xD2:
    case 0xD3:
        return true;
    case 0xF6:
    case 0xF7:
        return extension == 2 || extension == 3; /* NOT, NEG */
    case 0xFE:
    case 0xFF:
        return extension <= 1; /* INC, DEC */
    default:
        return opcode < 0x38 && (opcode & 6u) == 0;
    }
}

static bool modifies_two_byte(uint8_t opcode, unsigned int extension)
{
    switch (opcode) {
    case 0xA4: /* SHLD */
    case 0xA5:
    case 0xAB: /* BTS */
    case 0xAC: /* SHRD */
    case 0xAD:
    case 0xB0: /* CMPXCHG */
    case 0xB1:
    case 0xB3: /* BTR */
    case 0xBB: /* BTC */
    case 0xC0: /* XADD */
    case 0xC1:
        return true;
    case 0xBA:
        return extension >= 5; /* BTS, BTR, BTC */
    case 0xC7:
        return extension == 1; /* CMPXCHG8B, CMPXCHG16B */
    default:
        return false;
    }
}

static bool modifies_memory(const struct instruction *instruction)
{
    unsigned int extension = instruction_reg(instruction) & 7u;

    if (!instruction->has_modrm || instruction_mod(instruction) == 3) {
        return false;
    }
    if (instruction->map == MAP_ONE_BYTE) {
        return modifies_one_byte(instruction->opcode, extension);
    }
    return instruction->map == MAP_0F && modifies_two_byte(instruction->opcode, extension);
}

bool sim_instruction_modifies(const uint8_t *bytes, size_t size, enum sim_width code)
{
    struct instruction instruction;

    return instruction_decode(bytes, size, code, &instruction) && modifies_memory(&instruction);
}

/* Of those that write an operand back, rotations and shifts cannot be locked. [SDM 2] LOCK */
bool instruction_is_lockable(const struct instruction *instruction)
{
    unsigned int opcode = instruction->opcode;

    if (!modifies_memory(instruction)) {
        return false;
    }
    if (instruction->map == MAP_0F) {
        return opcode != 0xA4 && opcode != 0xA5 && opcode != 0xAC && opcode != 0xAD;
    }
    return opcode < 0xC0 || opcode > 0xD3;
}

bool sim_instruction_uses_stack_segment(const uint8_t *bytes, size_t size, enum sim_width code)
{
    struct instruction instruction;
    unsigned int rm = 0;

    if (!instruction_decode(bytes, size, code, &instruction) || !instruction.has_modrm ||
        instruction_mod(&instruction) == 3 || instruction.segment == 0x64 ||
        instruction.segment == 0x65) {
        return false;
    }
    rm = instruction_rm(&instruction); /* with REX.B: R12 and R13 are others */
    if (rm == 4) {
        rm = instruction.sib & 7u;
    }
    return rm == 4 || (rm == 5 && instruction_mod(&instruction) != 0);
}
