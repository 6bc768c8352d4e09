/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks in the order of the pseudocode of CALL and JMP [SDM 2]. A far CALL
 * or JMP to a code segment stays at its privilege level; only a call gate leads
 * to more privilege: call_gate.c, call_gate_protected.c.
 */
#include <inttypes.h>

#include "sim/cpu/far_transfer_internal.h"

/* [SDM 3A] table 3-2; those of 16 bits are without bit 3 */
enum {
    TYPE_TASK_GATE = 0x5,
    TYPE_TSS = 0x9,
    TYPE_BUSY_TSS = 0xB,
    TYPE_CALL_GATE = 0xC,
    TYPE_32_BIT = 0x8
};

#define RFLAGS_VM (UINT64_C(1) << 17)

bool far_refuse(struct far_attempt *transfer, unsigned int vector, uint16_t selector,
                const char *why)
{
    return return_fail(&transfer->attempt, vector, selector & 0xFFFCu, "selector 0x%x %s", selector,
                       why);
}

/* What a code segment has to be, wherever the way to it came from. */
bool far_check_code(struct far_attempt *transfer)
{
    const struct sim_segment *code = &transfer->code;
    const uint32_t both = SIM_SEGMENT_LONG | SIM_SEGMENT_BIG;
    bool long_mode = sim_cpu_in_long_mode(transfer->attempt.mmu.cpu);

    if (!sim_segment_is_code(code)) {
        return far_refuse(transfer, VECTOR_GP, transfer->attempt.cs, "is no code segment");
    }
    if (long_mode && (code->attributes & both) == both) {
        return far_refuse(transfer, VECTOR_GP, transfer->attempt.cs,
                          "is a code segment with both L and D");
    }
    return true;
}

bool far_check_target(struct far_attempt *transfer)
{
    struct return_attempt *attempt = &transfer->attempt;

    if ((transfer->code.attributes & SIM_SEGMENT_PRESENT) == 0) {
        return far_refuse(transfer, VECTOR_NP, attempt->cs, "is not present");
    }
    if (sim_cpu_in_long_mode(attempt->mmu.cpu) &&
        (transfer->code.attributes & SIM_SEGMENT_LONG) != 0) {
        return sim_cpu_is_canonical(attempt->mmu.cpu, attempt->rip) ||
               return_fail(attempt, VECTOR_GP, 0, "the target 0x%" PRIx64 " is not canonical",
                           attempt->rip);
    }
    return (uint32_t)attempt->rip <= transfer->code.limit ||
           return_fail(attempt, VECTOR_GP, 0,
                       "the target 0x%" PRIx32 " is beyond the limit 0x%" PRIx32
                       " of its code segment",
                       (uint32_t)attempt->rip, transfer->code.limit);
}

/* CS is in the instruction itself. */
static bool check_direct(struct far_attempt *transfer)
{
    struct return_attempt *attempt = &transfer->attempt;
    bool is_conforming = (transfer->code.attributes & SIM_SEGMENT_CONFORMING) != 0;
    unsigned int dpl = sim_segment_dpl(&transfer->code);

    if (!far_check_code(transfer)) {
        return false;
    }
    if (is_conforming ? dpl > attempt->cpl : dpl != attempt->cpl) {
        return return_fail(attempt, VECTOR_GP, attempt->cs & 0xFFFCu,
                           "selector 0x%x is a%s code segment with DPL %u, but CPL is %u",
                           attempt->cs, is_conforming ? " conforming" : "", dpl, attempt->cpl);
    }
    if (!is_conforming && (attempt->cs & 3u) > attempt->cpl) {
        return far_refuse(transfer, VECTOR_GP, attempt->cs, "has an RPL above the CPL");
    }
    return far_check_target(transfer);
}

/* The offset as wide as operand and target have it. */
static uint64_t cut_offset(const struct far_attempt *transfer)
{
    const struct sim_far_transfer *wanted = transfer->wanted;
    bool is_long = sim_cpu_in_long_mode(transfer->attempt.mmu.cpu) &&
                   (transfer->code.attributes & SIM_SEGMENT_LONG) != 0;

    if (wanted->operand == SIM_WIDTH_16) {
        return wanted->offset & UINT16_MAX;
    }
    return is_long ? wanted->offset : wanted->offset & UINT32_MAX;
}

