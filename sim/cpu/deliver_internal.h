/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of exception delivery share: one attempt and how it fails.
 */
#ifndef DRYDOCK_SIM_DELIVER_INTERNAL_H
#define DRYDOCK_SIM_DELIVER_INTERNAL_H

#include "sim/cpu/deliver.h"
#include "sim/cpu/segment.h"

enum deliver_vector {
    VECTOR_DE = 0,
    VECTOR_DB = 1,
    VECTOR_NMI = 2,
    VECTOR_BP = 3,
    VECTOR_OF = 4,
    VECTOR_DF = 8,
    VECTOR_TS = 10,
    VECTOR_NP = 11,
    VECTOR_SS = 12,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
    VECTOR_MC = 18,
    VECTOR_VE = 20,
    VECTOR_CP = 21,
};

/** Spec: [SDM 3A] table 3-2. In IA-32e mode the last two are 64-bit and the others not allowed. */
enum deliver_gate_type {
    GATE_TASK = 0x5,
    GATE_INTERRUPT_16 = 0x6,
    GATE_TRAP_16 = 0x7,
    GATE_INTERRUPT = 0xE,
    GATE_TRAP = 0xF
};

/** An IDT entry, taken apart. Spec: [SDM 3A] figures 6-2 and 6-8. */
struct deliver_gate {
    uint64_t handler;
    uint16_t selector;
    unsigned int ist, type, dpl;
    bool present;
    size_t word; /**< bytes of each word of the frame: 2, 4 or 8 */
};

/** The stack the handler gets. */
struct deliver_stack {
    uint64_t pointer;           /**< before the frame */
    bool switched;              /**< to the stack of an inner privilege level: SS changes too */
    uint16_t selector;          /**< the new SS, if switched */
    struct sim_segment segment; /**< outside IA-32e mode */
    char name[24];              /**< "the stack" or "the stack of TSS.RSP0" */
};

/** One attempt: what is delivered, to whom, and what came in its way. */
struct deliver_attempt {
    struct sim_mmu mmu;
    const struct sim_exception *exception;
    struct deliver_gate gate;
    struct sim_segment code; /**< of the handler */
    unsigned int privilege;  /**< CPL of the handler */
    struct deliver_stack stack;
    /* after a failure */
    struct sim_exception obstacle;
    uint64_t fault_address; /**< if the obstacle is a page fault */
    bool memory_failed;     /**< an access to memory was the obstacle: `access` is valid */
    struct sim_access access;
    bool shutdown; /**< the processor cannot even raise an exception for it */
    char text[sizeof((struct sim_delivery_step *)0)->text];
};

/** What follows when an exception comes up while another one is delivered. */
enum deliver_next {
    DELIVER_SECOND,
    DELIVER_DOUBLE_FAULT,
    DELIVER_SHUTDOWN,
};

/** The table of double faults. Spec: [SDM 3A] tables 6-4 and 6-5. */
enum deliver_next deliver_combine(const struct sim_exception *first,
                                  const struct sim_exception *second);

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

/** Record that this is not simulated, which ends the delivery. Always returns false. */
SIM_PRINTF(2, 3)
bool deliver_refuse(struct deliver_attempt *attempt, const char *format, ...);

/** Read a descriptor the processor needs; @p what names it in the sentence of a failure. */
bool deliver_read_descriptor(struct deliver_attempt *attempt, uint64_t address, const char *what,
                             struct sim_segment *segment);

/** Read the gate and check it. */
bool deliver_find_gate(struct deliver_attempt *attempt);

/** Read the handler's code segment and check it; sets code and privilege. */
bool deliver_find_code(struct deliver_attempt *attempt);

/** Find the stack for the frame and check it; sets stack. */
bool deliver_find_stack(struct deliver_attempt *attempt);

/** Switch to the task of a task gate; changes @p cpu and @p task, and if a fault of the new task is the
 *  obstacle, these are the new task's. */
bool deliver_switch_task(struct deliver_attempt *attempt, struct sim_cpu *cpu,
                         struct sim_task *task);

/** RFLAGS as the handler is to find them. Spec: [SDM 3B] 17.3.1.1. */
uint64_t deliver_pushed_flags(const struct sim_cpu *cpu, const struct sim_exception *exception);

/** Check the handler's address against the canonical form or the segment's limit. */
bool deliver_check_entry(struct deliver_attempt *attempt);

/** Mark loaded segments accessed, then push the frame. @param[out] top the new stack pointer */
bool deliver_push_frame(struct deliver_attempt *attempt, uint64_t *top);

/** Bytes the frame takes. */
size_t deliver_frame_size(const struct deliver_attempt *attempt);

/** All of a delivery in real mode; changes @p cpu only on success. */
bool deliver_in_real_mode(struct deliver_attempt *attempt, struct sim_cpu *cpu);

#endif
