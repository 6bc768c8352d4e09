/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An instruction is prefixes, an opcode of one of a few maps, ModRM with SIB
 * and displacement, and immediate operands [SDM 2] 2.1. All of them have to be
 * understood, if only to find where the next one begins; but only their form,
 * which one letter of instruction_opcodes.c gives.
 *
 * VEX and EVEX prefixes are opcodes of the one-byte map that stand for
 * something else when the next byte says so; in 64-bit code always.
 */
#include "sim/cpu/instruction_internal.h"

/* The bytes not yet read. */
struct reader {
    const uint8_t *next, *end;
};

static bool read_byte(struct reader *reader, uint8_t *byte)
{
    if (reader->next == reader->end) {
        return false;
    }
    *byte = *reader->next++;
    return true;
}

static bool skip(struct reader *reader, size_t count)
{
    if ((size_t)(reader->end - reader->next) < count) {
        return false;
    }
    reader->next += count;
    return true;
}

/* Little-endian, sign-extended. */
static bool read_displacement(struct reader *reader, unsigned int bytes, int32_t *value)
{
    uint32_t sum = 0;
    uint8_t byte = 0;

    for (unsigned int i = 0; i < bytes; i++) {
        if (!read_byte(reader, &byte)) {
            return false;
        }
        sum |= (uint32_t)byte << (8 * i);
    }
    *value = bytes == 1 ? (int8_t)sum : bytes == 2 ? (int16_t)sum : (int32_t)sum;
    return true;
}

/* Whether the byte is a prefix, which it then notes. */
static bool take_prefix(struct instruction *instruction, uint8_t byte)
{
    switch (byte) {
    case 0xF0:
        instruction->lock = true;
        return true;
    case 0xF2:
    case 0xF3:
        instruction->repeat = byte;
        return true;
    case 0x66:
        instruction->operand_size = true;
        return true;
    case 0x67:
        instruction->address_size = true;
        return true;
    case 0x26:
    case 0x2E:
    case 0x36:
    case 0x3E:
    case 0x64:
    case 0x65:
        instruction->segment = byte;
        return true;
    default:
        return false;
    }
}

/* A REX prefix counts only directly before the opcode. [SDM 2] 2.2.1. */
static bool read_prefixes(struct reader *reader, struct instruction *instruction)
{
    uint8_t byte = 0;

    while (read_byte(reader, &byte)) {
        if (take_prefix(instruction, byte)) {
            instruction->rex = 0;
        } else if (instruction->code == SIM_WIDTH_64 && (byte & 0xF0u) == 0x40) {
            instruction->rex = byte;
        } else {
            instruction->opcode = byte;
            return true;
        }
    }
    return false;
}

/* Bytes of payload after 62, C4, C5 if that is a prefix and not BOUND, LES, LDS; else 0. */
static size_t vector_payload(const struct reader *reader, const struct instruction *instruction)
{
    if (instruction->opcode != 0x62 && instruction->opcode != 0xC4 && instruction->opcode != 0xC5) {
        return 0;
    }
    if (instruction->code != SIM_WIDTH_64 &&
        (reader->next == reader->end || *reader->next < 0xC0)) {
        return 0;
    }
    return instruction->opcode == 0x62 ? 3 : instruction->opcode == 0xC4 ? 2 : 1;
}

/* The map is named by the low bits of the first payload byte; C5 implies 0F. [SDM 2] 2.3.6.1. */
static bool read_vector_opcode(struct reader *reader, struct instruction *instruction,
                               size_t payload)
{
    static const enum instruction_map maps[4] = {MAP_VECTOR, MAP_0F, MAP_0F38, MAP_0F3A};
    uint8_t first = 0;
    uint8_t map = 1;

    if (!read_byte(reader, &first) || !skip(reader, payload - 1)) {
        return false;
    }
    if (payload > 1) {
        map = first & (payload == 3 ? 7u : 0x1Fu);
    }
    instruction->map = map < 4 ? maps[map] : MAP_VECTOR;
    return read_byte(reader, &instruction->opcode);
}

static bool read_opcode(struct reader *reader, struct instruction *instruction, bool *is_vector)
{
    size_t payload = vector_payload(reader, instruction);

    if (payload != 0) {
        *is_vector = true;
        return read_vector_opcode(reader, instruction, payload);
    }
    if (instruction->opcode != 0x0F) {
        return true;
    }
    instruction->map = MAP_0F;
    if (!read_byte(reader, &instruction->opcode)) {
        return false;
    }
    if (instruction->opcode != 0x38 && instruction->opcode != 0x3A) {
        return true;
    }
    instruction->map = instruction->opcode == 0x38 ? MAP_0F38 : MAP_0F3A;
    return read_byte(reader, &instruction->opcode);
}

