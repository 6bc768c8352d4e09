/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the instructions that the machine looks at, and going through one:
 * take it apart, make the checks that all share, call the function for its kind.
 */
#include "sim/cpu/instruction_internal.h"

#include <stdarg.h>
#include <stdio.h>

/* What sim_instruction_step does with a kind. No step: the machine deals with it elsewhere. */
struct handler {
    const char *name;
    void (*step)(struct step *step);
};

static const struct handler handlers[SIM_KIND_COUNT] = {
    [SIM_KIND_OTHER] = {"instruction", NULL},
    [SIM_KIND_MOV_TO_CR] = {"MOV CR", step_mov_to_cr},
    [SIM_KIND_MOV_FROM_CR8] = {"MOV CR", step_mov_from_cr8},
    [SIM_KIND_MOV_TO_DR] = {"MOV DR", step_mov_dr},
    [SIM_KIND_MOV_FROM_DR] = {"MOV DR", step_mov_dr},
    [SIM_KIND_LMSW] = {"LMSW", step_lmsw},
    [SIM_KIND_CLTS] = {"CLTS", step_clts},
    [SIM_KIND_XSETBV] = {"XSETBV", step_xsetbv},
    [SIM_KIND_XGETBV] = {"XGETBV", step_xgetbv},
    [SIM_KIND_RDMSR] = {"RDMSR", step_rdmsr},
    [SIM_KIND_WRMSR] = {"WRMSR", step_wrmsr},
    [SIM_KIND_RDPMC] = {"RDPMC", step_rdpmc},
    [SIM_KIND_LGDT] = {"LGDT", step_load_table},
    [SIM_KIND_LIDT] = {"LIDT", step_load_table},
    [SIM_KIND_LLDT] = {"LLDT", step_load_selector},
    [SIM_KIND_LTR] = {"LTR", step_load_selector},
    [SIM_KIND_INVLPG] = {"INVLPG", step_invlpg},
    [SIM_KIND_INVPCID] = {"INVPCID", step_invpcid},
    [SIM_KIND_INVLPGB] = {"INVLPGB", step_invlpgb},
    [SIM_KIND_TLBSYNC] = {"TLBSYNC", step_tlbsync},
    [SIM_KIND_INVLPGA] = {"INVLPGA", step_invlpga},
    [SIM_KIND_MONITOR] = {"MONITOR", step_monitor},
    [SIM_KIND_MWAIT] = {"MWAIT", step_mwait},
    [SIM_KIND_CLFLUSH] = {"CLFLUSH", step_flush_line},
    [SIM_KIND_CLFLUSHOPT] = {"CLFLUSHOPT", step_flush_line},
    [SIM_KIND_CLWB] = {"CLWB", step_flush_line},
    [SIM_KIND_SWAPGS] = {"SWAPGS", step_swapgs},
    [SIM_KIND_WRFSBASE] = {"WRFSBASE", step_write_base},
    [SIM_KIND_WRGSBASE] = {"WRGSBASE", step_write_base},
    [SIM_KIND_WRPKRU] = {"WRPKRU", step_wrpkru},
    [SIM_KIND_RDRAND] = {"RDRAND", step_random},
    [SIM_KIND_RDSEED] = {"RDSEED", step_random},
    [SIM_KIND_LOCKED] = {"LOCK", step_locked},
    [SIM_KIND_IRET] = {"IRET", NULL},
    [SIM_KIND_RET_FAR] = {"RETF", NULL},
    [SIM_KIND_CALL_FAR] = {"CALL", NULL},
    [SIM_KIND_JMP_FAR] = {"JMP", NULL},
    [SIM_KIND_SYSCALL] = {"SYSCALL", NULL},
    [SIM_KIND_SYSRET] = {"SYSRET", NULL},
    [SIM_KIND_SYSENTER] = {"SYSENTER", NULL},
    [SIM_KIND_SYSEXIT] = {"SYSEXIT", NULL},
};

const char *sim_instruction_name(enum sim_instruction_kind kind)
{
    return handlers[kind].name;
}

size_t sim_instruction_length(const uint8_t *bytes, size_t size, enum sim_width code)
{
    struct instruction instruction;

    return instruction_decode(bytes, size, code, &instruction) ? instruction.length : 0;
}

enum sim_instruction_kind sim_instruction_kind(const uint8_t *bytes, size_t size,
                                               enum sim_width code)
{
    struct instruction instruction;

    return instruction_decode(bytes, size, code, &instruction) ? instruction_classify(&instruction)
                                                               : SIM_KIND_OTHER;
}

