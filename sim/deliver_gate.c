/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first half of a delivery: IDT gate and code segment, and the ways to fail.
 * Checks are in the order of the pseudocode of INT n [SDM 2].
 */
#include "sim/deliver_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* Error code of exceptions about a descriptor. [SDM 3A] figure 6-7. */
enum {
    ERROR_EXT = 1 << 0,
    ERROR_IDT = 1 << 1
};

enum {
    GATE_BYTES = 16
};

/* Access byte and flags of a descriptor's upper half. [SDM 3A] figure 3-8. */
enum {
    DESCRIPTOR_ACCESSED = 1 << 8,
    DESCRIPTOR_CONFORMING = 1 << 10,
    DESCRIPTOR_CODE = 1 << 11,
    DESCRIPTOR_S = 1 << 12,
    DESCRIPTOR_DPL_SHIFT = 13,
    DESCRIPTOR_P = 1 << 15,
    DESCRIPTOR_L = 1 << 21,
    DESCRIPTOR_D = 1 << 22,
};

/* 1 unless an instruction asked for the interrupt. [SDM 3A] 6.13. */
uint32_t deliver_external_bit(const struct deliver_attempt *attempt)
{
    return attempt->exception->software ? 0 : ERROR_EXT;
}

/* Records the obstacle. Always returns false. */
bool deliver_fail(struct deliver_attempt *attempt, unsigned int vector, uint32_t error_code,
                  const char *format, ...)
{
    va_list arguments;

    attempt->obstacle =
        (struct sim_exception){.vector = vector, .error_code = error_code, .has_error_code = true};
    va_start(arguments, format);
    (void)vsnprintf(attempt->reason.text, sizeof attempt->reason.text, format, arguments);
    va_end(arguments);
    return false;
}

static uint32_t idt_error(const struct deliver_attempt *attempt)
{
    return (attempt->exception->vector << 3) | ERROR_IDT | deliver_external_bit(attempt);
}

uint32_t deliver_selector_error(const struct deliver_attempt *attempt, uint16_t selector)
{
    return (selector & 0xFFF8u) | deliver_external_bit(attempt);
}

/* An access of the processor's own that did not succeed. Always returns false. */
bool deliver_fail_transfer(struct deliver_attempt *attempt, enum sim_transfer result,
                           const struct sim_transfer_failure *failure, const char *what)
{
    uint64_t linear = failure->access.linear;

    if (result == SIM_TRANSFER_NO_RAM || failure->walk.outcome == SIM_WALK_NO_TABLE) {
        attempt->shutdown = true;
        return deliver_fail(attempt, VECTOR_PF, 0, "%s at 0x%" PRIx64 " is not backed by RAM", what,
                            linear);
    }
    if (failure->walk.outcome == SIM_WALK_NONCANONICAL) {
        return deliver_fail(attempt, VECTOR_GP, deliver_external_bit(attempt),
                            "%s at 0x%" PRIx64 ": the address is not canonical", what, linear);
    }
    attempt->fault_address = linear;
    return deliver_fail(attempt, VECTOR_PF, failure->walk.error_code,
                        "%s at 0x%" PRIx64 ": page fault, error code 0x%" PRIx32, what, linear,
                        failure->walk.error_code);
}

static bool read_gate(struct deliver_attempt *attempt)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    unsigned int vector = attempt->exception->vector;
    struct deliver_gate *gate = &attempt->gate;
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;
    uint64_t half[2] = {0};

    if (vector * GATE_BYTES + GATE_BYTES - 1 > cpu->idt.limit) {
        return deliver_fail(attempt, VECTOR_GP, idt_error(attempt),
                            "IDT limit %" PRIu32 ": no gate for vector %u", cpu->idt.limit, vector);
    }
    result = sim_mmu_read(&attempt->mmu, cpu->idt.base + (uint64_t)vector * GATE_BYTES, half,
                          sizeof half, &failure);
    if (result != SIM_TRANSFER_DONE) {
        char what[32];

        (void)snprintf(what, sizeof what, "IDT[%u]", vector);
        return deliver_fail_transfer(attempt, result, &failure, what);
    }
    gate->handler = (half[0] & 0xFFFF) | ((half[0] >> 32) & 0xFFFF0000) | (half[1] << 32);
    gate->selector = (uint16_t)(half[0] >> 16);
    gate->ist = (unsigned int)(half[0] >> 32) & 7;
    gate->type = (unsigned int)(half[0] >> 40) & 0x1F; /* with bit 44, which must be 0 */
    gate->dpl = (unsigned int)(half[0] >> 45) & 3;
    gate->present = ((half[0] >> 47) & 1) != 0;
    return true;
}

