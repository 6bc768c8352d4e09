/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Processor state that the machine keeps itself, because the engine does not
 * keep it or does not treat it as the manual says: debug registers, the model-
 * specific registers, XCR0, the blocking of NMIs, random numbers.
 */
#ifndef DRYDOCK_SIM_SYSTEM_H
#define DRYDOCK_SIM_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/cpu/processor.h"
#include "sim/machine/device.h"

/** Most model-specific registers that are plain storage. The list is msr.def. */
#define SIM_MSR_STORED_MAX 96u

/**
 * Registers that belong to a device, answered by it: the local APIC (CR8, x2APIC, APIC base,
 * TSC deadline). Functions return false for #GP(0); registers are numbered as MSRs.
 */
struct sim_apic_registers {
    void *self; /**< NULL: there is no local APIC; the functions are not called */
    bool (*read_msr)(void *self, uint32_t index, uint64_t *value);
    bool (*write_msr)(void *self, uint32_t index, uint64_t value);
    uint8_t (*read_cr8)(const void *self);           /**< 0..15 */
    void (*write_cr8)(void *self, uint8_t priority); /**< 0..15 */
};

/** Plain data except for `apic` and `clock`: a snapshot copies it. See sim_system_init. */
struct sim_system {
    uint64_t dr[4]; /**< DR0 to DR3 */
    uint64_t dr6, dr7;
    uint64_t debug_held; /**< bits of DR6 whose #DB waits for the end of an instruction */
    enum sim_processor processor;
    uint64_t xcr0;                    /**< the engine has what it knows of it */
    uint64_t efer_more;               /**< bits of IA32_EFER that the engine does not keep */
    uint64_t msr[SIM_MSR_STORED_MAX]; /**< by position in msr.def; see sim_msr_stored */
    uint64_t tsc_offset;              /**< IA32_TSC_ADJUST: added to virtual time, modulo 2^64 */
    uint64_t random;                  /**< state of the generator behind RDRAND and RDSEED */
    bool nmi_blocked;                 /**< from the delivery of an NMI to the next IRET */
    struct sim_apic_registers apic;
    const struct sim_clock *clock;
};

/**
 * The state after reset. Spec: [SDM 3A] table 9-1.
 *
 * @param processor  whose registers it has
 * @param seed       of RDRAND and RDSEED; any value
 * @param clock      what the time-stamp counter counts; outlives the system
 */
void sim_system_init(struct sim_system *system, enum sim_processor processor, uint64_t seed,
                     const struct sim_clock *clock);

#endif
