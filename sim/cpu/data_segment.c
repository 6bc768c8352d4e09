/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An operand that ModRM names is in DS, or in SS if ESP or EBP is its base, unless
 * a prefix says otherwise. The stack is always in SS and the destination of a
 * string instruction in ES. [SDM 1] 3.7.4; [SDM 2] 2.1.1.
 */
#include "sim/cpu/data_segment.h"

#include "sim/cpu/instruction_internal.h"

/* The registers of tables 2-1 and 2-2. [SDM 2] 2.1.5 */
static bool is_based_on_stack(const struct instruction *instruction)
{
    unsigned int mod = instruction_mod(instruction);
    unsigned int base = instruction->modrm & 7u;

    if (!instruction->has_modrm || mod == 3) {
        return false;
    }
    if (instruction_address_width(instruction) == SIM_WIDTH_16) {
        return base == 2 || base == 3 || (base == 6 && mod != 0);
    }
    if (base == 4) {
        base = instruction->sib & 7u;
    }
    return base == 4 || (base == 5 && mod != 0);
}

static enum sim_segment_register operand_segment(const struct instruction *instruction)
{
    switch (instruction->segment) {
    case 0x26:
        return SIM_SEGMENT_ES;
    case 0x2E:
        return SIM_SEGMENT_CS;
    case 0x36:
        return SIM_SEGMENT_SS;
    case 0x3E:
        return SIM_SEGMENT_DS;
    case 0x64:
        return SIM_SEGMENT_FS;
    case 0x65:
        return SIM_SEGMENT_GS;
    default:
        return is_based_on_stack(instruction) ? SIM_SEGMENT_SS : SIM_SEGMENT_DS;
    }
}

static bool is_in_group_5(const struct instruction *instruction, unsigned int extension)
{
    return instruction->opcode == 0xFF && (instruction->modrm >> 3 & 7u) == extension;
}

/* PUSH, CALL and POP with an operand in memory access that too, in the other direction. */
static bool accesses_stack(const struct instruction *instruction, enum sim_access_kind kind)
{
    uint8_t opcode = instruction->opcode;

    if (instruction->map == MAP_0F) {
        return opcode == 0xA0 || opcode == 0xA1 || opcode == 0xA8 || opcode == 0xA9;
    }
    if (instruction->map != MAP_ONE_BYTE) {
        return false;
    }
    if (opcode == 0x8F) {
        return kind == SIM_ACCESS_READ;
    }
    if (is_in_group_5(instruction, 2) || is_in_group_5(instruction, 3) ||
        is_in_group_5(instruction, 6)) {
        return kind == SIM_ACCESS_WRITE;
    }
    return (opcode < 0x20 && (opcode & 6u) == 6) || (opcode >= 0x50 && opcode <= 0x61) ||
           opcode == 0x68 || opcode == 0x6A || opcode == 0x9A || opcode == 0x9C || opcode == 0x9D ||
           opcode == 0xC2 || opcode == 0xC3 || (opcode >= 0xC8 && opcode <= 0xCB) ||
           opcode == 0xCF || opcode == 0xE8;
}

/* MOVS, STOS, INS write there; SCAS and CMPS read there. */
static bool accesses_destination(const struct instruction *instruction, enum sim_access_kind kind,
                                 bool at_destination)
{
    if (instruction->map != MAP_ONE_BYTE) {
        return false;
    }
    switch (instruction->opcode) {
    case 0x6C:
    case 0x6D:
    case 0xA4:
    case 0xA5:
    case 0xAA:
    case 0xAB:
        return kind == SIM_ACCESS_WRITE;
    case 0xA6:
    case 0xA7:
        return at_destination;
    case 0xAE:
    case 0xAF:
        return true;
    default:
        return false;
    }
}

enum sim_segment_register sim_instruction_data_segment(const uint8_t *bytes, size_t size,
                                                       enum sim_width code,
                                                       enum sim_access_kind kind,
                                                       bool at_destination)
{
    struct instruction instruction;

    if (!instruction_decode(bytes, size, code, &instruction)) {
        return SIM_SEGMENT_DS;
    }
    if (accesses_stack(&instruction, kind)) {
        return SIM_SEGMENT_SS;
    }
    return accesses_destination(&instruction, kind, at_destination) ? SIM_SEGMENT_ES
                                                                    : operand_segment(&instruction);
}

/* MOV and POP of a segment register; LDS, LES, LSS, LFS, LGS. */
bool sim_instruction_loads_segment(const uint8_t *bytes, size_t size, enum sim_width code)
{
    struct instruction instruction;
    uint8_t opcode = 0;

    if (!instruction_decode(bytes, size, code, &instruction)) {
        return false;
    }
    opcode = instruction.opcode;
    if (instruction.map == MAP_ONE_BYTE) {
        return opcode == 0x07 || opcode == 0x17 || opcode == 0x1F || opcode == 0x8E ||
               opcode == 0xC4 || opcode == 0xC5;
    }
    return instruction.map == MAP_0F &&
           (opcode == 0xA1 || opcode == 0xA9 || opcode == 0xB2 || opcode == 0xB4 || opcode == 0xB5);
}

enum sim_selector_source sim_instruction_selector_source(const uint8_t *bytes, size_t size,
                                                         enum sim_width code, unsigned int *number)
{
    struct instruction instruction;

    if (!sim_instruction_loads_segment(bytes, size, code) ||
        !instruction_decode(bytes, size, code, &instruction)) {
        return SIM_SELECTOR_ELSEWHERE;
    }
    if (!instruction.has_modrm) {
        return SIM_SELECTOR_STACK;
    }
    if (instruction.opcode != 0x8E || instruction_mod(&instruction) != 3) {
        return SIM_SELECTOR_ELSEWHERE;
    }
    *number = instruction_rm(&instruction);
    return SIM_SELECTOR_REGISTER;
}

bool sim_segment_is_limited(const struct sim_segment *segment)
{
    return !sim_segment_is_writable_data(segment) ||
           (segment->attributes & SIM_SEGMENT_EXPAND_DOWN) != 0 || segment->limit != UINT32_MAX;
}

static bool is_within(const struct sim_segment *segment, const struct sim_data_access *access)
{
    uint64_t last = (uint64_t)access->offset + access->size - 1;

    if (!sim_segment_is_code(segment) && (segment->attributes & SIM_SEGMENT_EXPAND_DOWN) != 0) {
        return access->offset > segment->limit &&
               last <= ((segment->attributes & SIM_SEGMENT_BIG) != 0 ? UINT32_MAX : UINT16_MAX);
    }
    return last <= segment->limit;
}

const char *sim_segment_refuse(const struct sim_segment *segment,
                               const struct sim_data_access *access)
{
    const uint32_t readable = SIM_SEGMENT_WRITABLE; /* is the same bit of a code segment */
    bool is_allowed_by_bit = (segment->attributes & readable) != 0;

    if ((segment->attributes & SIM_SEGMENT_S) == 0) {
        return "is null";
    }
    if (access->kind == SIM_ACCESS_WRITE && sim_segment_is_code(segment)) {
        return "is code, which is not written to";
    }
    if (access->kind == SIM_ACCESS_WRITE && !is_allowed_by_bit) {
        return "is read-only";
    }
    if (access->kind == SIM_ACCESS_READ && sim_segment_is_code(segment) && !is_allowed_by_bit) {
        return "is execute-only";
    }
    return is_within(segment, access) ? NULL : "does not reach there";
}
