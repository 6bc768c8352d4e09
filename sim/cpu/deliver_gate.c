/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first half of a delivery: IDT gate and code segment. A gate has 16 bytes
 * in IA-32e mode and 8 before; its lower 8 bytes are alike. Checks are in the
 * order of the pseudocode of INT n [SDM 2]; L and D, which it leaves out, are
 * checked with the type, as in [AMD64 v2] 8.9.2.
 */
#include "sim/cpu/deliver_internal.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    ERROR_IDT = 1 << 1 /* [SDM 3A] figure 6-7 */
};

enum {
    LONG_GATE_BYTES = 16,
    GATE_BYTES = 8
};

static uint32_t idt_error(const struct deliver_attempt *attempt)
{
    return (attempt->exception->vector << 3) | ERROR_IDT | deliver_external_bit(attempt);
}

static void decode_gate(struct deliver_gate *gate, const uint64_t half[2])
{
    gate->handler = (half[0] & 0xFFFF) | ((half[0] >> 32) & 0xFFFF0000) | (half[1] << 32);
    gate->selector = (uint16_t)(half[0] >> 16);
    gate->ist = (unsigned int)(half[0] >> 32) & 7;
    gate->type = (unsigned int)(half[0] >> 40) & 0x1F; /* with bit 44, which must be 0 */
    gate->dpl = (unsigned int)(half[0] >> 45) & 3;
    gate->present = ((half[0] >> 47) & 1) != 0;
}

/* What 8-byte gates have of it; `ist` means nothing there. */
static void fit_legacy_gate(struct deliver_gate *gate)
{
    gate->word = 4;
    if (gate->type == GATE_INTERRUPT_16 || gate->type == GATE_TRAP_16) {
        gate->handler &= 0xFFFF;
        gate->word = 2;
    }
}

static bool read_gate(struct deliver_attempt *attempt)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    bool long_mode = sim_cpu_in_long_mode(cpu);
    unsigned int size = long_mode ? LONG_GATE_BYTES : GATE_BYTES;
    unsigned int vector = attempt->exception->vector;
    uint64_t half[2] = {0};
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;

    if (vector * size + size - 1 > cpu->idt.limit) {
        return deliver_fail(attempt, VECTOR_GP, idt_error(attempt),
                            "IDT limit %" PRIu32 ": no gate for vector %u", cpu->idt.limit, vector);
    }
    result =
        sim_mmu_read(&attempt->mmu, cpu->idt.base + (uint64_t)vector * size, half, size, &failure);
    if (result != SIM_TRANSFER_DONE) {
        char what[32];

        (void)snprintf(what, sizeof what, "IDT[%u]", vector);
        return deliver_fail_transfer(attempt, result, &failure, what);
    }
    decode_gate(&attempt->gate, half);
    attempt->gate.word = 8;
    if (!long_mode) {
        fit_legacy_gate(&attempt->gate);
    }
    return true;
}

static bool check_type(struct deliver_attempt *attempt)
{
    unsigned int vector = attempt->exception->vector;
    unsigned int type = attempt->gate.type;

    if (type == GATE_INTERRUPT || type == GATE_TRAP) {
        return true;
    }
    if (!attempt->gate.present && type == 0) {
        return deliver_fail(attempt, VECTOR_GP, idt_error(attempt), "IDT[%u]: not present", vector);
    }
    if (sim_cpu_in_long_mode(attempt->mmu.cpu)) {
        return deliver_fail(
            attempt, VECTOR_GP, idt_error(attempt),
            "IDT[%u]: type 0x%x is neither an interrupt gate (0xe) nor a trap gate (0xf)", vector,
            type);
    }
    if (type == GATE_TASK || type == GATE_INTERRUPT_16 || type == GATE_TRAP_16) {
        return true;
    }
    return deliver_fail(attempt, VECTOR_GP, idt_error(attempt),
                        "IDT[%u]: type 0x%x is not an interrupt gate (0xe, 0x6), a trap gate (0xf, "
                        "0x7) or a task gate (0x5)",
                        vector, type);
}