/* The second opcode bytes instruction_kind.c knows. */
static bool is_second_byte(uint8_t byte)
{
    switch (byte) {
    case 0x00:
    case 0x01:
    case 0x05:
    case 0x06:
    case 0x07:
    case 0x20:
    case 0x21:
    case 0x22:
    case 0x23:
    case 0x30:
    case 0x32:
    case 0x33:
    case 0x34:
    case 0x35:
    case 0x38:
    case 0xAE:
    case 0xC7:
        return true;
    default:
        return false;
    }
}

/* LOCK, and opcodes of far transfers in the one-byte map. */
static bool is_only_byte(uint8_t byte)
{
    return byte == 0xF0 || byte == 0x9A || byte == 0xCA || byte == 0xCB || byte == 0xCF ||
           byte == 0xEA;
}

/* ModRM of a far CALL or JMP, /3 and /5 with an operand in memory. */
static bool is_far_pointer(uint8_t modrm)
{
    return modrm < 0xC0 && ((modrm & 0x38) == 0x18 || (modrm & 0x38) == 0x28);
}

bool sim_instruction_suspect(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (is_only_byte(bytes[i])) {
            return true;
        }
        if (i + 1 < size && ((bytes[i] == 0x0F && is_second_byte(bytes[i + 1])) ||
                             (bytes[i] == 0xFF && is_far_pointer(bytes[i + 1])))) {
            return true;
        }
    }
    return false;
}

bool sim_instruction_find(const uint8_t *bytes, size_t size, enum sim_width code, size_t *at,
                          size_t *length)
{
    struct instruction instruction;

    for (size_t next = *at;
         next < size && instruction_decode(bytes + next, size - next, code, &instruction);
         next += instruction.length) {
        if (instruction_classify(&instruction) != SIM_KIND_OTHER) {
            *at = next;
            *length = instruction.length;
            return true;
        }
    }
    return false;
}

void step_fault(struct step *step, unsigned int vector, uint32_t error_code, const char *format,
                ...)
{
    struct sim_instruction_result *result = step->result;
    char sentence[160];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    (void)snprintf(result->reason, sizeof result->reason, "%s%s", handlers[step->kind].name,
                   sentence);
    result->verdict = SIM_INSTRUCTION_EXCEPTION;
    result->exception = (struct sim_exception){
        .vector = vector,
        .error_code = error_code,
        .has_error_code = sim_vector_has_error_code(vector),
        .source = SIM_SOURCE_EXCEPTION,
    };
    result->effect = (struct sim_instruction_effect){0};
}

void step_refuse(struct step *step, const char *format, ...)
{
    char sentence[160];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    step_fault(step, VECTOR_GP, 0, "%s", sentence);
}

void step_undefined(struct step *step, const char *format, ...)
{
    char sentence[160];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    step_fault(step, VECTOR_UD, 0, "%s", sentence);
}

void step_done(struct step *step)
{
    struct sim_cpu *cpu = step->context->cpu;

    cpu->rip += step->instruction.length;
    if (step->instruction.code == SIM_WIDTH_32) {
        cpu->rip &= UINT32_MAX;
    } else if (step->instruction.code == SIM_WIDTH_16) {
        cpu->rip &= UINT16_MAX;
    }
    step->context->registers->rip = cpu->rip;
    step->result->verdict = SIM_INSTRUCTION_DONE;
}

unsigned int step_privilege(const struct sim_cpu *cpu)
{
    if ((cpu->cr0 & CR0_PE) == 0) {
        return 0;
    }
    return (cpu->rflags & RFLAGS_VM) != 0 ? 3 : sim_cpu_privilege(cpu);
}

bool step_is_privileged(struct step *step)
{
    unsigned int privilege = step_privilege(step->context->cpu);

    if (privilege != 0) {
        step_refuse(step, ": CPL is %u, not 0", privilege);
    }
    return privilege == 0;
}

void step_trace(struct step *step, enum sim_trace_kind kind, uint32_t code, uint64_t a)
{
    struct sim_instruction_effect *effect = &step->result->effect;

    effect->traced = true;
    effect->trace_kind = kind;
    effect->trace_code = code;
    effect->trace_a = a;
}

struct sim_instruction_result sim_instruction_step(const struct sim_instruction_context *context,
                                                   const uint8_t *bytes, size_t size)
{
    struct sim_instruction_result result = {.verdict = SIM_INSTRUCTION_EXECUTE};
    struct step step = {.context = context, .result = &result};

    if (!instruction_decode(bytes, size, context->cpu->code, &step.instruction)) {
        return result;
    }
    step.kind = instruction_classify(&step.instruction);
    if (handlers[step.kind].step == NULL) {
        return result;
    }
    handlers[step.kind].step(&step);
    return result;
}
