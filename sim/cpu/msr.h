/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Model-specific registers: which exist, which values they take, and where each
 * is kept. The list is msr.def. Spec: [SDM 4] 2.1; [SDM 2] RDMSR, WRMSR.
 */
#ifndef DRYDOCK_SIM_MSR_H
#define DRYDOCK_SIM_MSR_H

#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/util/error.h"
#include "sim/cpu/system.h"

/** Numbers of those that other parts of the simulator ask for. */
#define SIM_MSR_TSC          0x10u
#define SIM_MSR_APIC_BASE    0x1Bu
#define SIM_MSR_MISC_ENABLE  0x1A0u
#define SIM_MSR_DEBUGCTL     0x1D9u
#define SIM_MSR_PAT          0x277u
#define SIM_MSR_MTRR_DEFAULT 0x2FFu
#define SIM_MSR_PKRS         0x6E1u
#define SIM_MSR_XSS          0xDA0u
#define SIM_MSR_EFER         0xC0000080u
#define SIM_MSR_VM_CR        0xC0010114u

enum sim_msr_outcome {
    SIM_MSR_DONE,    /**< read, or written */
    SIM_MSR_ENGINE,  /**< allowed, but the engine keeps the register: nothing is done */
    SIM_MSR_REFUSED, /**< #GP(0); the reason is set */
};

/**
 * Read a register at CPL 0.
 *
 * @param index       as in ECX
 * @param[out] value  only with SIM_MSR_DONE
 * @param[out] reason "IA32_XSS (0xda0): the processor has no such register": only with SIM_MSR_REFUSED
 */
enum sim_msr_outcome sim_msr_read(const struct sim_system *system, uint32_t index, uint64_t *value,
                                  struct sim_error *reason);

/**
 * Write a register at CPL 0. Nothing is changed unless the result is SIM_MSR_DONE.
 *
 * @param cpu  for CR0.PG, EFER and the width of physical addresses
 */
enum sim_msr_outcome sim_msr_write(struct sim_system *system, const struct sim_cpu *cpu,
                                   uint32_t index, uint64_t value, struct sim_error *reason);

/** A register kept in sim_system.msr, IA32_PAT for example; 0 if it is not one of these. */
uint64_t sim_msr_stored(const struct sim_system *system, uint32_t index);

/** Load the registers in sim_system.msr with their values after reset. */
void sim_msr_reset(struct sim_system *system);

/** Time-stamp counter: virtual time plus IA32_TSC_ADJUST. Spec: [SDM 3A] 17.17, 17.17.3. */
uint64_t sim_msr_time_stamp(const struct sim_system *system);

/** "IA32_EFER"; for one of several in a row the name of all; NULL if unknown. */
const char *sim_msr_name(uint32_t index);

#endif
