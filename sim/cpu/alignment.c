/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which instructions want an aligned operand depends on opcode and mandatory
 * prefix. Each digit below is the sum of the prefixes with which an opcode does:
 * 1 none, 2 66, 4 F3, 8 F2; one line for each upper digit of the opcode. MOVUPS,
 * MOVDQU, LDDQU, the scalar instructions, those that use 8 bytes or less and the
 * string comparisons of SSE4.2 do not. [SDM 2] tables 2-17 to 2-24.
 */
#include "sim/cpu/alignment.h"

#include "sim/cpu/low_bits.h"

enum {
    RSP = 4,
    RBP = 5
};

static const char map_0f[] = "0000000000000000"
                             "0040334000000000"
                             "0000000033032200"
                             "0000000000000000"
                             "0000000000000000"
                             "0311333333273333"
                             "2222222222222202"
                             "E00022200000AA02"
                             "0000000000000000"
                             "0000000000000000"
                             "0000000000000000"
                             "0000000000000000"
                             "0030003000000000"
                             "A222220022222222"
                             "222222A222222222"
                             "0222222022222220";

static const char map_0f38[] = "2222222222220000"
                               "2000220200002220"
                               "0000000022220000"
                               "0000000222222222"
                               "2200000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000011111102"
                               "0000000000022222"
                               "0000000000000000"
                               "0000000000000000";

static const char map_0f3a[] = "0000000022002222"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "2220200000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000000000"
                               "0000000000001022"
                               "0000000000000002"
                               "0000000000000000"
                               "0000000000000000";

_Static_assert(sizeof map_0f == 257 && sizeof map_0f38 == 257 && sizeof map_0f3a == 257,
               "a digit for each opcode");

static unsigned int digit(char text)
{
    return (unsigned int)(text <= '9' ? text - '0' : text - 'A' + 10);
}

/* F2 and F3 come before 66. [SDM 2] 2.1.2 */
static unsigned int mandatory_prefix(const struct instruction *instruction)
{
    if (instruction->repeat != 0) {
        return instruction->repeat == 0xF2 ? 8 : 4;
    }
    return instruction->operand_size ? 2 : 1;
}

static bool wants_alignment(const struct instruction *instruction)
{
    const char *map = NULL;

    switch (instruction->map) {
    case MAP_0F:
        map = map_0f;
        break;
    case MAP_0F38:
        map = map_0f38;
        break;
    case MAP_0F3A:
        map = map_0f3a;
        break;
    default:
        return false;
    }
    return instruction->has_modrm && instruction_mod(instruction) != 3 &&
           (digit(map[instruction->opcode]) & mandatory_prefix(instruction)) != 0;
}

/* SS if RSP or RBP is the base; only FS and GS count in 64-bit code. [SDM 1] 3.7.4 */
static enum sim_segment_register segment_of(const struct instruction *instruction,
                                            unsigned int base)
{
    bool is_64_bit = instruction->code == SIM_WIDTH_64;

    switch (instruction->segment) {
    case 0x64:
        return SIM_SEGMENT_FS;
    case 0x65:
        return SIM_SEGMENT_GS;
    case 0x26:
        return is_64_bit ? SIM_SEGMENT_DS : SIM_SEGMENT_ES;
    case 0x2E:
        return is_64_bit ? SIM_SEGMENT_DS : SIM_SEGMENT_CS;
    case 0x36:
        return SIM_SEGMENT_SS;
    case 0x3E:
        return SIM_SEGMENT_DS;
    default:
        return base == RSP || base == RBP ? SIM_SEGMENT_SS : SIM_SEGMENT_DS;
    }
}

/* [SDM 2] 2.1.5, tables 2-2 and 2-3; 2.2.1.6 for RIP. */
static void take_address(const struct instruction *instruction, uint64_t rip,
                         struct sim_aligned_operand *operand)
{
    unsigned int mod = instruction_mod(instruction);
    unsigned int base = instruction_rm(instruction);
    unsigned int index = SIM_NO_REGISTER;

