/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compilers move a stack pointer by constants and copy it; so the instructions
 * that add a constant, copy a register or clear its low bits are followed
 * exactly, and those that only load one register or none are told apart from
 * all others, after which nothing is known. [SDM 2] appendix A.
 */
#include "sim/cpu/low_bits.h"

#include "sim/cpu/alignment.h"

enum {
    LOW = 15,
    RSP = 4,
    ALL = -1, /* any register may have changed */
    NONE = -2 /* none has */
};

void low_bits_enter(struct low_bits_state *state)
{
    for (unsigned int i = 0; i < 16; i++) {
        state->registers[i] = (struct low_bits){true, (uint8_t)i, 0};
    }
}

static void forget(struct low_bits_state *state)
{
    *state = (struct low_bits_state){{{.known = false}}};
}

static void add(struct low_bits *bits, unsigned int number)
{
    bits->offset = (uint8_t)((bits->offset + number) & LOW);
}

static struct low_bits constant(unsigned int number)
{
    return (struct low_bits){true, SIM_NO_REGISTER, (uint8_t)(number & LOW)};
}

/* Bytes PUSH and POP move RSP by. [SDM 1] 6.2.2 */
static unsigned int stack_step(const struct instruction *instruction)
{
    if (instruction->code == SIM_WIDTH_64) {
        return instruction->operand_size ? 2 : 8;
    }
    return (instruction->code == SIM_WIDTH_16) == instruction->operand_size ? 4 : 2;
}

/* The lowest byte of an immediate operand at the end of the instruction. */
static unsigned int immediate(const struct instruction *instruction, const uint8_t *bytes,
                              size_t size)
{
    return bytes[instruction->length - size];
}

/* Bytes of an immediate operand of 16 or 32 bits. */
static size_t immediate_size(const struct instruction *instruction)
{
    return (instruction->code == SIM_WIDTH_16) == instruction->operand_size ? 4 : 2;
}

/* ADD, SUB, AND and CMP of a register and a constant; the others of group 1 are not followed. */
static void arithmetic(struct low_bits *bits, unsigned int operation, unsigned int number)
{
    switch (operation) {
    case 0:
        add(bits, number);
        break;
    case 4:
        *bits = (number & LOW) == 0 ? constant(0) : (struct low_bits){.known = false};
        break;
    case 5:
        add(bits, 0 - number);
        break;
    case 7:
        break;
    default:
        bits->known = false;
    }
}

/* LEA with a base register and a displacement. */
static struct low_bits address(const struct low_bits_state *state,
                               const struct instruction *instruction)
{
    unsigned int rm = instruction->modrm & 7u;
    unsigned int base = instruction_rm(instruction);
    struct low_bits bits = {.known = false};

    if (instruction_address_width(instruction) == SIM_WIDTH_16 ||
        (rm == 5 && instruction_mod(instruction) == 0)) {
        return bits;
    }
    if (rm == RSP) {
        bool has_index = ((instruction->sib >> 3) & 7u) != RSP || (instruction->rex & 2u) != 0;

        base = (instruction->sib & 7u) | (instruction->rex & 1u) << 3;
        if (has_index || ((base & 7u) == 5 && instruction_mod(instruction) == 0)) {
            return bits;
        }
    }
    bits = state->registers[base];
    add(&bits, (unsigned int)instruction->displacement);
    return bits;
}

/* PUSH and POP of a register or a constant. Whether it is one. */
static bool moves_stack(struct low_bits_state *state, const struct instruction *instruction)
{
    unsigned int opcode = instruction->opcode;
    unsigned int number = (opcode & 7u) | (instruction->rex & 1u) << 3;
    bool is_pop = opcode >= 0x58;

    if ((opcode < 0x50 || opcode > 0x5F) && opcode != 0x68 && opcode != 0x6A) {
        return false;
    }
    if (opcode == 0x68 || opcode == 0x6A || !is_pop) {
        add(&state->registers[RSP], 0 - stack_step(instruction));
        return true;
    }
    add(&state->registers[RSP], stack_step(instruction));
    state->registers[number].known = false;
    return true;
}

