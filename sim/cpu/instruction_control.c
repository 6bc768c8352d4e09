/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads of control registers: which values a processor refuses, and what a new
 * value does to cached translations. After the checks the engine executes them,
 * except CR8, which is the local APIC's, and a MOV CR3 that flushes nothing.
 * [SDM 2] MOV—Move to/from Control Registers; [SDM 3A] 2.5, 4.1.2, 4.10.4.1, 9.8.5.
 */
#include "sim/cpu/instruction_internal.h"

#include <inttypes.h>
#include <string.h>

#define CR3_KEEP (UINT64_C(1) << 63) /* of the source operand, with CR4.PCIDE */

void step_flush(struct step *step, enum sim_tlb_flush_kind kind, uint64_t cr3)
{
    step->result->effect.flushes = true;
    step->result->effect.flush.kind = kind;
    step->result->effect.flush.pcid = (uint16_t)(cr3 & 0xFFF);
}

/*
 * With PAE paging the four PDPTEs are loaded together; reserved bits in a present one are refused.
 * [SDM 3A] 4.4.1, table 4-8.
 */
bool step_load_pdptes(struct step *step, uint64_t cr3)
{
    const struct sim_memory *memory = step->context->mmu.memory;
    uint64_t address = cr3 & 0xFFFFFFE0;
    uint64_t reserved = UINT64_C(0x1E6) | sim_cpuid_beyond_physical(step->context->cpu);
    uint64_t entries[4] = {0};

    step->result->effect.loads_pdptes = true;
    step->result->effect.retranslates = true;
    if (address >= memory->size || memory->size - address < sizeof entries) {
        return true;
    }
    memcpy(entries, memory->bytes + address, sizeof entries);
    for (unsigned int i = 0; i < 4; i++) {
        if ((entries[i] & 1) != 0 && (entries[i] & reserved) != 0) {
            step_refuse(step, ": PDPTE %u at 0x%" PRIx64 " is 0x%" PRIx64 ", reserved bits are set",
                        i, address + UINT64_C(8) * i, entries[i]);
            return false;
        }
    }
    step->result->effect.has_pdptes = true;
    memcpy(step->result->effect.pdpte, entries, sizeof entries);
    return true;
}

static void load_cr3(struct step *step, uint64_t value)
{
    struct sim_cpu *cpu = step->context->cpu;
    bool has_pcid = (cpu->cr4 & CR4_PCIDE) != 0;
    bool keeps = has_pcid && (value & CR3_KEEP) != 0;
    uint64_t loaded = keeps ? value & ~CR3_KEEP : value;

    if ((loaded & sim_cpuid_beyond_physical(cpu)) != 0) {
        step_refuse(step, "3: 0x%" PRIx64 " has bits above the %u-bit physical addresses", value,
                    cpu->physical_bits);
        return;
    }
    if ((cpu->cr0 & CR0_PG) != 0 && !step_is_long_mode(cpu) && (cpu->cr4 & CR4_PAE) != 0 &&
        !step_load_pdptes(step, loaded)) {
        return;
    }
    if (!keeps) {
        step_flush(step, SIM_TLB_PCID, has_pcid ? loaded : 0);
        step->result->effect.flush.requested = true;
    }
    step->result->effect.retranslates = true;
    step_trace(step, SIM_TRACE_CONTROL_REGISTER, 3, value);
    if (keeps) {
        cpu->cr3 = loaded;
        step_done(step);
    }
}

/* The task priority; without a local APIC nobody has one. [SDM 3A] 10.8.6.1. */
static void load_cr8(struct step *step, uint64_t value)
{
    const struct sim_apic_registers *apic = &step->context->system->apic;

    if (value >> 4 != 0) {
        step_refuse(step, "8: bits 63:4 are reserved");
        return;
    }
    if (apic->self != NULL) {
        apic->write_cr8(apic->self, (uint8_t)value);
    }
    step_trace(step, SIM_TRACE_CONTROL_REGISTER, 8, value);
    step_done(step);
}

void step_mov_to_cr(struct step *step)
{
    const struct instruction *instruction = &step->instruction;
    uint64_t value = step_register(step, instruction_rm(instruction));

    if (!step_is_privileged(step)) {
        return;
    }
    if (instruction->code != SIM_WIDTH_64) {
        value &= UINT32_MAX;
    }
    switch (instruction_reg(instruction)) {
    case 0:
        step_load_cr0(step, value);
        break;
    case 3:
        load_cr3(step, value);
        break;
    case 4:
        step_load_cr4(step, value);
        break;
    case 8:
        load_cr8(step, value);
        break;
    default:
        step_trace(step, SIM_TRACE_CONTROL_REGISTER, instruction_reg(instruction), value);
        break;
    }
}

void step_mov_from_cr8(struct step *step)
{
    const struct sim_apic_registers *apic = &step->context->system->apic;

    if (!step_is_privileged(step)) {
        return;
    }
    step_set_register(step, instruction_rm(&step->instruction), 8,
                      apic->self != NULL ? apic->read_cr8(apic->self) : 0);
    step_done(step);
}

/* PE, MP, EM and TS come from the operand; PE is never cleared. [SDM 2] LMSW. */
void step_lmsw(struct step *step)
{
    uint64_t cr0 = step->context->cpu->cr0;
    uint16_t operand = 0;

    if (step_is_privileged(step) && step_read_rm16(step, &operand)) {
        step_trace(step, SIM_TRACE_CONTROL_REGISTER, 0, (cr0 & ~UINT64_C(0xE)) | (operand & 0xFu));
    }
}

void step_clts(struct step *step)
{
    if (step_is_privileged(step)) {
        step_trace(step, SIM_TRACE_CONTROL_REGISTER, 0, step->context->cpu->cr0 & ~CR0_TS);
    }
}

/* The engine is told what it knows of a value; a value it does not know is kept here alone.
   [SDM 2] XSETBV; [SDM 1] 13.3. */
void step_xsetbv(struct step *step)
{
    const struct sim_instruction_context *context = step->context;
    uint64_t value = step_edx_eax(step);
    const char *reason = NULL;

    if ((context->cpu->cr4 & CR4_OSXSAVE) == 0) {
        step_undefined(step, ": CR4.OSXSAVE is 0");
        return;
    }
    if (!step_is_privileged(step)) {
        return;
    }
    if ((uint32_t)context->registers->rcx != 0) {
        step_refuse(step, ": there is no XCR%" PRIu32, (uint32_t)context->registers->rcx);
        return;
    }
    reason = sim_cpuid_check_xcr0(context->system, value);
    if (reason != NULL) {
        step_refuse(step, ": XCR0 0x%" PRIx64 ": %s", value, reason);
        return;
    }
    context->system->xcr0 = value;
    if ((value & ~SIM_CPUID_XCR0_EXECUTED) != 0) {
        step_done(step);
    }
}

/* The engine reads XCR0 unless it does not know all of it. [SDM 2] XGETBV. */
void step_xgetbv(struct step *step)
{
    const struct sim_instruction_context *context = step->context;

    if ((context->cpu->cr4 & CR4_OSXSAVE) != 0 && (uint32_t)context->registers->rcx == 0 &&
        (context->system->xcr0 & ~SIM_CPUID_XCR0_EXECUTED) != 0) {
        step_set_edx_eax(step, context->system->xcr0);
        step_done(step);
    }
}
