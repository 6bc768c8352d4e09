/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the task switch share: one switch on its way.
 */
#ifndef DRYDOCK_SIM_TASK_SWITCH_INTERNAL_H
#define DRYDOCK_SIM_TASK_SWITCH_INTERNAL_H

#include "sim/cpu/interrupt_return_internal.h"
#include "sim/cpu/task_switch.h"

enum {
    VECTOR_TS = 10
};

/** Offsets in a TSS. Spec: [SDM 3A] figure 7-2. */
enum task_field {
    TASK_LINK = 0,
    TASK_CR3 = 28,
    TASK_EIP = 32, /**< then EFLAGS, the general registers, and ES to GS: what is saved */
    TASK_EFLAGS = 36,
    TASK_REGISTERS = 40,
    TASK_SEGMENTS = 72,
    TASK_LDT = 96,
    TASK_TRAP = 100,
    TASK_BYTES = 104,
};

/** One switch. */
struct task_attempt {
    struct return_attempt attempt; /**< mmu.cpu: of the task in whose context faults are */
    const struct sim_task_switch *wanted;
    uint16_t selector;         /**< of the new TSS */
    struct sim_segment tss;    /**< the new one's */
    uint8_t image[TASK_BYTES]; /**< of the new TSS */
};

/** Record a fault about a selector, whose EXT bit is added. Always returns false. */
bool task_refuse(struct task_attempt *task, unsigned int vector, const char *name,
                 uint16_t selector, const char *why);

/** Read memory as the processor itself, leaving no trace. @p what: for the reason of a fault */
bool task_read(struct task_attempt *task, uint64_t linear, void *buffer, size_t size,
               const char *what);

/** Whether bytes could be written; nothing is. */
bool task_may_write(struct task_attempt *task, uint64_t linear, size_t size, const char *what);

/** Write what may be written. */
void task_write(const struct task_attempt *task, uint64_t linear, const void *bytes, size_t size);

/** Write the registers of the current task to its TSS; task_may_write has said yes. */
void task_save(const struct task_attempt *task, const struct sim_task *current);

/** Take CR3, EIP, EFLAGS, general registers and selectors from the image. */
void task_load_registers(const struct task_attempt *task, struct sim_cpu *cpu,
                         struct sim_task *loaded);

/** Load LDTR and the segment registers with the selectors, in the context of the new task. */
bool task_load_segments(struct task_attempt *task, struct sim_cpu *cpu, struct sim_task *loaded);

#endif
