/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Model-specific registers, bases of FS and GS, protection keys, random
 * numbers, performance counters. [SDM 2] under each name.
 */
#include "sim/cpu/instruction_internal.h"

#include <inttypes.h>

#include "sim/cpu/msr.h"
#include "sim/util/random.h"

/* CF, PF, AF, ZF, SF, OF. [SDM 1] 3.4.3.1. */
#define RFLAGS_STATUS UINT64_C(0x8D5)
#define RFLAGS_CF     UINT64_C(0x1)

static uint32_t ecx(const struct step *step)
{
    return (uint32_t)step->context->registers->rcx;
}

/* The engine reads the registers it keeps; IA32_EFER has bits that it does not. */
static void read_efer(struct step *step)
{
    const struct sim_instruction_context *context = step->context;

    if (ecx(step) == SIM_MSR_EFER && context->system->efer_more != 0) {
        step_set_edx_eax(step, context->cpu->efer | context->system->efer_more);
        step_done(step);
    }
}

void step_rdmsr(struct step *step)
{
    struct sim_error reason;
    uint64_t value = 0;

    if (!step_is_privileged(step)) {
        return;
    }
    switch (sim_msr_read(step->context->system, ecx(step), &value, &reason)) {
    case SIM_MSR_DONE:
        step_set_edx_eax(step, value);
        step_done(step);
        break;
    case SIM_MSR_REFUSED:
        step_refuse(step, " %.150s", reason.text);
        break;
    case SIM_MSR_ENGINE:
        read_efer(step);
        break;
    }
}

void step_wrmsr(struct step *step)
{
    const struct sim_instruction_context *context = step->context;
    uint64_t value = step_edx_eax(step);
    enum sim_msr_outcome outcome = SIM_MSR_REFUSED;
    struct sim_error reason;

    if (!step_is_privileged(step)) {
        return;
    }
    outcome = sim_msr_write(context->system, context->cpu, ecx(step), value, &reason);
    if (outcome == SIM_MSR_REFUSED) {
        step_refuse(step, " %.150s", reason.text);
        return;
    }
    step_trace(step, SIM_TRACE_MSR, ecx(step), value);
    step->result->effect.retranslates =
        (ecx(step) == SIM_MSR_EFER && ((value ^ context->cpu->efer) & EFER_NXE) != 0) ||
        ecx(step) == SIM_MSR_PKRS;
    if (outcome == SIM_MSR_DONE) {
        step_done(step);
    }
}

/* CPUID leaf 0AH says version 0: no counter has a number. */
void step_rdpmc(struct step *step)
{
    unsigned int privilege = step_privilege(step->context->cpu);

    if (privilege != 0 && (step->context->cpu->cr4 & CR4_PCE) == 0) {
        step_refuse(step, ": CPL is %u and CR4.PCE is 0", privilege);
    } else {
        step_refuse(step, ": there is no performance counter 0x%" PRIx32, ecx(step));
    }
}

void step_swapgs(struct step *step)
{
    if (step->instruction.code != SIM_WIDTH_64) {
        step_undefined(step, ": not in 64-bit mode");
    } else {
        (void)step_is_privileged(step);
    }
}

void step_write_base(struct step *step)
{
    uint64_t base = step_register(step, instruction_rm(&step->instruction));

    if ((step->context->cpu->cr4 & CR4_FSGSBASE) == 0) {
        step_undefined(step, ": CR4.FSGSBASE is 0");
    } else if (instruction_is_wide(&step->instruction) && !sim_cpuid_is_canonical(base)) {
        step_refuse(step, ": the base 0x%" PRIx64 " is not canonical", base);
    }
}

void step_wrpkru(struct step *step)
{
    const struct sim_instruction_context *context = step->context;

    if ((context->cpu->cr4 & CR4_PKE) == 0) {
        step_undefined(step, ": CR4.PKE is 0");
        return;
    }
    if (ecx(step) != 0 || (uint32_t)context->registers->rdx != 0) {
        step_refuse(step, ": ECX and EDX must be 0, they are 0x%" PRIx32 " and 0x%" PRIx32,
                    ecx(step), (uint32_t)context->registers->rdx);
        return;
    }
    step->result->effect.retranslates = (uint32_t)context->registers->rax != context->cpu->pkru;
}

/* [SDM 2] LOCK */
void step_locked(struct step *step)
{
    step_undefined(step, ": the instruction cannot be locked");
}

void step_random(struct step *step)
{
    const struct instruction *instruction = &step->instruction;
    const struct sim_instruction_context *context = step->context;
    unsigned int bytes = 4;

    if (instruction_is_wide(instruction)) {
        bytes = 8;
    } else if ((instruction->code == SIM_WIDTH_16) != instruction->operand_size) {
        bytes = 2;
    }
    step_set_register(step, instruction_rm(instruction), bytes,
                      sim_random_next(&context->system->random));
    context->cpu->rflags = (context->cpu->rflags & ~RFLAGS_STATUS) | RFLAGS_CF;
    context->registers->rflags = context->cpu->rflags;
    step_done(step);
}

/* [SDM 2] MONITOR, MWAIT: #UD without CPUID.01H:ECX.3 and at CPL 1 to 3. */
static bool has_monitor(struct step *step)
{
    const struct sim_instruction_context *context = step->context;
    const struct sim_cpuid_processor processor = {context->cpu, context->system, context->own_mmu};

    if ((sim_cpuid(&processor, 1, 0).ecx >> 3 & 1) == 0) {
        step_undefined(step, ": the processor does not have it");
    } else if (step_privilege(context->cpu) != 0) {
        step_undefined(step, ": CPL is %u", step_privilege(context->cpu));
    } else if (ecx(step) != 0) {
        step_refuse(step, ": ECX is 0x%" PRIx32 ", and there are no extensions", ecx(step));
    } else {
        return true;
    }
    return false;
}

/* Nobody else stores where it watches; the address is not looked at. */
void step_monitor(struct step *step)
{
    if (has_monitor(step)) {
        step_done(step);
    }
}

/* A processor may stop waiting at any time and for any reason: this one does at once. */
void step_mwait(struct step *step)
{
    if (has_monitor(step)) {
        step_done(step);
    }
}