    operand->displacement = (uint64_t)(int64_t)instruction->displacement;
    if ((base & 7u) == RSP) {
        base = (instruction->sib & 7u) | (instruction->rex & 1u) << 3;
        index = ((instruction->sib >> 3) & 7u) | (instruction->rex & 2u) << 2;
        index = index == RSP ? SIM_NO_REGISTER : index;
        base = (base & 7u) == RBP && mod == 0 ? SIM_NO_REGISTER : base;
    } else if ((base & 7u) == RBP && mod == 0) {
        base = SIM_NO_REGISTER;
        if (instruction->code == SIM_WIDTH_64) {
            operand->displacement += rip + instruction->length;
        }
    }
    operand->base = (uint8_t)base;
    operand->index = (uint8_t)index;
    operand->shift = instruction->sib >> 6;
    operand->segment = segment_of(instruction, base);
}

static bool take_operand(const struct instruction *instruction, uint64_t rip,
                         struct sim_aligned_operand *operand)
{
    enum sim_width width = instruction_address_width(instruction);

    if (width == SIM_WIDTH_16 || !wants_alignment(instruction)) {
        return false;
    }
    operand->address = width;
    take_address(instruction, rip, operand);
    return true;
}

bool sim_instruction_aligned_operand(const uint8_t *bytes, size_t size, enum sim_width code,
                                     uint64_t rip, struct sim_aligned_operand *operand)
{
    struct instruction instruction;

    return instruction_decode(bytes, size, code, &instruction) &&
           take_operand(&instruction, rip, operand);
}

uint64_t sim_aligned_operand_offset(const struct sim_aligned_operand *operand,
                                    const struct sim_registers *registers)
{
    uint64_t sum = operand->displacement;

    if (operand->base != SIM_NO_REGISTER) {
        sum += instruction_register(registers, operand->base);
    }
    if (operand->index != SIM_NO_REGISTER) {
        sum += instruction_register(registers, operand->index) << operand->shift;
    }
    return operand->address == SIM_WIDTH_64 ? sum : sum & UINT32_MAX;
}

static bool is_candidate(uint8_t opcode)
{
    return map_0f[opcode] != '0' || opcode == 0x38 || opcode == 0x3A;
}

bool sim_alignment_suspect(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        if (bytes[i] == 0x0F && is_candidate(bytes[i + 1])) {
            return true;
        }
    }
    return false;
}

/* Rewrites one register of an operand as what it was on entry. Whether that is known. */
static bool foresee(const struct low_bits_state *state, uint8_t *number, unsigned int shift,
                    uint64_t *displacement)
{
    const struct low_bits *bits = NULL;

    if (*number == SIM_NO_REGISTER) {
        return true;
    }
    bits = &state->registers[*number];
    *displacement += (uint64_t)bits->offset << shift;
    *number = bits->entry;
    return bits->known;
}

static struct sim_aligned_access describe(const struct low_bits_state *state,
                                          const struct sim_aligned_operand *operand)
{
    struct sim_aligned_access access = {.operand = *operand, .entry = *operand};
    struct sim_aligned_operand *entry = &access.entry;

    access.is_foreseen = foresee(state, &entry->base, 0, &entry->displacement) &&
                         foresee(state, &entry->index, entry->shift, &entry->displacement);
    return access;
}

void sim_alignment_scan(const struct sim_basic_block *block,
                        void (*found)(void *context, const struct sim_aligned_access *access),
                        void *context)
{
    struct instruction instruction;
    struct sim_aligned_operand operand;
    struct low_bits_state state;

    low_bits_enter(&state);
    for (size_t at = 0; at < block->size; at += instruction.length) {
        const uint8_t *bytes = block->bytes + at;

        if (!instruction_decode(bytes, block->readable - at, block->code, &instruction)) {
            return;
        }
        if (take_operand(&instruction, block->rip + at, &operand)) {
            struct sim_aligned_access access = describe(&state, &operand);

            access.at = at;
            access.length = instruction.length;
            found(context, &access);
        }
        low_bits_execute(&state, &instruction, bytes);
    }
}
