/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Call gates of IA-32e mode. A gate has 16 bytes and leads to 64-bit code of the
 * same or of more privilege; with more, the TSS says where the stack is, SS
 * becomes null, and the old stack is pushed before the return address. No
 * parameters are copied, and all words have 8 bytes. [SDM 3A] 5.8.3.1, 5.8.5.1.
 */
#include <inttypes.h>

#include "sim/cpu/far_transfer_internal.h"

enum {
    GATE_BYTES = 16
};

#define RFLAGS_RF (UINT64_C(1) << 16)

/* Nobody's rights matter. */
bool far_read_implicitly(struct far_attempt *transfer, uint64_t linear, void *buffer, size_t size,
                         const char *what)
{
    const struct sim_access access = {linear, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};
    struct sim_transfer_failure failure;

    if (return_peek(&transfer->attempt, access, buffer, size, &failure)) {
        return true;
    }
    return !transfer->attempt.unknown && return_fail_access(&transfer->attempt, &failure, what);
}

bool far_find_gate_code(struct far_attempt *transfer)
{
    struct return_attempt *attempt = &transfer->attempt;
    const struct sim_segment *code = &transfer->code;
    bool is_conforming = false;
    unsigned int dpl = 0;

    if ((attempt->cs & 0xFFFCu) == 0) {
        return return_fail(attempt, VECTOR_GP, 0, "the call gate's selector is null");
    }
    if (!return_read_segment(attempt, "the call gate's", attempt->cs, &transfer->code)) {
        return false;
    }
    is_conforming = (code->attributes & SIM_SEGMENT_CONFORMING) != 0;
    dpl = sim_segment_dpl(code);
    if (!far_check_code(transfer)) {
        return false;
    }
    if (dpl > attempt->cpl ||
        (transfer->wanted->kind == SIM_FAR_JMP && !is_conforming && dpl != attempt->cpl)) {
        return return_fail(attempt, VECTOR_GP, attempt->cs & 0xFFFCu,
                           "the call gate's selector 0x%x has DPL %u, but CPL is %u", attempt->cs,
                           dpl, attempt->cpl);
    }
    if (sim_cpu_in_long_mode(attempt->mmu.cpu) && (code->attributes & SIM_SEGMENT_LONG) == 0) {
        return far_refuse(transfer, VECTOR_GP, attempt->cs, "of the call gate is not 64-bit code");
    }
    transfer->is_inward = !is_conforming && dpl < attempt->cpl;
    return (code->attributes & SIM_SEGMENT_PRESENT) != 0 ||
           far_refuse(transfer, VECTOR_NP, attempt->cs, "is not present");
}

bool far_check_gate(struct far_attempt *transfer, uint32_t attributes)
{
    struct return_attempt *attempt = &transfer->attempt;
    uint16_t selector = transfer->wanted->selector;
    unsigned int dpl = attributes >> 13 & 3u;

    if (dpl < attempt->cpl || (selector & 3u) > dpl) {
        return return_fail(attempt, VECTOR_GP, selector & 0xFFFCu,
                           "the call gate 0x%x has DPL %u, which does not allow CPL %u", selector,
                           dpl, attempt->cpl);
    }
    return (attributes & SIM_SEGMENT_PRESENT) != 0 ||
           far_refuse(transfer, VECTOR_NP, selector, "is a call gate that is not present");
}

/* Reads the gate and takes the target from it. [SDM 3A] figure 5-8. */
static bool read_gate(struct far_attempt *transfer, uint64_t address)
{
    struct return_attempt *attempt = &transfer->attempt;
    uint16_t selector = transfer->wanted->selector;
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    const struct sim_table *table = (selector & 4u) != 0 ? &cpu->ldt : &cpu->gdt;
    uint64_t half[2] = {0};

    if ((selector & 0xFFF8u) + GATE_BYTES - 1 > table->limit) {
        return far_refuse(transfer, VECTOR_GP, selector,
                          "is a call gate that its table cuts in two");
    }
    if (!far_read_implicitly(transfer, address, half, sizeof half, "the call gate") ||
        !far_check_gate(transfer, (uint32_t)(half[0] >> 32))) {
        return false;
    }
    if ((half[1] >> 40 & 0x1F) != 0) {
        return far_refuse(transfer, VECTOR_GP, selector,
                          "is a call gate whose upper half has a type other than 0");
    }
    attempt->cs = (uint16_t)(half[0] >> 16);
    attempt->rip = (half[0] & 0xFFFF) | (half[0] >> 32 & 0xFFFF0000) | half[1] << 32;
    return true;
}