/* Register that an instruction of the one-byte map loads with something; ALL, NONE. */
static int loaded_one_byte(const struct instruction *instruction)
{
    unsigned int opcode = instruction->opcode;
    bool is_register = instruction->has_modrm && instruction_mod(instruction) == 3;
    int rm = is_register ? (int)instruction_rm(instruction) : NONE;
    int reg = (int)instruction_reg(instruction);

    if (opcode < 0x40) {
        static const int by_column[8] = {ALL, 1, ALL, 3, ALL, 5, ALL, ALL};
        bool compares = opcode >= 0x38;
        int column = by_column[opcode & 7u];

        if (compares && (opcode & 7u) < 6) {
            return NONE;
        }
        return column == 1 ? rm : column == 3 ? reg : column == 5 ? 0 : ALL;
    }
    switch (opcode) {
    case 0x63: /* MOVSXD; elsewhere ARPL */
        return instruction->code == SIM_WIDTH_64 ? reg : ALL;
    case 0x90: /* NOP; with REX.B an XCHG */
        return (instruction->rex & 1u) == 0 ? NONE : ALL;
    case 0x69:
    case 0x6B:
    case 0x8B:
        return reg;
    case 0x89:
    case 0xC1:
    case 0xD1:
    case 0xD3:
        return rm;
    case 0x84:
    case 0x85:
    case 0xA8:
    case 0xA9:
        return NONE;
    case 0x80:
    case 0x88:
    case 0xC6:
        return is_register ? ALL : NONE;
    case 0xF7:
        return (reg & 7) <= 1 ? NONE : (reg & 7) <= 3 ? rm : ALL;
    default:
        return ALL;
    }
}

/* The same for 0F: conditional moves, sign and zero extension, and SSE. */
static int loaded_two_byte(const struct instruction *instruction)
{
    unsigned int opcode = instruction->opcode;
    bool is_register = instruction->has_modrm && instruction_mod(instruction) == 3;

    if (opcode == 0x2C || opcode == 0x2D || (opcode >= 0x40 && opcode <= 0x50) || opcode == 0xAF ||
        opcode == 0xB6 || opcode == 0xB7 || (opcode >= 0xBC && opcode <= 0xBF) || opcode == 0xC5 ||
        opcode == 0xD7) {
        return (int)instruction_reg(instruction);
    }
    if (opcode == 0x7E && instruction->repeat == 0) {
        return is_register ? (int)instruction_rm(instruction) : NONE; /* MOVD */
    }
    if ((opcode >= 0x10 && opcode <= 0x1F) || (opcode >= 0x28 && opcode <= 0x2F) ||
        (opcode >= 0x51 && opcode <= 0x7F) || (opcode >= 0x80 && opcode <= 0x8F) ||
        opcode == 0xC2 || opcode == 0xC4 || opcode == 0xC6 || opcode >= 0xD0) {
        return NONE;
    }
    return ALL;
}

static void load(struct low_bits_state *state, int number)
{
    if (number == ALL) {
        forget(state);
    } else if (number != NONE) {
        state->registers[number].known = false;
    }
}

static void execute_one_byte(struct low_bits_state *state, const struct instruction *instruction,
                             const uint8_t *bytes)
{
    struct low_bits *rm = &state->registers[instruction_rm(instruction)];
    struct low_bits *reg = &state->registers[instruction_reg(instruction)];
    unsigned int opcode = instruction->opcode;
    unsigned int extension = instruction_reg(instruction) & 7u;
    bool is_register = instruction->has_modrm && instruction_mod(instruction) == 3;
    size_t size = opcode == 0x83 ? 1 : immediate_size(instruction);

    if (moves_stack(state, instruction)) {
        return;
    }
    if (opcode >= 0xB8 && opcode <= 0xBF) {
        size = instruction_is_wide(instruction) ? 8 : size;
        state->registers[(opcode & 7u) | (instruction->rex & 1u) << 3] =
            constant(immediate(instruction, bytes, size));
        return;
    }
    if (opcode == 0x81 || opcode == 0x83) {
        if (is_register) {
            arithmetic(rm, extension, immediate(instruction, bytes, size));
        }
    } else if (opcode == 0x8D) {
        *reg = address(state, instruction);
    } else if (opcode == 0x89 && is_register) {
        *rm = *reg;
    } else if (opcode == 0x8B && is_register) {
        *reg = *rm;
    } else if ((opcode == 0x31 || opcode == 0x33) && is_register && rm == reg) {
        *reg = constant(0);
    } else if (opcode == 0xC7 && extension == 0) {
        if (is_register) {
            *rm = constant(immediate(instruction, bytes, size));
        }
    } else if (opcode == 0xFF && extension <= 1) {
        if (is_register) {
            add(rm, extension == 0 ? 1 : LOW);
        }
    } else {
        load(state, loaded_one_byte(instruction));
    }
}

void low_bits_execute(struct low_bits_state *state, const struct instruction *instruction,
                      const uint8_t *bytes)
{
    if (instruction->map == MAP_ONE_BYTE && instruction->repeat == 0) {
        execute_one_byte(state, instruction, bytes);
    } else if (instruction->map == MAP_0F) {
        load(state, loaded_two_byte(instruction));
    } else {
        forget(state);
    }
}
