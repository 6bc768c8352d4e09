/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MOV to CR0: combinations of bits that do not exist, and the way into IA-32e
 * mode, which starts where paging is turned on with EFER.LME = 1.
 * [SDM 2] MOV—Move to/from Control Registers; [SDM 3A] 2.5, 4.1.2, 9.8.5.
 */
#include "sim/cpu/instruction_internal.h"

/* The GDT's descriptor of a selector; 0 if there is none. */
static uint64_t gdt_descriptor(const struct step *step, uint16_t selector)
{
    const struct sim_cpu *cpu = step->context->cpu;
    uint64_t descriptor = 0;

    if ((selector & 0xFFFCu) == 0 || (selector & 4u) != 0 || (selector | 7u) > cpu->gdt.limit ||
        !sim_mmu_peek(&step->context->mmu, cpu->gdt.base + (selector & 0xFFF8u), &descriptor,
                      sizeof descriptor)) {
        return 0;
    }
    return descriptor;
}

/* Present code with L = 1 and D = 0, as CS would have it before IA-32e mode is on. */
static bool is_long_code(uint64_t descriptor)
{
    return (descriptor >> 40 & 0x98) == 0x98 && (descriptor >> 53 & 3) == 1;
}

/* Present 16-bit TSS, busy or not. */
static bool is_tss_16(uint64_t descriptor)
{
    return (descriptor >> 40 & 0x9D) == 0x81;
}

/* Turning on paging with EFER.LME = 1. [SDM 3A] 9.8.5. */
static bool check_activation(struct step *step)
{
    const struct sim_cpu *cpu = step->context->cpu;

    if ((cpu->cr4 & CR4_PAE) == 0) {
        step_refuse(step, "0: paging is turned on with EFER.LME = 1 and CR4.PAE = 0");
        return false;
    }
    if (cpu->code == SIM_WIDTH_16 && is_long_code(gdt_descriptor(step, cpu->cs))) {
        step_refuse(step, "0: paging is turned on with EFER.LME = 1 and CS.L = 1 (CS 0x%x)",
                    cpu->cs);
        return false;
    }
    if (is_tss_16(gdt_descriptor(step, cpu->tr))) {
        step_refuse(step, "0: paging is turned on with EFER.LME = 1 and a 16-bit TSS (TR 0x%x)",
                    cpu->tr);
        return false;
    }
    return true;
}

static bool check_cr0_bits(struct step *step, uint64_t value)
{
    const struct sim_cpu *cpu = step->context->cpu;
    const char *reason = NULL;

    if (value >> 32 != 0) {
        reason = "bits 63:32 are reserved";
    } else if ((value & CR0_NW) != 0 && (value & CR0_CD) == 0) {
        reason = "NW = 1 with CD = 0";
    } else if ((value & CR0_PG) != 0 && (value & CR0_PE) == 0) {
        reason = "PG = 1 with PE = 0";
    } else if ((value & CR0_WP) == 0 && (cpu->cr4 & CR4_CET) != 0) {
        reason = "WP cannot be cleared while CR4.CET is 1";
    } else if ((value & CR0_PG) == 0 && (cpu->cr0 & CR0_PG) != 0) {
        if (cpu->code == SIM_WIDTH_64) {
            reason = "PG cannot be cleared in 64-bit mode";
        } else if ((cpu->cr4 & CR4_PCIDE) != 0) {
            reason = "PG cannot be cleared with CR4.PCIDE = 1";
        }
    }
    if (reason != NULL) {
        step_refuse(step, "0: %s", reason);
    }
    return reason == NULL;
}

void step_load_cr0(struct step *step, uint64_t value)
{
    const struct sim_cpu *cpu = step->context->cpu;
    uint64_t changed = value ^ cpu->cr0;

    if (!check_cr0_bits(step, value)) {
        return;
    }
    if ((value & CR0_PG) != 0) {
        bool activates = (changed & CR0_PG) != 0 && (cpu->efer & EFER_LME) != 0;

        if (activates && !check_activation(step)) {
            return;
        }
        if (!activates && !step_is_long_mode(cpu) && (cpu->cr4 & CR4_PAE) != 0 &&
            (changed & (CR0_PG | CR0_CD | CR0_NW)) != 0 && !step_load_pdptes(step, cpu->cr3)) {
            return;
        }
    }
    if ((changed & CR0_PG) != 0 && (value & CR0_PG) == 0) {
        step_flush(step, SIM_TLB_ALL, 0);
    }
    if ((changed & (CR0_PG | CR0_WP)) != 0) {
        step->result->effect.retranslates = true;
    }
    step_trace(step, SIM_TRACE_CONTROL_REGISTER, 0, value);
}
