/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * SYSCALL, SYSRET, SYSENTER and SYSEXIT: changes of privilege that read no
 * memory. Selectors come from model-specific registers; whatever the GDT says,
 * the segments are flat code and data with fixed attributes.
 *
 * As on Intel processors: SYSCALL and SYSRET exist only in 64-bit mode, R11 keeps
 * RF, and SYSRET to an address that is not canonical faults at CPL 0. On AMD
 * processors both work in legacy and compatibility mode too (STAR, CSTAR), and
 * SYSENTER and SYSEXIT do not work in IA-32e mode. [AMD64 v2] 6.1.
 */
#ifndef DRYDOCK_SIM_FAST_CALL_H
#define DRYDOCK_SIM_FAST_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/cpu/cpu.h"
#include "sim/machine/machine.h"

enum sim_fast_call_kind {
    SIM_SYSCALL,
    SIM_SYSRET,
    SIM_SYSENTER,
    SIM_SYSEXIT,
};

/** The model-specific registers these instructions use. Spec: [SDM 3A] 5.8.7, 5.8.8. */
struct sim_fast_call_msrs {
    uint64_t star;  /**< IA32_STAR */
    uint64_t lstar; /**< IA32_LSTAR; canonical, WRMSR sees to that */
    uint64_t fmask; /**< IA32_FMASK */
    uint64_t sysenter_cs;
    uint64_t sysenter_esp, sysenter_eip; /**< canonical */
};

/** One such instruction. */
struct sim_fast_call {
    enum sim_fast_call_kind kind;
    enum sim_width operand; /**< of SYSRET and SYSEXIT: SIM_WIDTH_64 with REX.W, else another */
    uint64_t next;          /**< linear address after the instruction; SYSCALL returns there */
    struct sim_fast_call_msrs msrs;
};

/** What became of it. */
struct sim_fast_call_result {
    bool faults;                    /**< `exception` and `reason` are set, nothing has changed */
    struct sim_exception exception; /**< #UD or #GP(0) */
    char reason[192];               /**< "SYSRET: RCX 0x… is not canonical" */
    bool single_step;               /**< a #DB trap (DR6.BS) comes before the next instruction */
};

/**
 * Execute one of the four instructions.
 *
 * The single-step trap after them depends on TF as they leave it: SYSCALL can mask it, and SYSRET
 * that sets TF traps at once, at the first instruction of the caller.
 *
 * @param[in,out] cpu        rip, rsp, rflags, cs, ss, code and stack are new unless it faults
 * @param[in,out] registers  the general registers; rip, rsp and rflags as in @p cpu
 *
 * Spec: [SDM 2] SYSCALL, SYSRET, SYSENTER, SYSEXIT, "Operation".
 */
struct sim_fast_call_result sim_fast_call(const struct sim_fast_call *call, struct sim_cpu *cpu,
                                          struct sim_registers *registers);

#endif