bool deliver_find_gate(struct deliver_attempt *attempt)
{
    const struct deliver_gate *gate = &attempt->gate;
    unsigned int vector = attempt->exception->vector;
    unsigned int cpl = sim_cpu_current_privilege(attempt->mmu.cpu);

    if (!read_gate(attempt) || !check_type(attempt)) {
        return false;
    }
    if (attempt->exception->source == SIM_SOURCE_SOFTWARE && gate->dpl < cpl) {
        return deliver_fail(attempt, VECTOR_GP, idt_error(attempt),
                            "IDT[%u]: DPL %u does not allow INT at CPL %u", vector, gate->dpl, cpl);
    }
    if (!gate->present) {
        return deliver_fail(attempt, VECTOR_NP, idt_error(attempt), "IDT[%u]: not present", vector);
    }
    return true;
}

bool deliver_read_descriptor(struct deliver_attempt *attempt, uint64_t address, const char *what,
                             struct sim_segment *segment)
{
    uint64_t descriptor = 0;
    struct sim_transfer_failure failure;
    enum sim_transfer result =
        sim_mmu_read(&attempt->mmu, address, &descriptor, sizeof descriptor, &failure);

    if (result != SIM_TRANSFER_DONE) {
        return deliver_fail_transfer(attempt, result, &failure, what);
    }
    *segment = sim_segment_decode(address, descriptor);
    return true;
}

static bool read_code(struct deliver_attempt *attempt)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    uint16_t selector = attempt->gate.selector;
    unsigned int vector = attempt->exception->vector;
    bool local = (selector & 4) != 0;
    uint64_t address = 0;

    if ((selector & 0xFFFCu) == 0) {
        return deliver_fail(attempt, VECTOR_GP, deliver_external_bit(attempt),
                            "IDT[%u]: the selector is null", vector);
    }
    if (!sim_segment_find(cpu, selector, &address)) {
        return deliver_fail(
            attempt, VECTOR_GP, deliver_selector_error(attempt, selector),
            "IDT[%u]: selector 0x%x is outside the descriptor table (limit 0x%" PRIx32 ")", vector,
            selector, local ? cpu->ldt.limit : cpu->gdt.limit);
    }
    return deliver_read_descriptor(attempt, address, "the code segment's descriptor",
                                   &attempt->code);
}

bool deliver_find_code(struct deliver_attempt *attempt)
{
    const struct sim_segment *code = &attempt->code;
    uint16_t selector = attempt->gate.selector;
    uint32_t error = deliver_selector_error(attempt, selector);
    unsigned int vector = attempt->exception->vector;
    unsigned int cpl = sim_cpu_current_privilege(attempt->mmu.cpu);
    bool is_64_bit = false;

    if (!read_code(attempt)) {
        return false;
    }
    if (!sim_segment_is_code(code)) {
        return deliver_fail(attempt, VECTOR_GP, error, "IDT[%u]: selector 0x%x is a %s segment",
                            vector, selector, sim_segment_kind(code));
    }
    if (sim_segment_dpl(code) > cpl) {
        return deliver_fail(attempt, VECTOR_GP, error,
                            "IDT[%u]: selector 0x%x has DPL %u, less privileged than CPL %u",
                            vector, selector, sim_segment_dpl(code), cpl);
    }
    is_64_bit = (code->attributes & (SIM_SEGMENT_LONG | SIM_SEGMENT_BIG)) == SIM_SEGMENT_LONG;
    if (sim_cpu_in_long_mode(attempt->mmu.cpu) && !is_64_bit) {
        return deliver_fail(attempt, VECTOR_GP, error,
                            "IDT[%u]: selector 0x%x is not a 64-bit code segment (L 1, D 0)",
                            vector, selector);
    }
    if ((code->attributes & SIM_SEGMENT_PRESENT) == 0) {
        return deliver_fail(attempt, VECTOR_NP, error, "IDT[%u]: selector 0x%x is not present",
                            vector, selector);
    }
    attempt->privilege =
        (code->attributes & SIM_SEGMENT_CONFORMING) != 0 ? cpl : sim_segment_dpl(code);
    return true;
}
