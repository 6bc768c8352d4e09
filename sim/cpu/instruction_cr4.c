/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MOV to CR4: bits that CPUID does not announce, bits of paging that cannot be
 * changed while it is on, and what a change does to cached translations.
 * [SDM 2] MOV—Move to/from Control Registers; [SDM 3A] 2.5, 4.1.2, 4.10.4.1.
 */
#include "sim/cpu/instruction_internal.h"

static bool check_cr4_reserved(struct step *step, uint64_t value)
{
    const struct sim_instruction_context *context = step->context;
    const struct sim_cpuid_processor processor = {context->cpu, context->system, context->own_mmu};
    uint64_t reserved = value & ~sim_cpuid_cr4_mask(&processor);
    unsigned int bit = 0;

    if (reserved == 0) {
        return true;
    }
    while ((reserved >> bit & 1) == 0) {
        bit++;
    }
    step_refuse(step, "4: bit %u (%s) is reserved: the processor does not have it", bit,
                sim_cpuid_cr4_name(bit));
    return false;
}

static bool check_cr4_paging(struct step *step, uint64_t value)
{
    const struct sim_cpu *cpu = step->context->cpu;
    uint64_t changed = value ^ cpu->cr4;
    const char *reason = NULL;

    if (step_is_long_mode(cpu) && (value & CR4_PAE) == 0) {
        reason = "PAE cannot be cleared in IA-32e mode";
    } else if (step_is_long_mode(cpu) && (changed & CR4_LA57) != 0) {
        reason = "LA57 cannot be changed in IA-32e mode";
    } else if ((value & changed & CR4_PCIDE) != 0 && !step_is_long_mode(cpu)) {
        reason = "PCIDE cannot be set outside IA-32e mode";
    } else if ((value & changed & CR4_PCIDE) != 0 && (cpu->cr3 & 0xFFF) != 0) {
        reason = "PCIDE cannot be set while bits 11:0 of CR3 are not 0";
    } else if ((value & CR4_CET) != 0 && (cpu->cr0 & CR0_WP) == 0) {
        reason = "CET cannot be set while CR0.WP is 0";
    }
    if (reason != NULL) {
        step_refuse(step, "4: %s", reason);
    }
    return reason == NULL;
}

static void flush_for_cr4(struct step *step, uint64_t value)
{
    const struct sim_cpu *cpu = step->context->cpu;
    uint64_t changed = value ^ cpu->cr4;

    if ((changed & CR4_PGE) != 0 || (changed & cpu->cr4 & CR4_PCIDE) != 0) {
        step_flush(step, SIM_TLB_ALL, 0);
    } else if ((changed & CR4_PAE) != 0 || (changed & value & CR4_SMEP) != 0) {
        step_flush(step, SIM_TLB_PCID_AND_GLOBAL, (cpu->cr4 & CR4_PCIDE) != 0 ? cpu->cr3 : 0);
    }
    if ((changed & (CR4_PSE | CR4_PAE | CR4_PGE | CR4_LA57 | CR4_PCIDE | CR4_SMEP | CR4_SMAP |
                    CR4_PKE | CR4_PKS)) != 0) {
        step->result->effect.retranslates = true;
    }
}

void step_load_cr4(struct step *step, uint64_t value)
{
    const struct sim_cpu *cpu = step->context->cpu;
    uint64_t changed = value ^ cpu->cr4;

    if (!check_cr4_reserved(step, value) || !check_cr4_paging(step, value)) {
        return;
    }
    if ((cpu->cr0 & CR0_PG) != 0 && !step_is_long_mode(cpu) && (value & CR4_PAE) != 0 &&
        (changed & (CR4_PAE | CR4_PGE | CR4_PSE | CR4_SMEP)) != 0 &&
        !step_load_pdptes(step, cpu->cr3)) {
        return;
    }
    flush_for_cr4(step, value);
    step_trace(step, SIM_TRACE_CONTROL_REGISTER, 4, value);
}
