/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real mode: a table of far pointers, 4 bytes each, and three words on the
 * stack; no error codes, no privilege. The stack is SP in 64 KiB at SS * 16,
 * and the frame must not wrap around its end. [SDM 3A] 20.1.4; [SDM 2] INT n.
 */
#include "sim/cpu/deliver_internal.h"

#include <inttypes.h>
#include <stdio.h>

#define RFLAGS_TF (UINT64_C(1) << 8)
#define RFLAGS_IF (UINT64_C(1) << 9)
#define RFLAGS_AC (UINT64_C(1) << 18)

enum {
    POINTER_BYTES = 4,
    FRAME_BYTES = 6
};

static bool read_pointer(struct deliver_attempt *attempt, uint16_t pointer[2])
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    unsigned int vector = attempt->exception->vector;
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;

    if (vector * POINTER_BYTES + POINTER_BYTES - 1 > cpu->idt.limit) {
        return deliver_fail(attempt, VECTOR_GP, 0,
                            "IDT limit %" PRIu32 ": no entry for vector %u in the vector table",
                            cpu->idt.limit, vector);
    }
    result = sim_mmu_read(&attempt->mmu, cpu->idt.base + (uint64_t)vector * POINTER_BYTES, pointer,
                          POINTER_BYTES, &failure);
    if (result != SIM_TRANSFER_DONE) {
        char what[40];

        (void)snprintf(what, sizeof what, "vector %u of the vector table", vector);
        return deliver_fail_transfer(attempt, result, &failure, what);
    }
    return true;
}

static bool push(struct deliver_attempt *attempt, uint16_t *top)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    const uint16_t frame[] = {(uint16_t)cpu->rip, cpu->cs, (uint16_t)cpu->rflags};
    struct sim_segment stack = sim_segment_current_stack(&attempt->mmu);
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;

    *top = (uint16_t)(cpu->rsp - FRAME_BYTES);
    if (!sim_segment_has_room(&stack, *top, FRAME_BYTES)) {
        return deliver_fail(attempt, VECTOR_SS, 0, "the stack 0x%x:0x%x has no room for %d bytes",
                            cpu->ss, (unsigned int)(cpu->rsp & 0xFFFF), FRAME_BYTES);
    }
    result =
        sim_mmu_write(&attempt->mmu, (uint64_t)stack.base + *top, frame, sizeof frame, &failure);
    return result == SIM_TRANSFER_DONE ||
           deliver_fail_transfer(attempt, result, &failure, "push to the stack");
}

bool deliver_in_real_mode(struct deliver_attempt *attempt, struct sim_cpu *cpu)
{
    uint16_t pointer[2] = {0};
    uint16_t top = 0;

    if (!read_pointer(attempt, pointer) || !push(attempt, &top)) {
        return false;
    }
    cpu->rip = pointer[0];
    cpu->cs = pointer[1];
    cpu->code = SIM_WIDTH_16;
    cpu->rsp = (cpu->rsp & ~UINT64_C(0xFFFF)) | top;
    cpu->rflags &= ~(RFLAGS_TF | RFLAGS_IF | RFLAGS_AC);
    return true;
}
