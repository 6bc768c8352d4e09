/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions for which the processor itself reads a segment descriptor:
 * loads of segment registers, far transfers, and the tests of selectors.
 * [SDM 3A] 4.6.1 calls these accesses implicit supervisor-mode accesses.
 */
#include "sim/cpu/instruction_internal.h"

static bool reads_in_one_byte_map(const struct instruction *instruction)
{
    unsigned int reg = (instruction->modrm >> 3) & 7u;

    switch (instruction->opcode) {
    case 0x07: /* POP ES */
    case 0x17: /* POP SS */
    case 0x1F: /* POP DS */
    case 0x8E: /* MOV to a segment register */
    case 0x9A: /* CALL far */
    case 0xC4: /* LES */
    case 0xC5: /* LDS */
    case 0xCA: /* RET far */
    case 0xCB:
    case 0xCF: /* IRET */
    case 0xEA: /* JMP far */
        return true;
    case 0xFF: /* CALL and JMP far through memory */
        return reg == 3 || reg == 5;
    default:
        return false;
    }
}

static bool reads_in_0f_map(const struct instruction *instruction)
{
    unsigned int reg = (instruction->modrm >> 3) & 7u;

    switch (instruction->opcode) {
    case 0x00: /* VERR, VERW */
        return reg == 4 || reg == 5;
    case 0x02: /* LAR */
    case 0x03: /* LSL */
    case 0xA1: /* POP FS */
    case 0xA9: /* POP GS */
    case 0xB2: /* LSS */
    case 0xB4: /* LFS */
    case 0xB5: /* LGS */
        return true;
    default:
        return false;
    }
}

bool sim_instruction_reads_descriptor(const uint8_t *bytes, size_t size, enum sim_width code)
{
    struct instruction instruction;

    if (!instruction_decode(bytes, size, code, &instruction)) {
        return false;
    }
    return (instruction.map == MAP_ONE_BYTE && reads_in_one_byte_map(&instruction)) ||
           (instruction.map == MAP_0F && reads_in_0f_map(&instruction));
}
