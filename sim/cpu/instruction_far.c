/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operands of far RET, CALL and JMP. A far pointer is an offset with the selector
 * after it, in the instruction or in memory. [SDM 2] CALL, JMP, RET.
 */
#include <string.h>

#include "sim/cpu/instruction_internal.h"

enum {
    OPCODE_CALL = 0x9A, /* with the pointer in the instruction */
    OPCODE_JMP = 0xEA,
    OPCODE_RET_RELEASE = 0xCA
};

/* In 64-bit code far transfers have 32-bit operands unless REX.W says otherwise. */
static enum sim_width operand_width(const struct instruction *instruction)
{
    if (instruction->code == SIM_WIDTH_64 && instruction_is_wide(instruction)) {
        return SIM_WIDTH_64;
    }
    return (instruction->code == SIM_WIDTH_16) == instruction->operand_size ? SIM_WIDTH_32
                                                                            : SIM_WIDTH_16;
}

static size_t offset_bytes(enum sim_width operand)
{
    static const size_t bytes[] = {[SIM_WIDTH_64] = 8, [SIM_WIDTH_32] = 4, [SIM_WIDTH_16] = 2};

    return bytes[operand];
}

bool sim_instruction_far_return(const uint8_t *bytes, size_t size, enum sim_width code,
                                struct sim_instruction_far_return *operands)
{
    struct instruction instruction;

    *operands = (struct sim_instruction_far_return){.release = 0};
    if (!instruction_decode(bytes, size, code, &instruction)) {
        return false;
    }
    operands->operand = operand_width(&instruction);
    if (instruction.opcode == OPCODE_RET_RELEASE) {
        memcpy(&operands->release, bytes + instruction.length - 2, sizeof operands->release);
    }
    return true;
}

/* Where the pointer is in memory, with the rights of the instruction. */
static bool read_pointer(const struct step *step, uint8_t *pointer, size_t size)
{
    struct sim_transfer_failure failure;
    uint64_t linear = 0;

    return step_address(step, &linear) &&
           step_read(step, linear, pointer, size, &failure) == SIM_TRANSFER_DONE;
}

bool sim_instruction_far_pointer(const struct sim_instruction_context *context,
                                 const uint8_t *bytes, size_t size,
                                 struct sim_instruction_far_pointer *operand)
{
    struct step step = {.context = context};
    uint8_t pointer[10] = {0};
    size_t length = 0;

    if (!instruction_decode(bytes, size, context->cpu->code, &step.instruction)) {
        return false;
    }
    *operand = (struct sim_instruction_far_pointer){.operand = operand_width(&step.instruction)};
    length = offset_bytes(operand->operand);
    if (step.instruction.opcode == OPCODE_CALL || step.instruction.opcode == OPCODE_JMP) {
        memcpy(pointer, bytes + step.instruction.length - length - 2, length + 2);
    } else if (!read_pointer(&step, pointer, length + 2)) {
        return false;
    }
    memcpy(&operand->offset, pointer, length);
    memcpy(&operand->selector, pointer + length, sizeof operand->selector);
    return true;
}
