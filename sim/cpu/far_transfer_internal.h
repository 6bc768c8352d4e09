/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What far_transfer.c and call_gate*.c share: one far CALL or JMP on its way.
 */
#ifndef DRYDOCK_SIM_FAR_TRANSFER_INTERNAL_H
#define DRYDOCK_SIM_FAR_TRANSFER_INTERNAL_H

#include "sim/cpu/far_transfer.h"
#include "sim/cpu/interrupt_return_internal.h"

enum far_vector {
    VECTOR_TS = 10,
};

/** One instruction. */
struct far_attempt {
    struct return_attempt attempt; /**< cs, rip: of the target */
    const struct sim_far_transfer *wanted;
    struct sim_segment code; /**< that CS will be */
    bool is_inward;          /**< to more privilege */
    uint64_t stack;          /**< RSP before the return address is pushed, then after */
};

/** Record a fault about a selector: "selector 0x… WHY". Always returns false. */
bool far_refuse(struct far_attempt *transfer, unsigned int vector, uint16_t selector,
                const char *why);

/** Check that `code` is a code segment there can be. */
bool far_check_code(struct far_attempt *transfer);

/** Check that `code` is present and the target within it. */
bool far_check_target(struct far_attempt *transfer);

/** Read words of the processor's own; no trace is left. */
bool far_read_implicitly(struct far_attempt *transfer, uint64_t linear, void *buffer, size_t size,
                         const char *what);

/** Check DPL and P of a call gate, which are in the upper half of its first 8 bytes. */
bool far_check_gate(struct far_attempt *transfer, uint32_t attributes);

/** Find the code segment a call gate names: sets `code` and `is_inward`. */
bool far_find_gate_code(struct far_attempt *transfer);

/** Write what is pushed: with a new stack the processor does it, else the rights of CPL count. */
bool far_write_stack(struct far_attempt *transfer, uint64_t linear, const void *bytes, size_t size);

/** A segment is loaded. */
bool far_mark_accessed(struct far_attempt *transfer, const struct sim_segment *segment);

/** Go through the call gate at a linear address; @p cpu changes if all is well. */
bool far_pass_gate(struct far_attempt *transfer, uint64_t address, struct sim_cpu *cpu);

/** The same outside IA-32e mode, where the gate has 8 bytes; @p result gets the segments. */
bool far_pass_protected_gate(struct far_attempt *far, uint64_t address, struct sim_cpu *cpu,
                             struct sim_far_result *result);

#endif
