/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Leaves of CPUID for the files that make cpu.h: no leaf is read that does not exist.
 */
#ifndef DRYDOCK_SRC_CPU_LEAF_H
#define DRYDOCK_SRC_CPU_LEAF_H

#include "drydock/cpu.h"

/** A processor being read. */
struct cpu_reader {
    struct dd_cpu *cpu; /**< last_leaf and last_extended_leaf are known */
    dd_cpu_source *source;
    const void *context;
};

/** A leaf; all 0 if it is above the last of its range. */
struct dd_cpuid dd_cpu_leaf(const struct cpu_reader *reader, uint32_t leaf, uint32_t subleaf);

/** Widths, sizes and frequencies. Features and family are known already. */
void dd_cpu_read_properties(const struct cpu_reader *reader);

/** cpu->topology. Features are known already. */
void dd_cpu_read_topology(const struct cpu_reader *reader);

#endif
