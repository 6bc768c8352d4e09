/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of exception delivery share: one attempt and how it fails.
 */
#ifndef DRYDOCK_SIM_DELIVER_INTERNAL_H
#define DRYDOCK_SIM_DELIVER_INTERNAL_H

#include "sim/deliver.h"

enum deliver_vector {
    VECTOR_DF = 8,
    VECTOR_TS = 10,
    VECTOR_NP = 11,
    VECTOR_SS = 12,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
};

enum deliver_gate_type {
    GATE_INTERRUPT = 0xE,
    GATE_TRAP = 0xF
};

/** An IDT entry, taken apart. Spec: [SDM 3A] figure 6-8. */
struct deliver_gate {
    uint64_t handler;
    uint16_t selector;
    unsigned int ist, type, dpl;
    bool present;
};

/** One attempt: what is delivered, to whom, and what came in its way. */
struct deliver_attempt {
    struct sim_mmu mmu;
    const struct sim_exception *exception;
    struct deliver_gate gate;
    unsigned int privilege; /**< CPL of the handler */
    uint64_t stack;         /**< RSP before the frame, not yet aligned */
    /* after a failure */
    struct sim_exception obstacle;
    uint64_t fault_address; /**< if the obstacle is a page fault */
    bool shutdown;          /**< the processor cannot even raise an exception for it */
    struct sim_delivery_reason reason;
};

/** 1 unless an instruction asked for the interrupt. Spec: [SDM 3A] 6.13. */
uint32_t deliver_external_bit(const struct deliver_attempt *attempt);

/** Error code about a selector. Spec: [SDM 3A] figure 6-7. */
uint32_t deliver_selector_error(const struct deliver_attempt *attempt, uint16_t selector);

/** Record the obstacle: a vector, its error code and the reason. Always returns false. */
SIM_PRINTF(4, 5)
bool deliver_fail(struct deliver_attempt *attempt, unsigned int vector, uint32_t error_code,
                  const char *format, ...);

/** Record that the processor could not read or write @p what. Always returns false. */
bool deliver_fail_transfer(struct deliver_attempt *attempt, enum sim_transfer result,
                           const struct sim_transfer_failure *failure, const char *what);

/** Read the gate and the handler's code segment and check both; sets gate and privilege. */
bool deliver_find_handler(struct deliver_attempt *attempt);

#endif