enum sim_width instruction_address_width(const struct instruction *instruction)
{
    if (!instruction->address_size) {
        return instruction->code;
    }
    return instruction->code == SIM_WIDTH_32 ? SIM_WIDTH_16 : SIM_WIDTH_32;
}

/* [SDM 2] table 2-1: 16-bit addressing forms. */
static bool read_memory_16(struct reader *reader, struct instruction *instruction)
{
    unsigned int mod = instruction_mod(instruction);

    if (mod == 0) {
        mod = (instruction->modrm & 7u) == 6 ? 2 : 0;
    }
    return read_displacement(reader, mod, &instruction->displacement);
}

/* [SDM 2] tables 2-2 and 2-3: 32-bit addressing forms, with SIB. */
static bool read_memory_32(struct reader *reader, struct instruction *instruction)
{
    static const unsigned int bytes[3] = {0, 1, 4};
    unsigned int mod = instruction_mod(instruction);
    uint8_t base = instruction->modrm & 7u;

    if (base == 4) {
        if (!read_byte(reader, &instruction->sib)) {
            return false;
        }
        base = instruction->sib & 7u;
    }
    return read_displacement(reader, mod == 0 && base == 5 ? 4 : bytes[mod],
                             &instruction->displacement);
}

static bool read_modrm(struct reader *reader, struct instruction *instruction, char form)
{
    instruction->has_modrm = true;
    if (!read_byte(reader, &instruction->modrm)) {
        return false;
    }
    if (form == 'R' || instruction_mod(instruction) == 3) {
        return true;
    }
    return instruction_address_width(instruction) == SIM_WIDTH_16
               ? read_memory_16(reader, instruction)
               : read_memory_32(reader, instruction);
}

/* Bytes of a "16 or 32 bits" operand. [SDM 2] 2.2.1.5. */
static size_t operand_bytes(const struct instruction *instruction)
{
    bool is_16 = (instruction->code == SIM_WIDTH_16) != instruction->operand_size;

    return is_16 && !instruction_is_wide(instruction) ? 2 : 4;
}

static size_t offset_bytes(const struct instruction *instruction)
{
    switch (instruction_address_width(instruction)) {
    case SIM_WIDTH_64:
        return 8;
    case SIM_WIDTH_32:
        return 4;
    default:
        return 2;
    }
}

static size_t immediate_bytes(const struct instruction *instruction, char form)
{
    bool is_test = (instruction->modrm & 0x30u) == 0;

    switch (form) {
    case 'b':
    case 'B':
        return 1;
    case 'w':
        return 2;
    case 'e':
        return 3;
    case 'z':
    case 'Z':
        return operand_bytes(instruction);
    case 'v':
        return instruction_is_wide(instruction) ? 8 : operand_bytes(instruction);
    case 'j':
        return instruction->code == SIM_WIDTH_64 ? 4 : operand_bytes(instruction);
    case 'p':
        return operand_bytes(instruction) + 2;
    case 'o':
        return offset_bytes(instruction);
    case '3':
        return is_test ? 1 : 0;
    case '4':
        return is_test ? operand_bytes(instruction) : 0;
    default:
        return 0;
    }
}

static bool form_has_modrm(char form)
{
    return form == 'M' || form == 'B' || form == 'Z' || form == 'R' || form == '3' || form == '4';
}

bool instruction_decode(const uint8_t *bytes, size_t size, enum sim_width code,
                        struct instruction *instruction)
{
    struct reader reader = {bytes,
                            bytes + (size < SIM_INSTRUCTION_MAX ? size : SIM_INSTRUCTION_MAX)};
    bool is_vector = false;
    char form = 0;

    *instruction = (struct instruction){.code = code};
    if (!read_prefixes(&reader, instruction) || !read_opcode(&reader, instruction, &is_vector)) {
        return false;
    }
    form = instruction_form(instruction->map, instruction->opcode);
    if (form_has_modrm(form) && !read_modrm(&reader, instruction, form)) {
        return false;
    }
    if (!skip(&reader, immediate_bytes(instruction, form))) {
        return false;
    }
    if (is_vector) {
        instruction->map = MAP_VECTOR;
    }
    instruction->length = (size_t)(reader.next - bytes);
    return true;
}
