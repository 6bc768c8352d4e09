/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frame: error code (if any), instruction pointer, CS, flags and, in IA-32e
 * mode always, else with a new stack, stack pointer and SS, from the lowest
 * address up; words as wide as the gate. [SDM 3A] figures 6-4 and 6-9.
 *
 * Whose accesses are they? Tables and the TSS are read as implicit supervisor.
 * The manual counts only "system data structures" there [SDM 3A] 4.6.1, which a
 * frame is not. So a frame pushed without a change of CPL is an explicit access
 * of that CPL: AC can open SMAP for it, and at CPL 3 it is a user access. With a
 * change, CPL is still 3 while the processor pushes (INT n, "Operation"), yet
 * the access has to be the supervisor's: implicit, whatever user code put in AC.
 */
#include "sim/cpu/deliver_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RFLAGS_RF (UINT64_C(1) << 16)

enum {
    FRAME_WORDS = 6,
    FRAME_BYTES = FRAME_WORDS * 8
};

static bool pushes_stack(const struct deliver_attempt *attempt)
{
    return attempt->stack.switched || attempt->gate.word == 8;
}

size_t deliver_frame_size(const struct deliver_attempt *attempt)
{
    size_t words = pushes_stack(attempt) ? 5 : 3;

    return (words + (attempt->exception->has_error_code ? 1 : 0)) * attempt->gate.word;
}

bool deliver_check_entry(struct deliver_attempt *attempt)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    unsigned int vector = attempt->exception->vector;
    uint64_t handler = attempt->gate.handler;

    if (sim_cpu_in_long_mode(cpu)) {
        return sim_cpu_is_canonical(cpu, handler) ||
               deliver_fail(attempt, VECTOR_GP, deliver_external_bit(attempt),
                            "IDT[%u]: the handler's address 0x%" PRIx64 " is not canonical", vector,
                            handler);
    }
    return handler <= attempt->code.limit ||
           deliver_fail(attempt, VECTOR_GP, deliver_external_bit(attempt),
                        "IDT[%u]: the handler's address 0x%" PRIx64
                        " is beyond the limit 0x%" PRIx32 " of selector 0x%x",
                        vector, handler, attempt->code.limit, attempt->gate.selector);
}

/*
 * RF as pushed. Faults set it, so that an instruction breakpoint does not hit
 * again; INT n and the like have cleared it as every instruction does; traps,
 * aborts and interrupts leave it. #DB leaves it too: whoever raises #DB for the
 * general-detect condition, a fault, sets RF first. [SDM 3B] 17.3.1.1.
 */
uint64_t deliver_pushed_flags(const struct sim_cpu *cpu, const struct sim_exception *exception)
{
    if (exception->source == SIM_SOURCE_SOFTWARE || exception->source == SIM_SOURCE_INT1) {
        return cpu->rflags & ~RFLAGS_RF;
    }
    if (exception->source != SIM_SOURCE_EXCEPTION) {
        return cpu->rflags;
    }
    switch (exception->vector) {
    case VECTOR_DB:
    case VECTOR_NMI:
    case VECTOR_BP:
    case VECTOR_OF:
    case VECTOR_DF:
    case VECTOR_MC:
        return cpu->rflags;
    default:
        return cpu->rflags | RFLAGS_RF;
    }
}

/* Fills in the frame's bytes. */
static void build_frame(const struct deliver_attempt *attempt, uint8_t bytes[FRAME_BYTES])
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    const struct sim_exception *exception = attempt->exception;
    uint64_t mask = cpu->code == SIM_WIDTH_64 ? UINT64_MAX : UINT32_MAX;
    const uint64_t words[FRAME_WORDS] = {
        exception->error_code, cpu->rip & mask, cpu->cs, deliver_pushed_flags(cpu, exception),
        cpu->rsp & mask,       cpu->ss};
    size_t first = exception->has_error_code ? 0 : 1;
    size_t word = attempt->gate.word;
    size_t count = deliver_frame_size(attempt) / word;

    for (size_t i = 0; i < count; i++) {
        memcpy(bytes + i * word, &words[first + i], word);
    }
}

static enum sim_access_mode push_mode(const struct deliver_attempt *attempt)
{
    if (attempt->stack.switched) {
        return SIM_MODE_IMPLICIT_SUPERVISOR;
    }
    return attempt->privilege == 3 ? SIM_MODE_USER : SIM_MODE_SUPERVISOR;
}

/* Only a segment that is loaded becomes accessed, not one that is refused. [SDM 3A] 3.4.5.1. */
static bool mark_accessed(struct deliver_attempt *attempt, const struct sim_segment *segment,
                          const char *what)
{
    uint32_t accessed = segment->attributes | SIM_SEGMENT_ACCESSED;
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;

    if (accessed != segment->attributes) {
        result = sim_mmu_write(&attempt->mmu, segment->address + 4, &accessed, sizeof accessed,
                               &failure);
    }
    if (result != SIM_TRANSFER_DONE) {
        return deliver_fail_transfer(attempt, result, &failure, what);
    }
    return true;
}

static bool mark_segments(struct deliver_attempt *attempt)
{
    bool loads_stack = attempt->stack.switched && !sim_cpu_in_long_mode(attempt->mmu.cpu);

    return mark_accessed(attempt, &attempt->code,
                         "the Accessed bit of the code segment's descriptor") &&
           (!loads_stack || mark_accessed(attempt, &attempt->stack.segment,
                                          "the Accessed bit of the stack segment's descriptor"));
}

/* Stack pointer after the push, and the linear address it stands for. */
static uint64_t find_top(const struct deliver_attempt *attempt, uint64_t *linear)
{
    const struct deliver_stack *stack = &attempt->stack;
    uint64_t size = deliver_frame_size(attempt);
    uint64_t top = 0;

    if (sim_cpu_in_long_mode(attempt->mmu.cpu)) {
        top = (stack->pointer & ~UINT64_C(15)) - size;
        *linear = top;
        return top;
    }
    top = (uint32_t)(stack->pointer - size);
    if ((stack->segment.attributes & SIM_SEGMENT_BIG) == 0) {
        top = (stack->pointer & 0xFFFF0000) | (top & 0xFFFF);
        *linear = (uint32_t)(stack->segment.base + (top & 0xFFFF));
    } else {
        *linear = (uint32_t)(stack->segment.base + top);
    }
    return top;
}

bool deliver_push_frame(struct deliver_attempt *attempt, uint64_t *top)
{
    uint8_t bytes[FRAME_BYTES];
    uint64_t linear = 0;
    uint64_t pointer = find_top(attempt, &linear);
    const struct sim_access access = {linear, SIM_ACCESS_WRITE, push_mode(attempt)};
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;
    char what[sizeof attempt->stack.name + 8];

    if (!mark_segments(attempt)) {
        return false;
    }
    build_frame(attempt, bytes);
    result = sim_mmu_write_as(&attempt->mmu, access, bytes, deliver_frame_size(attempt), &failure);
    if (result == SIM_TRANSFER_DONE) {
        *top = pointer;
        return true;
    }
    if (result == SIM_TRANSFER_FAULT && failure.walk.outcome == SIM_WALK_NONCANONICAL) {
        return deliver_fail(attempt, VECTOR_SS, deliver_external_bit(attempt),
                            "push to %s at 0x%" PRIx64 ": the address is not canonical",
                            attempt->stack.name, failure.access.linear);
    }
    (void)snprintf(what, sizeof what, "push to %s", attempt->stack.name);
    return deliver_fail_transfer(attempt, result, &failure, what);
}
