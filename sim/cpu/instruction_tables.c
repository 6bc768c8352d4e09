/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LGDT and LIDT, whose base the engine does not check, and LLDT and LTR, whose
 * descriptors it does not check as the manual says. After the checks the engine
 * executes them. [SDM 2] LGDT/LIDT, LLDT, LTR; [SDM 3A] 3.5, 8.2.3.
 */
#include "sim/cpu/instruction_internal.h"

#include <inttypes.h>
#include <string.h>

/* 16-bit operands outside of 64-bit code load 24 bits of base. */
static uint64_t base_mask(const struct instruction *instruction)
{
    if (instruction->code == SIM_WIDTH_64) {
        return UINT64_MAX;
    }
    return (instruction->code == SIM_WIDTH_16) != instruction->operand_size ? 0xFFFFFF : UINT32_MAX;
}

void step_load_table(struct step *step)
{
    const struct instruction *instruction = &step->instruction;
    struct sim_transfer_failure failure;
    uint8_t operand[10] = {0};
    uint64_t linear = 0;
    uint64_t base = 0;

    if (!step_is_privileged(step) || !step_address(step, &linear) ||
        step_read(step, linear, operand, instruction->code == SIM_WIDTH_64 ? 10 : 6, &failure) !=
            SIM_TRANSFER_DONE) {
        return;
    }
    memcpy(&base, operand + 2, sizeof base);
    base &= base_mask(instruction);
    if (!sim_cpuid_is_canonical(base)) {
        step_refuse(step, ": the base 0x%" PRIx64 " is not canonical", base);
        return;
    }
    step_trace(step, SIM_TRACE_TABLE, step->kind == SIM_KIND_LGDT ? SIM_TRACE_GDT : SIM_TRACE_IDT,
               base);
}

/* A system descriptor: 8 bytes, 16 in IA-32e mode. [SDM 3A] figures 3-8, 8-4. */
struct descriptor {
    uint64_t low, high;
};

enum {
    TYPE_LDT = 2,
    TYPE_TSS_16 = 1,
    TYPE_TSS = 9,
    SYSTEM_MASK = 0x1F /* S and type */
};

static uint64_t descriptor_base(const struct descriptor *descriptor)
{
    return ((descriptor->low >> 16) & 0xFFFFFF) | (descriptor->low >> 56 << 24) |
           descriptor->high << 32;
}

/* The error code names the selector without its RPL. [SDM 3A] 6.13. */
static uint32_t error_code(uint16_t selector)
{
    return selector & 0xFFFCu;
}

/* False if it was refused, or cannot be read and is left to the engine. */
static bool read_descriptor(struct step *step, uint16_t selector, struct descriptor *descriptor)
{
    const struct sim_cpu *cpu = step->context->cpu;
    uint32_t offset = selector & 0xFFF8u;
    uint32_t size = step_is_long_mode(step->context->cpu) ? 16 : 8;

    if ((selector & 4u) != 0) {
        step_fault(step, VECTOR_GP, error_code(selector), ": selector 0x%x names the LDT",
                   selector);
        return false;
    }
    if (offset + size - 1 > cpu->gdt.limit) {
        step_fault(step, VECTOR_GP, error_code(selector),
                   ": selector 0x%x is beyond the GDT's limit 0x%" PRIx32, selector,
                   cpu->gdt.limit);
        return false;
    }
    *descriptor = (struct descriptor){0};
    return sim_mmu_peek(&step->context->mmu, cpu->gdt.base + offset, descriptor, size);
}

static bool is_expected_type(const struct step *step, unsigned int type)
{
    if (step->kind == SIM_KIND_LLDT) {
        return type == TYPE_LDT;
    }
    return type == TYPE_TSS || (type == TYPE_TSS_16 && !step_is_long_mode(step->context->cpu));
}

static bool check_descriptor(struct step *step, uint16_t selector,
                             const struct descriptor *descriptor)
{
    unsigned int type = (unsigned int)(descriptor->low >> 40) & SYSTEM_MASK;
    const char *wanted = step->kind == SIM_KIND_LLDT ? "an LDT" : "an available TSS";
    uint64_t base = descriptor_base(descriptor);

    if (!is_expected_type(step, type)) {
        step_fault(step, VECTOR_GP, error_code(selector),
                   ": GDT[0x%x] has S = %u, type %u, which is not %s", selector & 0xFFF8u,
                   type >> 4, type & 0xFu, wanted);
    } else if ((descriptor->high >> 40 & SYSTEM_MASK) != 0) {
        step_fault(step, VECTOR_GP, error_code(selector),
                   ": GDT[0x%x]: bits 12:8 of the last doubleword are not 0", selector & 0xFFF8u);
    } else if ((descriptor->low >> 47 & 1) == 0) {
        step_fault(step, VECTOR_NP, error_code(selector), ": GDT[0x%x] is not present",
                   selector & 0xFFF8u);
    } else if (!sim_cpuid_is_canonical(base)) {
        step_fault(step, VECTOR_GP, error_code(selector),
                   ": the base 0x%" PRIx64 " in GDT[0x%x] is not canonical", base,
                   selector & 0xFFF8u);
    }
    return step->result->verdict == SIM_INSTRUCTION_EXECUTE;
}

void step_load_selector(struct step *step)
{
    const struct sim_cpu *cpu = step->context->cpu;
    enum sim_trace_table table = step->kind == SIM_KIND_LLDT ? SIM_TRACE_LDT : SIM_TRACE_TSS;
    struct descriptor descriptor = {0};
    uint16_t selector = 0;

    if ((cpu->cr0 & CR0_PE) == 0 || (cpu->rflags & RFLAGS_VM) != 0) {
        step_undefined(step, ": not in real or virtual-8086 mode");
        return;
    }
    if (!step_is_privileged(step) || !step_read_rm16(step, &selector)) {
        return;
    }
    if ((selector & 0xFFFCu) == 0) {
        if (step->kind == SIM_KIND_LTR) {
            step_refuse(step, ": selector 0x%x is null", selector);
        } else {
            step_trace(step, SIM_TRACE_TABLE, table, 0);
        }
        return;
    }
    if (read_descriptor(step, selector, &descriptor) &&
        check_descriptor(step, selector, &descriptor)) {
        step_trace(step, SIM_TRACE_TABLE, table, descriptor_base(&descriptor));
    }
}
