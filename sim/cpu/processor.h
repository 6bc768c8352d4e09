/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Which processor the machine has: the registers it has and what CPUID says.
 *
 * The first one announces what is executed, and nothing else: it is for kernels, which use what they
 * find. The other two are for code about registers. They have every register and every bit that the
 * register tables describe for a processor of that make, so that each can be written and read back.
 * What such a bit turns on is not executed: with XCR0.AVX set there is still no VADDPS, with CR4.VMXE
 * no VMXON. Executed in addition are protection keys for supervisor pages, MONITOR and MWAIT (Intel),
 * and INVLPGB, TLBSYNC and INVLPGA (AMD). SYSCALL, SYSENTER and canonical addresses are Intel's on all
 * of them (fast_call.h).
 */
#ifndef DRYDOCK_SIM_PROCESSOR_H
#define DRYDOCK_SIM_PROCESSOR_H

#include <stdbool.h>

enum sim_processor {
    SIM_PROCESSOR_EXECUTED, /**< what the engine and the machine execute */
    SIM_PROCESSOR_INTEL,    /**< the registers of recent Intel processors */
    SIM_PROCESSOR_AMD,      /**< the registers of recent AMD processors, with SVM and SEV */
};

/** Sets of processors, in the tables of registers and features. */
enum sim_processors {
    SIM_ON_NONE = 0, /**< known for its name's sake */
    SIM_ON_EXECUTED = 1 << SIM_PROCESSOR_EXECUTED,
    SIM_ON_INTEL = 1 << SIM_PROCESSOR_INTEL,
    SIM_ON_AMD = 1 << SIM_PROCESSOR_AMD,
    SIM_ON_ALL = SIM_ON_EXECUTED | SIM_ON_INTEL | SIM_ON_AMD,
    SIM_ON_ALL_BUT_AMD = SIM_ON_EXECUTED | SIM_ON_INTEL,
    SIM_ON_ALL_BUT_INTEL = SIM_ON_EXECUTED | SIM_ON_AMD,
    SIM_ON_NAMED = SIM_ON_INTEL | SIM_ON_AMD,
};

static inline bool sim_processor_is_in(enum sim_processor processor, enum sim_processors set)
{
    return ((unsigned int)set >> processor & 1u) != 0;
}

/** "executed", "intel", "amd". Whether there is a processor with this name; *processor is set if so. */
bool sim_processor_find(const char *name, enum sim_processor *processor);

#endif
