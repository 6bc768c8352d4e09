/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is special about an instruction that is executed in a step of its own. */
#include "sim/cpu/instruction_internal.h"

/* INS and OUTS; MOVS and CMPS; STOS, LODS and SCAS. [SDM 2] REP */
static bool is_string(uint8_t opcode)
{
    return (opcode >= 0x6C && opcode <= 0x6F) || (opcode >= 0xA4 && opcode <= 0xA7) ||
           (opcode >= 0xAA && opcode <= 0xAF);
}

enum sim_instruction_flow sim_instruction_flow(const uint8_t *bytes, size_t size,
                                               enum sim_width code)
{
    struct instruction instruction;

    if (!instruction_decode(bytes, size, code, &instruction)) {
        return SIM_FLOW_OTHER;
    }
    if (instruction_classify(&instruction) == SIM_KIND_SYSRET) {
        return SIM_FLOW_SYSRET;
    }
    if (instruction.map != MAP_ONE_BYTE) {
        return SIM_FLOW_OTHER;
    }
    switch (instruction.opcode) {
    case 0x9C:
        return SIM_FLOW_PUSHES_FLAGS;
    case 0x9D: /* POPF */
    case 0xCF: /* IRET */
        return SIM_FLOW_POPS_FLAGS;
    default:
        return instruction.repeat != 0 && is_string(instruction.opcode) ? SIM_FLOW_REPEATS
                                                                        : SIM_FLOW_OTHER;
    }
}
