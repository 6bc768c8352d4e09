/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What CPUID says of the simulated processor: no more than the engine executes
 * or the machine does itself, unless it is one of the processors for code about
 * registers (processor.h). Which bits of CR4 and XCR0 exist follows from it.
 *
 * Spec: [SDM 2] CPUID.
 */
#ifndef DRYDOCK_SIM_CPUID_H
#define DRYDOCK_SIM_CPUID_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/cpu/system.h"

/** Width of linear addresses: 5-level paging exists. Spec: [SDM 2] CPUID leaf 80000008H. */
#define SIM_CPUID_LINEAR_BITS 57u

/** INVLPGB: how many pages after the first one it can name. Spec: [AMD64 v3] E.4.7. */
#define SIM_CPUID_INVLPGB_MAX 7u

/** SVM: how many address-space identifiers there are. Spec: [AMD64 v3] E.4.9. */
#define SIM_CPUID_ASIDS 0x8000u

/** The processor that is asked. */
struct sim_cpuid_processor {
    const struct sim_cpu *cpu; /**< for CR4 and the width of physical addresses */
    const struct sim_system *system;
    bool own_mmu; /**< PCID and INVPCID exist only with the machine's own MMU */
};

/** Result of CPUID. */
struct sim_cpuid {
    uint32_t eax, ebx, ecx, edx;
};

/**
 * What there is to know about the processor.
 *
 * @param leaf     EAX; one above the last, and of no known range, gives the last basic leaf
 * @param subleaf  ECX
 */
struct sim_cpuid sim_cpuid(const struct sim_cpuid_processor *processor, uint32_t leaf,
                           uint32_t subleaf);

/** Execute CPUID: the same, except that bit 22 of IA32_MISC_ENABLE makes 2 the last basic leaf.
 *  Spec: [SDM 4] table 2-2. */
struct sim_cpuid sim_cpuid_execute(const struct sim_cpuid_processor *processor, uint32_t leaf,
                                   uint32_t subleaf);

/**
 * Whether a value may be loaded into XCR0. Spec: [SDM 1] 13.3.
 *
 * @return NULL, or why not
 */
const char *sim_cpuid_check_xcr0(const struct sim_system *system, uint64_t value);

/** What the engine keeps of XCR0: x87, SSE, protection keys. */
#define SIM_CPUID_XCR0_EXECUTED UINT64_C(0x203)

/** CPUID leaf 0DH but for feature bits: components of XSAVE. Spec: [SDM 1] 13.2. */
struct sim_cpuid sim_cpuid_state(const struct sim_system *system, uint32_t subleaf);

/** The bits of CR4 that may be set. Spec: [SDM 3A] 2.5. */
uint64_t sim_cpuid_cr4_mask(const struct sim_cpuid_processor *processor);

/** "PCIDE" for 17; "no name" for a bit the manual does not name. */
const char *sim_cpuid_cr4_name(unsigned int bit);

/**
 * Whether the processor takes a linear address for the base of a table or segment, for an MSR or
 * for an invalidation: bits 63:56 are alike, whether CR4.LA57 is on or not, as Intel's processors
 * with 5-level paging do it. Memory accesses follow CR4.LA57.
 */
static inline bool sim_cpuid_is_canonical(uint64_t linear)
{
    uint64_t high = linear >> (SIM_CPUID_LINEAR_BITS - 1);

    return high == 0 || high == UINT64_MAX >> (SIM_CPUID_LINEAR_BITS - 1);
}

/** Bits 63:MAXPHYADDR. */
static inline uint64_t sim_cpuid_beyond_physical(const struct sim_cpu *cpu)
{
    return cpu->physical_bits < 64 ? UINT64_MAX << cpu->physical_bits : 0;
}

#endif