/* A TSS, or a gate that names one. Sets *tss to its selector. [SDM 2] CALL, JMP */
static bool find_task(struct far_attempt *transfer, unsigned int type, uint16_t *tss)
{
    struct return_attempt *attempt = &transfer->attempt;
    bool is_gate = type == TYPE_TASK_GATE;
    unsigned int dpl = sim_segment_dpl(&transfer->code);

    if (dpl < attempt->cpl || dpl < (attempt->cs & 3u)) {
        return return_fail(attempt, VECTOR_GP, attempt->cs & 0xFFFCu,
                           "the %s 0x%x has DPL %u, which does not allow CPL %u",
                           is_gate ? "task gate" : "TSS", attempt->cs, dpl, attempt->cpl);
    }
    if (is_gate && (transfer->code.attributes & SIM_SEGMENT_PRESENT) == 0) {
        return far_refuse(transfer, VECTOR_NP, attempt->cs, "is a task gate that is not present");
    }
    *tss = attempt->cs;
    return !is_gate || sim_mmu_peek(&attempt->mmu, transfer->code.address + 2, tss, sizeof *tss);
}

/* What a system descriptor leads to outside IA-32e mode. Whether a call gate was passed. */
static bool follow_in_protected_mode(struct far_attempt *transfer, struct sim_cpu *cpu,
                                     struct sim_far_result *result)
{
    unsigned int type = transfer->code.attributes >> 8 & 0xF;
    unsigned int wide = type | TYPE_32_BIT;

    if (type == TYPE_TASK_GATE || wide == TYPE_TSS || wide == TYPE_BUSY_TSS) {
        (void)find_task(transfer, type, &result->task);
        return false;
    }
    if (wide != TYPE_CALL_GATE) {
        return far_refuse(transfer, VECTOR_GP, transfer->attempt.cs,
                          "is neither a code segment nor a gate nor a TSS");
    }
    return far_pass_protected_gate(transfer, transfer->code.address, cpu, result);
}

/* Decides what the selector names. Whether a call gate was passed. */
static bool follow(struct far_attempt *transfer, struct sim_cpu *cpu, struct sim_far_result *result)
{
    struct return_attempt *attempt = &transfer->attempt;
    struct sim_segment target;

    if ((attempt->cs & 0xFFFCu) == 0) {
        return return_fail(attempt, VECTOR_GP, 0, "the selector is null");
    }
    if (!return_read_segment(attempt, "the", attempt->cs, &target)) {
        return false;
    }
    transfer->code = target;
    if ((target.attributes & SIM_SEGMENT_S) != 0) {
        attempt->rip = cut_offset(transfer);
        (void)check_direct(transfer);
        return false;
    }
    if (!sim_cpu_in_long_mode(cpu)) {
        return follow_in_protected_mode(transfer, cpu, result);
    }
    if ((target.attributes >> 8 & 0xF) != TYPE_CALL_GATE) {
        return far_refuse(transfer, VECTOR_GP, attempt->cs,
                          "is neither a code segment nor a call gate");
    }
    return far_pass_gate(transfer, target.address, cpu);
}

struct sim_far_result sim_far_transfer(const struct sim_far_transfer *transfer, struct sim_cpu *cpu,
                                       const struct sim_memory *memory)
{
    const struct sim_cpu before = *cpu;
    struct sim_far_result result = {.done = false};
    struct far_attempt far = {
        .wanted = transfer,
        .attempt =
            {
                .mmu = {&before, memory},
                .name = transfer->kind == SIM_FAR_CALL ? "CALL" : "JMP",
                .cpl = sim_cpu_current_privilege(cpu),
                .cs = transfer->selector,
            },
    };

    if (!sim_cpu_in_real_mode(cpu) && (cpu->rflags & RFLAGS_VM) == 0) {
        result.done = follow(&far, cpu, &result);
        result.check = far.attempt.check;
    }
    return result;
}
