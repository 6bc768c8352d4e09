/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * INVLPG and INVPCID, and AMD's INVLPGB, TLBSYNC and INVLPGA. What they ask for is
 * the least a processor does; the TLB model does no more. The engine knows no
 * PCIDs, so INVPCID is done here. [SDM 2] INVLPG, INVPCID; [SDM 3A] 4.10.4.1;
 * [AMD64 v3] INVLPGB, TLBSYNC, INVLPGA. There is one processor, so what INVLPGB
 * asks of all is done at once, and TLBSYNC has nothing to wait for.
 *
 * CLFLUSH and its like have nothing to flush, but fault like a load of one byte.
 * [SDM 2] CLFLUSH, CLFLUSHOPT, CLWB.
 */
#include "sim/cpu/instruction_internal.h"

#include <inttypes.h>

enum {
    PCID_BITS = 12
};

static uint16_t current_pcid(const struct sim_cpu *cpu)
{
    return (cpu->cr4 & CR4_PCIDE) != 0 ? (uint16_t)(cpu->cr3 & 0xFFF) : 0;
}

static void flush(struct step *step, const struct sim_tlb_flush *what)
{
    step->result->effect.flushes = true;
    step->result->effect.flush = *what;
    step->result->effect.flush.requested = true;
    step_trace(step, SIM_TRACE_FLUSH, (uint32_t)what->kind, what->linear);
    step->result->effect.trace_b = what->pcid;
}

/* With a segment base that is not known it might be any address. */
void step_invlpg(struct step *step)
{
    struct sim_tlb_flush what = {.kind = SIM_TLB_ADDRESS};

    if (!step_is_privileged(step)) {
        return;
    }
    if (!step_address(step, &what.linear)) {
        what.kind = SIM_TLB_ALL;
    } else if (!sim_cpuid_is_canonical(what.linear)) {
        return;
    }
    what.pcid = current_pcid(step->context->cpu);
    flush(step, &what);
}

static const enum sim_tlb_flush_kind invpcid_kinds[4] = {SIM_TLB_ADDRESS_PCID, SIM_TLB_PCID,
                                                         SIM_TLB_ALL, SIM_TLB_NOT_GLOBAL};

/* The 128-bit descriptor: PCID in bits 11:0, linear address in the upper half. */
static bool check_invpcid(struct step *step, uint64_t type, const uint64_t descriptor[2])
{
    if (type > 3) {
        step_refuse(step, ": there is no type %" PRIu64, type);
        return false;
    }
    if (descriptor[0] >> PCID_BITS != 0) {
        step_refuse(step, ": bits 63:12 of the descriptor are reserved, it has 0x%" PRIx64,
                    descriptor[0]);
        return false;
    }
    if (type <= 1 && descriptor[0] != 0 && (step->context->cpu->cr4 & CR4_PCIDE) == 0) {
        step_refuse(step, ": PCID 0x%" PRIx64 " with CR4.PCIDE = 0", descriptor[0]);
        return false;
    }
    if (type == 0 && !sim_cpuid_is_canonical(descriptor[1])) {
        step_refuse(step, ": the address 0x%" PRIx64 " is not canonical", descriptor[1]);
        return false;
    }
    return true;
}

static void fault_on_operand(struct step *step, const struct sim_transfer_failure *failure,
                             const char *what)
{
    uint64_t linear = failure->access.linear;

    if (failure->walk.outcome == SIM_WALK_NONCANONICAL) {
        step_refuse(step, ": the %s's address 0x%" PRIx64 " is not canonical", what, linear);
        return;
    }
    step->context->cpu->cr2 = linear;
    step_fault(step, VECTOR_PF, failure->walk.error_code,
               ": the %s at 0x%" PRIx64 " is not readable", what, linear);
}

void step_invpcid(struct step *step)
{
    const struct instruction *instruction = &step->instruction;
    struct sim_transfer_failure failure;
    uint64_t descriptor[2] = {0};
    uint64_t linear = 0;
    uint64_t type = step_register(step, instruction_reg(instruction));
    struct sim_tlb_flush what = {0};

    if (!step->context->own_mmu) {
        step_undefined(step, ": the processor does not have it");
        return;
    }
    if (!step_is_privileged(step) || !step_address(step, &linear)) {
        return;
    }
    if (instruction->code != SIM_WIDTH_64) {
        type &= UINT32_MAX;
    }
    if (step_read(step, linear, descriptor, sizeof descriptor, &failure) != SIM_TRANSFER_DONE) {
        fault_on_operand(step, &failure, "descriptor");
        return;
    }
    if (!check_invpcid(step, type, descriptor)) {
        return;
    }
    what.kind = invpcid_kinds[type];
    what.pcid = type <= 1 ? (uint16_t)descriptor[0] : 0;
    what.linear = type == 0 ? descriptor[1] : 0;
    flush(step, &what);
    step_done(step);
}