/* RSPn of the TSS. [SDM 3A] figure 8-11. */
static bool find_inner_stack(struct far_attempt *transfer)
{
    struct return_attempt *attempt = &transfer->attempt;
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    unsigned int level = sim_segment_dpl(&transfer->code);
    uint32_t offset = 4 + 8 * level;

    if (offset + 7 > cpu->tss.limit) {
        return return_fail(attempt, VECTOR_TS, cpu->tr & 0xFFFCu,
                           "TSS.RSP%u is beyond the limit 0x%" PRIx32 " of the TSS", level,
                           cpu->tss.limit);
    }
    return far_read_implicitly(transfer, cpu->tss.base + offset, &transfer->stack,
                               sizeof transfer->stack, "the TSS");
}

bool far_write_stack(struct far_attempt *transfer, uint64_t linear, const void *bytes, size_t size)
{
    struct return_attempt *attempt = &transfer->attempt;
    enum sim_access_mode outer = attempt->cpl == 3 ? SIM_MODE_USER : SIM_MODE_SUPERVISOR;
    const struct sim_access access = {linear, SIM_ACCESS_WRITE,
                                      transfer->is_inward ? SIM_MODE_IMPLICIT_SUPERVISOR : outer};
    struct sim_transfer_failure failure;

    switch (sim_mmu_write_as(&attempt->mmu, access, bytes, size, &failure)) {
    case SIM_TRANSFER_DONE:
        return true;
    case SIM_TRANSFER_FAULT:
        return return_fail_access(attempt, &failure, "the push of the return address");
    case SIM_TRANSFER_NO_RAM:
        break;
    }
    return false;
}

static bool push(struct far_attempt *transfer, const uint64_t *words, size_t count)
{
    struct return_attempt *attempt = &transfer->attempt;
    uint64_t linear = transfer->stack - count * sizeof words[0];

    if (!sim_cpu_is_canonical(attempt->mmu.cpu, linear) ||
        !sim_cpu_is_canonical(attempt->mmu.cpu, transfer->stack - 1)) {
        return return_fail(attempt, VECTOR_SS, 0, "the stack at 0x%" PRIx64 " is not canonical",
                           linear);
    }
    if (!far_write_stack(transfer, linear, words, count * sizeof words[0])) {
        return false;
    }
    transfer->stack = linear;
    return true;
}

/* A CALL pushes where to return to, and with a new stack the old one. */
static bool push_return(struct far_attempt *transfer)
{
    const struct sim_cpu *cpu = transfer->attempt.mmu.cpu;
    uint64_t rsp = cpu->code == SIM_WIDTH_64 ? cpu->rsp : (uint32_t)cpu->rsp;
    const uint64_t words[] = {transfer->wanted->next, cpu->cs, rsp, cpu->ss};

    transfer->stack = rsp;
    if (transfer->wanted->kind == SIM_FAR_JMP) {
        return true;
    }
    if (transfer->is_inward && !find_inner_stack(transfer)) {
        return false;
    }
    return push(transfer, words, transfer->is_inward ? 4 : 2);
}

bool far_mark_accessed(struct far_attempt *transfer, const struct sim_segment *segment)
{
    uint32_t attributes = segment->attributes | SIM_SEGMENT_ACCESSED;
    struct sim_transfer_failure failure;

    if (attributes == segment->attributes) {
        return true;
    }
    switch (sim_mmu_write(&transfer->attempt.mmu, segment->address + 4, &attributes,
                          sizeof attributes, &failure)) {
    case SIM_TRANSFER_DONE:
        return true;
    case SIM_TRANSFER_FAULT:
        return return_fail_access(&transfer->attempt, &failure,
                                  "the Accessed bit of a segment's descriptor");
    case SIM_TRANSFER_NO_RAM:
        break;
    }
    return false;
}

bool far_pass_gate(struct far_attempt *transfer, uint64_t address, struct sim_cpu *cpu)
{
    struct return_attempt *attempt = &transfer->attempt;
    unsigned int level = attempt->cpl;

    if (!read_gate(transfer, address) || !far_find_gate_code(transfer) ||
        !far_check_target(transfer) || !far_mark_accessed(transfer, &transfer->code) ||
        !push_return(transfer)) {
        return false;
    }
    if (transfer->is_inward) {
        level = sim_segment_dpl(&transfer->code);
        cpu->ss = (uint16_t)level; /* null, with this RPL */
    }
    cpu->cs = (uint16_t)((attempt->cs & 0xFFFCu) | level);
    cpu->rip = attempt->rip;
    cpu->rsp = transfer->stack;
    cpu->code = SIM_WIDTH_64;
    cpu->stack = SIM_WIDTH_64;
    cpu->rflags &= ~RFLAGS_RF;
    return true;
}
