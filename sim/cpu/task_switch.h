/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The hardware task switch of protected mode: the current task's registers go to its TSS, those of
 * another task come from its own. A far CALL or JMP to a TSS or a task gate leads to it, an exception
 * or interrupt whose gate is a task gate, and IRET with NT = 1.
 *
 * Not simulated, and refused with a sentence that says so: 16-bit TSSs, and tasks in virtual-8086
 * mode. Not modelled: shadow stacks, and the check of reserved bits in PDPTEs of PAE paging.
 */
#ifndef DRYDOCK_SIM_TASK_SWITCH_H
#define DRYDOCK_SIM_TASK_SWITCH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/cpu/interrupt_return.h"
#include "sim/cpu/segment.h"

#define SIM_TASK_REGISTERS 8u
#define SIM_TASK_SEGMENTS  6u

/** What a task has besides struct sim_cpu. */
struct sim_task {
    /** EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI: as instructions number them, and as a TSS has them. */
    uint32_t registers[SIM_TASK_REGISTERS];
    uint16_t selectors[SIM_TASK_SEGMENTS]; /**< by enum sim_segment_register */
    /** What a switch loaded with the selectors; attributes 0: nothing, the register is not usable.
     *  sim_deliver uses it for CS and SS; then attributes 0 mean the segment is as before. */
    struct sim_segment segments[SIM_TASK_SEGMENTS];
    bool switched; /**< this is another task now: a switch sets it */
    bool traps;    /**< its TSS asks for a debug trap before its first instruction: T = 1 */
};

enum sim_task_cause {
    SIM_TASK_JMP,
    SIM_TASK_CALL,
    SIM_TASK_EVENT,  /**< an exception or interrupt, or INT n */
    SIM_TASK_RETURN, /**< IRET with NT = 1 */
};

struct sim_task_switch {
    enum sim_task_cause cause;
    uint16_t
        selector; /**< of the TSS; not for SIM_TASK_RETURN, which finds it in the current one */
    uint64_t next, flags; /**< EIP and EFLAGS that the current task is to go on with */
    bool is_external;     /**< EXT of error codes. Spec: [SDM 3A] 6.13 */
    bool has_error_code;  /**< of the event: the new task finds it on its stack */
    uint32_t error_code;
};

struct sim_task_result {
    /** If it faults before the switch, the fault is the current task's and nothing has changed; if
     *  task->switched is set, the new task's. */
    struct sim_return_check check;
    bool refused; /**< there is no telling what a processor does; check.reason says why */
};

/**
 * Switch tasks. Whether the gate or the TSS may be used for it at this privilege level was checked.
 *
 * @param[in,out] cpu   in protected mode, not in IA-32e mode
 * @param[in,out] task  registers and selectors; ESP and those of CS and SS are taken from cpu
 * @param memory        gets the state of the current task, busy bits, the link, Accessed bits
 *
 * CR0.TS is 1 afterwards. A new CR3 is for the caller to flush the TLB for; the caller also
 * disables the local breakpoints of DR7.
 *
 * Spec: [SDM 3A] 7.3, table 7-1 and table 7-2; 17.2.4 in [SDM 3B] for DR7.
 */
struct sim_task_result sim_task_switch(const struct sim_task_switch *wanted, struct sim_cpu *cpu,
                                       struct sim_task *task, const struct sim_memory *memory);

#endif
