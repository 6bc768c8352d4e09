/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which instructions the machine looks at, by opcode and by the reg and rm
 * fields of ModRM that extend it [SDM 2] appendix A.4. The prefixes 66, F2 and
 * F3 are part of the opcode where the manual says NP: with one of them it is
 * another instruction, or none.
 */
#include "sim/cpu/instruction_internal.h"

static bool has_no_mandatory_prefix(const struct instruction *instruction)
{
    return !instruction->operand_size && instruction->repeat == 0;
}

/* 0F 01 with mod = 3: the whole ModRM byte is opcode. [SDM 2] table A-6, group 7. */
static enum sim_instruction_kind classify_group7_register(const struct instruction *instruction)
{
    switch (instruction->modrm) {
    case 0xC8:
        return SIM_KIND_MONITOR;
    case 0xC9:
        return SIM_KIND_MWAIT;
    case 0xD0:
        return SIM_KIND_XGETBV;
    case 0xD1:
        return SIM_KIND_XSETBV;
    case 0xDF:
        return SIM_KIND_INVLPGA;
    case 0xEF:
        return SIM_KIND_WRPKRU;
    case 0xF8:
        return SIM_KIND_SWAPGS;
    case 0xFE:
        return SIM_KIND_INVLPGB;
    case 0xFF:
        return SIM_KIND_TLBSYNC;
    default:
        return SIM_KIND_OTHER;
    }
}

static enum sim_instruction_kind classify_group7(const struct instruction *instruction)
{
    unsigned int extension = instruction_reg(instruction) & 7u;

    if (extension == 6) {
        return SIM_KIND_LMSW;
    }
    if (instruction_mod(instruction) == 3) {
        return has_no_mandatory_prefix(instruction) ? classify_group7_register(instruction)
                                                    : SIM_KIND_OTHER;
    }
    switch (extension) {
    case 2:
        return SIM_KIND_LGDT;
    case 3:
        return SIM_KIND_LIDT;
    case 7:
        return SIM_KIND_INVLPG;
    default:
        return SIM_KIND_OTHER;
    }
}

static enum sim_instruction_kind classify_group6(const struct instruction *instruction)
{
    switch (instruction_reg(instruction) & 7u) {
    case 2:
        return SIM_KIND_LLDT;
    case 3:
        return SIM_KIND_LTR;
    default:
        return SIM_KIND_OTHER;
    }
}

/* Group 9, register forms. F3 0F C7 /7 is RDPID. */
static enum sim_instruction_kind classify_group9(const struct instruction *instruction)
{
    unsigned int extension = instruction_reg(instruction) & 7u;

    if (instruction_mod(instruction) != 3 || instruction->repeat != 0 || extension < 6) {
        return SIM_KIND_OTHER;
    }
    return extension == 6 ? SIM_KIND_RDRAND : SIM_KIND_RDSEED;
}

/* Group 15 with an operand in memory. Without 66, /6 is XSAVEOPT. */
static enum sim_instruction_kind classify_group15_memory(const struct instruction *instruction)
{
    unsigned int extension = instruction_reg(instruction) & 7u;

    if (instruction->repeat != 0 || extension < 6 ||
        (extension == 6 && !instruction->operand_size)) {
        return SIM_KIND_OTHER;
    }
    if (extension == 6) {
        return SIM_KIND_CLWB;
    }
    return instruction->operand_size ? SIM_KIND_CLFLUSHOPT : SIM_KIND_CLFLUSH;
}

/* Group 15: with registers, those that have F3. */
static enum sim_instruction_kind classify_group15(const struct instruction *instruction)
{
    unsigned int extension = instruction_reg(instruction) & 7u;

    if (instruction_mod(instruction) != 3) {
        return classify_group15_memory(instruction);
    }
    if (instruction->code != SIM_WIDTH_64 || instruction->repeat != 0xF3) {
        return SIM_KIND_OTHER;
    }
    if (extension != 2 && extension != 3) {
        return SIM_KIND_OTHER;
    }
    return extension == 2 ? SIM_KIND_WRFSBASE : SIM_KIND_WRGSBASE;
}

static enum sim_instruction_kind classify_control(const struct instruction *instruction)
{
    unsigned int number = instruction_reg(instruction);

    if (instruction->opcode == 0x20) {
        return number == 8 ? SIM_KIND_MOV_FROM_CR8 : SIM_KIND_OTHER;
    }
    if (number == 0 || number == 2 || number == 3 || number == 4 || number == 8) {
        return SIM_KIND_MOV_TO_CR;
    }
    return SIM_KIND_OTHER;
}

static enum sim_instruction_kind classify_two_byte(const struct instruction *instruction)
{
    switch (instruction->opcode) {
    case 0x00:
        return classify_group6(instruction);
    case 0x01:
        return classify_group7(instruction);
    case 0x05:
        return SIM_KIND_SYSCALL;
    case 0x06:
        return SIM_KIND_CLTS;
    case 0x07:
        return SIM_KIND_SYSRET;
    case 0x20:
    case 0x22:
        return classify_control(instruction);
    case 0x21:
        return SIM_KIND_MOV_FROM_DR;
    case 0x23:
        return SIM_KIND_MOV_TO_DR;
    case 0x30:
        return SIM_KIND_WRMSR;
    case 0x32:
        return SIM_KIND_RDMSR;
    case 0x33:
        return SIM_KIND_RDPMC;
    case 0x34:
        return SIM_KIND_SYSENTER;
    case 0x35:
        return SIM_KIND_SYSEXIT;
    case 0xAE:
        return classify_group15(instruction);
    case 0xC7:
        return classify_group9(instruction);
    default:
        return SIM_KIND_OTHER;
    }
}

/* Group 5: CALL and JMP through a far pointer in memory. */
static enum sim_instruction_kind classify_group5(const struct instruction *instruction)
{
    unsigned int extension = instruction_reg(instruction) & 7u;

    if (instruction_mod(instruction) == 3 || (extension != 3 && extension != 5)) {
        return SIM_KIND_OTHER;
    }
    return extension == 3 ? SIM_KIND_CALL_FAR : SIM_KIND_JMP_FAR;
}

static enum sim_instruction_kind classify_one_byte(const struct instruction *instruction)
{
    switch (instruction->opcode) {
    case 0x9A: /* not in 64-bit code */
        return instruction->code == SIM_WIDTH_64 ? SIM_KIND_OTHER : SIM_KIND_CALL_FAR;
    case 0xCA:
    case 0xCB:
        return SIM_KIND_RET_FAR;
    case 0xCF:
        return SIM_KIND_IRET;
    case 0xEA:
        return instruction->code == SIM_WIDTH_64 ? SIM_KIND_OTHER : SIM_KIND_JMP_FAR;
    case 0xFF:
        return classify_group5(instruction);
    default:
        return SIM_KIND_OTHER;
    }
}

static enum sim_instruction_kind classify(const struct instruction *instruction)
{
    switch (instruction->map) {
    case MAP_ONE_BYTE:
        return classify_one_byte(instruction);
    case MAP_0F:
        return classify_two_byte(instruction);
    case MAP_0F38:
        return instruction->opcode == 0x82 && instruction_mod(instruction) != 3 &&
                       instruction->operand_size && instruction->repeat == 0
                   ? SIM_KIND_INVPCID
                   : SIM_KIND_OTHER;
    default:
        return SIM_KIND_OTHER;
    }
}

enum sim_instruction_kind instruction_classify(const struct instruction *instruction)
{
    if (instruction->lock && !instruction_is_lockable(instruction)) {
        return SIM_KIND_LOCKED;
    }
    return classify(instruction);
}
