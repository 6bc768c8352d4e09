/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Near branches, which an engine executes before it finds out that their target does not exist. */
#include <string.h>

#include "sim/cpu/instruction_internal.h"

static enum sim_instruction_branch one_byte_branch(const struct instruction *instruction)
{
    unsigned int extension = instruction_reg(instruction) & 7u;

    switch (instruction->opcode) {
    case 0xC2:
    case 0xC3:
        return SIM_BRANCH_RET;
    case 0xE8:
        return SIM_BRANCH_CALL;
    case 0xE3: /* JRCXZ */
    case 0xE9:
    case 0xEB:
        return SIM_BRANCH_JMP;
    case 0xFF:
        if (extension == 2) {
            return SIM_BRANCH_CALL;
        }
        return extension == 4 ? SIM_BRANCH_JMP : SIM_BRANCH_NONE;
    default:
        return (instruction->opcode & 0xF0) == 0x70 ? SIM_BRANCH_JMP : SIM_BRANCH_NONE;
    }
}

enum sim_instruction_branch sim_instruction_branch(const uint8_t *bytes, size_t size,
                                                   enum sim_width code, uint16_t *release)
{
    struct instruction instruction;

    *release = 0;
    if (!instruction_decode(bytes, size, code, &instruction)) {
        return SIM_BRANCH_NONE;
    }
    if (instruction.map == MAP_0F) {
        return (instruction.opcode & 0xF0) == 0x80 ? SIM_BRANCH_JMP : SIM_BRANCH_NONE;
    }
    if (instruction.map != MAP_ONE_BYTE) {
        return SIM_BRANCH_NONE;
    }
    if (instruction.opcode == 0xC2) {
        memcpy(release, bytes + instruction.length - 2, sizeof *release);
    }
    return one_byte_branch(&instruction);
}