static bool check_gate(struct deliver_attempt *attempt)
{
    const struct deliver_gate *gate = &attempt->gate;
    unsigned int vector = attempt->exception->vector;
    unsigned int cpl = sim_cpu_privilege(attempt->mmu.cpu);

    if (!gate->present && gate->type == 0) {
        return deliver_fail(attempt, VECTOR_GP, idt_error(attempt), "IDT[%u]: not present", vector);
    }
    if (gate->type != GATE_INTERRUPT && gate->type != GATE_TRAP) {
        return deliver_fail(
            attempt, VECTOR_GP, idt_error(attempt),
            "IDT[%u]: type 0x%x is neither an interrupt gate (0xe) nor a trap gate (0xf)", vector,
            gate->type);
    }
    if (attempt->exception->software && gate->dpl < cpl) {
        return deliver_fail(attempt, VECTOR_GP, idt_error(attempt),
                            "IDT[%u]: DPL %u does not allow INT at CPL %u", vector, gate->dpl, cpl);
    }
    if (!gate->present) {
        return deliver_fail(attempt, VECTOR_NP, idt_error(attempt), "IDT[%u]: not present", vector);
    }
    return true;
}

/* Linear address of the upper half of the handler's segment descriptor. */
static uint64_t descriptor_address(const struct deliver_attempt *attempt)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    uint16_t selector = attempt->gate.selector;

    return ((selector & 4) != 0 ? cpu->ldt.base : cpu->gdt.base) + (selector & 0xFFF8u) + 4;
}

/* Upper half of the handler's segment descriptor. */
static bool read_descriptor(struct deliver_attempt *attempt, uint32_t *upper)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    uint16_t selector = attempt->gate.selector;
    unsigned int vector = attempt->exception->vector;
    uint32_t limit = (selector & 4) != 0 ? cpu->ldt.limit : cpu->gdt.limit;
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;

    if ((selector & 0xFFFCu) == 0) {
        return deliver_fail(attempt, VECTOR_GP, deliver_external_bit(attempt),
                            "IDT[%u]: the selector is null", vector);
    }
    if ((selector | 7u) > limit) {
        return deliver_fail(
            attempt, VECTOR_GP, deliver_selector_error(attempt, selector),
            "IDT[%u]: selector 0x%x is outside the descriptor table (limit 0x%" PRIx32 ")", vector,
            selector, limit);
    }
    result =
        sim_mmu_read(&attempt->mmu, descriptor_address(attempt), upper, sizeof *upper, &failure);
    if (result != SIM_TRANSFER_DONE) {
        return deliver_fail_transfer(attempt, result, &failure, "the code segment's descriptor");
    }
    return true;
}

/* Only a segment that is loaded becomes accessed, not one that is refused. [SDM 3A] 3.4.5.1. */
static bool mark_accessed(struct deliver_attempt *attempt, uint32_t upper)
{
    uint32_t accessed = upper | DESCRIPTOR_ACCESSED;
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;

    if (accessed != upper) {
        result = sim_mmu_write(&attempt->mmu, descriptor_address(attempt), &accessed,
                               sizeof accessed, &failure);
    }
    if (result != SIM_TRANSFER_DONE) {
        return deliver_fail_transfer(attempt, result, &failure,
                                     "the Accessed bit of the code segment's descriptor");
    }
    return true;
}

static bool find_code_segment(struct deliver_attempt *attempt)
{
    uint16_t selector = attempt->gate.selector;
    uint32_t error = deliver_selector_error(attempt, selector);
    unsigned int vector = attempt->exception->vector;
    unsigned int cpl = sim_cpu_privilege(attempt->mmu.cpu);
    unsigned int dpl = 0;
    uint32_t upper = 0;

    if (!read_descriptor(attempt, &upper)) {
        return false;
    }
    dpl = (upper >> DESCRIPTOR_DPL_SHIFT) & 3;
    if ((upper & DESCRIPTOR_S) == 0 || (upper & DESCRIPTOR_CODE) == 0) {
        return deliver_fail(attempt, VECTOR_GP, error, "IDT[%u]: selector 0x%x is a %s segment",
                            vector, selector, (upper & DESCRIPTOR_S) != 0 ? "data" : "system");
    }
    if (dpl > cpl) {
        return deliver_fail(attempt, VECTOR_GP, error,
                            "IDT[%u]: selector 0x%x has DPL %u, less privileged than CPL %u",
                            vector, selector, dpl, cpl);
    }
    if ((upper & DESCRIPTOR_P) == 0) {
        return deliver_fail(attempt, VECTOR_NP, error, "IDT[%u]: selector 0x%x is not present",
                            vector, selector);
    }
    if ((upper & DESCRIPTOR_L) == 0 || (upper & DESCRIPTOR_D) != 0) {
        return deliver_fail(attempt, VECTOR_GP, error,
                            "IDT[%u]: selector 0x%x is not a 64-bit code segment (L 1, D 0)",
                            vector, selector);
    }
    attempt->privilege = (upper & DESCRIPTOR_CONFORMING) != 0 ? cpl : dpl;
    return mark_accessed(attempt, upper);
}

bool deliver_find_handler(struct deliver_attempt *attempt)
{
    return read_gate(attempt) && check_gate(attempt) && find_code_segment(attempt);
}
