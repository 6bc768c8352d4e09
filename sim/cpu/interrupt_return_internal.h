/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of return checks and of far CALL and JMP share: one attempt and how it fails.
 */
#ifndef DRYDOCK_SIM_INTERRUPT_RETURN_INTERNAL_H
#define DRYDOCK_SIM_INTERRUPT_RETURN_INTERNAL_H

#include "sim/cpu/interrupt_return.h"
#include "sim/cpu/segment.h"

enum return_vector {
    VECTOR_NP = 11,
    VECTOR_SS = 12,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
    VECTOR_AC = 17,
};

enum {
    RETURN_WORDS = 5 /* most words of a frame */
};

/** One return: the instruction, what its frame says, what is wrong with it. */
struct return_attempt {
    struct sim_mmu mmu;
    const char *name; /**< of the instruction */
    uint32_t word;    /**< bytes: 2, 4 or 8 */
    bool in_64_bit_mode;
    unsigned int cpl;
    uint64_t frame; /**< linear address */
    uint64_t rip, flags;
    uint16_t cs, ss;
    bool to_64_bit_mode; /**< CS names a 64-bit code segment */
    uint32_t code_limit;
    bool unknown; /**< something is not in RAM: no verdict */
    struct sim_return_check check;
};

/** Record a fault. Always returns false. */
SIM_PRINTF(4, 5)
bool return_fail(struct return_attempt *attempt, unsigned int vector, uint32_t error_code,
                 const char *format, ...);

/** Record the page fault that reading @p what met. Always returns false. */
bool return_fail_access(struct return_attempt *attempt, const struct sim_transfer_failure *failure,
                        const char *what);

/** Read memory without leaving a trace; if it is not in RAM, sets `unknown`. */
bool return_peek(struct return_attempt *attempt, struct sim_access access, void *buffer,
                 size_t size, struct sim_transfer_failure *failure);

/** Read the descriptor of a selector that is not null; @p name stands before "selector". */
bool return_read_segment(struct return_attempt *attempt, const char *name, uint16_t selector,
                         struct sim_segment *segment);

/** Check CS of the frame; sets to_64_bit_mode and code_limit. */
bool return_check_code(struct return_attempt *attempt);

/** Check SS of the frame; CS has been checked. */
bool return_check_stack(struct return_attempt *attempt);

#endif