/* Fields of RAX, EDX and ECX. */
#define RAX_ADDRESS    UINT64_C(0x1)
#define RAX_PCID       UINT64_C(0x2)
#define RAX_ASID       UINT64_C(0x4)
#define RAX_GLOBAL     UINT64_C(0x8)
#define RAX_FINAL_ONLY UINT64_C(0x10)
#define RAX_RESERVED   UINT64_C(0xFE0) /* nested translations too: not without INVLPGB_NESTED */
#define EDX_RESERVED   UINT32_C(0xF0000000)
#define ECX_LARGE      (UINT32_C(1) << 31)
#define ECX_RESERVED   UINT32_C(0x7FFF0000)

enum {
    PAGE_SHIFT = 12,
    LARGE_SHIFT = 21,
    EDX_PCID_SHIFT = 16,
    PCID_MASK = 0xFFF
};

static bool check_invlpgb(struct step *step, uint64_t rax, uint32_t ecx, uint32_t edx)
{
    const char *reason = NULL;

    if ((rax & RAX_RESERVED) != 0 || (edx & EDX_RESERVED) != 0 || (ecx & ECX_RESERVED) != 0) {
        reason = "a reserved bit is set";
    } else if ((ecx & UINT16_MAX) > SIM_CPUID_INVLPGB_MAX) {
        reason = "more pages than CPUID leaf 80000008H allows";
    } else if ((rax & RAX_ASID) != 0 && (edx & UINT16_MAX) >= SIM_CPUID_ASIDS) {
        reason = "there is no such ASID";
    } else if ((rax & RAX_ADDRESS) != 0 &&
               !sim_cpuid_is_canonical(rax >> PAGE_SHIFT << PAGE_SHIFT)) {
        reason = "the address is not canonical";
    }
    if (reason != NULL) {
        step_refuse(step, ": %s", reason);
    }
    return reason == NULL;
}

static bool exists_on_amd(struct step *step)
{
    if (step->context->system->processor != SIM_PROCESSOR_AMD) {
        step_undefined(step, ": the processor does not have it");
        return false;
    }
    return step_is_privileged(step);
}

void step_invlpgb(struct step *step)
{
    const struct sim_registers *registers = step->context->registers;
    uint32_t ecx = (uint32_t)registers->rcx;
    uint32_t edx = (uint32_t)registers->rdx;
    bool is_large = (ecx & ECX_LARGE) != 0;
    uint64_t rax = registers->rax;
    struct sim_tlb_flush what = {
        .kind = SIM_TLB_BROADCAST,
        .linear = rax >> PAGE_SHIFT << PAGE_SHIFT,
        .bytes = (rax & RAX_ADDRESS) == 0
                     ? 0
                     : ((ecx & UINT16_MAX) + UINT64_C(1)) << (is_large ? LARGE_SHIFT : PAGE_SHIFT),
        .pcid = (uint16_t)(edx >> EDX_PCID_SHIFT & PCID_MASK),
        .all_pcids = (rax & RAX_PCID) == 0,
        .with_global = (rax & RAX_GLOBAL) != 0,
        .final_only = (rax & RAX_FINAL_ONLY) != 0,
    };

    if (!exists_on_amd(step) || !check_invlpgb(step, rax, ecx, edx)) {
        return;
    }
    if ((rax & RAX_ASID) == 0 || (edx & UINT16_MAX) == 0) { /* not of a guest alone */
        flush(step, &what);
    }
    step_done(step);
}

void step_tlbsync(struct step *step)
{
    if (exists_on_amd(step)) {
        step_done(step);
    }
}

/* ASID 0 is the host's own address space. */
void step_invlpga(struct step *step)
{
    const struct sim_registers *registers = step->context->registers;
    struct sim_tlb_flush what = {.kind = SIM_TLB_ADDRESS, .linear = registers->rax};

    if (step->context->system->processor != SIM_PROCESSOR_AMD ||
        (step->context->system->efer_more & EFER_SVME) == 0) {
        step_undefined(step, ": EFER.SVME is 0");
        return;
    }
    if (!step_is_privileged(step)) {
        return;
    }
    if ((uint32_t)registers->rcx == 0) {
        what.pcid = current_pcid(step->context->cpu);
        flush(step, &what);
    }
    step_done(step);
}

void step_flush_line(struct step *step)
{
    struct sim_transfer_failure failure;
    uint64_t linear = 0;
    uint8_t byte = 0;

    if (step_address(step, &linear) &&
        step_read(step, linear, &byte, sizeof byte, &failure) == SIM_TRANSFER_FAULT) {
        fault_on_operand(step, &failure, "line");
    }
}
