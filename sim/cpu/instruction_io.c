/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions that access I/O ports. [SDM 2] IN, OUT, INS, OUTS */
#include "sim/cpu/instruction_internal.h"

enum {
    OPCODE_INSB = 0x6C,         /* to 0x6F */
    OPCODE_IN_IMMEDIATE = 0xE4, /* to 0xE7 */
    OPCODE_IN_DX = 0xEC         /* to 0xEF */
};

bool sim_instruction_io(const uint8_t *bytes, size_t size, enum sim_width code,
                        struct sim_instruction_io *io)
{
    struct instruction instruction;
    unsigned int group = 0;
    bool is_word = false;

    if (!instruction_decode(bytes, size, code, &instruction) || instruction.map != MAP_ONE_BYTE) {
        return false;
    }
    group = instruction.opcode & 0xFCu;
    if (group != OPCODE_INSB && group != OPCODE_IN_IMMEDIATE && group != OPCODE_IN_DX) {
        return false;
    }
    is_word = (code == SIM_WIDTH_16) != instruction.operand_size;
    io->width = is_word ? 2 : 4;
    if ((instruction.opcode & 1u) == 0) {
        io->width = 1;
    }
    io->is_immediate = group == OPCODE_IN_IMMEDIATE;
    io->port = io->is_immediate ? bytes[instruction.length - 1] : 0;
    return true;
}
