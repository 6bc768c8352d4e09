/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Segment descriptors as delivery of exceptions and returns from handlers need
 * them: taken apart, but not judged. Spec: [SDM 3A] 3.4.5.
 */
#ifndef DRYDOCK_SIM_SEGMENT_H
#define DRYDOCK_SIM_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/mmu/mmu_walk.h"

/** Bits of `attributes`, which is the upper half of the descriptor. Spec: [SDM 3A] figure 3-8. */
enum sim_segment_attribute {
    SIM_SEGMENT_ACCESSED = 1 << 8,
    SIM_SEGMENT_WRITABLE = 1 << 9,     /**< of a data segment */
    SIM_SEGMENT_EXPAND_DOWN = 1 << 10, /**< of a data segment */
    SIM_SEGMENT_CONFORMING = 1 << 10,  /**< of a code segment */
    SIM_SEGMENT_CODE = 1 << 11,
    SIM_SEGMENT_S = 1 << 12, /**< code or data, not a system segment */
    SIM_SEGMENT_PRESENT = 1 << 15,
    SIM_SEGMENT_LONG = 1 << 21, /**< L */
    SIM_SEGMENT_BIG = 1 << 22,  /**< D/B */
    SIM_SEGMENT_GRANULARITY = 1 << 23,
};

/** A descriptor, taken apart. */
struct sim_segment {
    uint64_t address; /**< linear address of the descriptor */
    uint32_t base;
    uint32_t limit; /**< in bytes, granularity applied */
    uint32_t attributes;
};

/**
 * Where a selector's descriptor is.
 *
 * @param selector  not null
 * @param[out] address  linear address in the GDT or LDT; untouched on failure
 * @return whether all 8 bytes are within the table's limit; never for an LDT that is not loaded
 */
bool sim_segment_find(const struct sim_cpu *cpu, uint16_t selector, uint64_t *address);

/** Take a descriptor apart that was read from @p address. */
struct sim_segment sim_segment_decode(uint64_t address, uint64_t descriptor);

/**
 * Whether a stack has room for bytes at an offset: within its limit, and not beyond its end at
 * 64 KiB or 4 GiB. Spec: [SDM 3A] 5.3.
 *
 * @param size  1..65535
 */
bool sim_segment_has_room(const struct sim_segment *stack, uint32_t offset, uint32_t size);

/**
 * The stack in use outside 64-bit mode.
 *
 * The processor remembers base and limit from when SS was loaded; here they are read from the table
 * again. A selector that names no writable data segment now, as after a boot loader whose GDT is
 * gone, means a flat segment. B is that of cpu->stack.
 */
struct sim_segment sim_segment_current_stack(const struct sim_mmu *mmu);

/** Whether CR0.PE is 0. */
bool sim_cpu_in_real_mode(const struct sim_cpu *cpu);

/** Whether EFER.LMA is 1: 64-bit mode or compatibility mode. */
bool sim_cpu_in_long_mode(const struct sim_cpu *cpu);

/** CPL in every mode: 0 in real mode, 3 in virtual-8086 mode. Spec: [SDM 3A] 5.5. */
unsigned int sim_cpu_current_privilege(const struct sim_cpu *cpu);

/** Whether an address is canonical in the current paging mode. Spec: [SDM 1] 3.3.7.1. */
bool sim_cpu_is_canonical(const struct sim_cpu *cpu, uint64_t linear);

/** DPL, 0..3. */
static inline unsigned int sim_segment_dpl(const struct sim_segment *segment)
{
    return (segment->attributes >> 13) & 3u;
}

static inline bool sim_segment_is_code(const struct sim_segment *segment)
{
    return (segment->attributes & SIM_SEGMENT_S) != 0 &&
           (segment->attributes & SIM_SEGMENT_CODE) != 0;
}

static inline bool sim_segment_is_writable_data(const struct sim_segment *segment)
{
    return (segment->attributes & SIM_SEGMENT_S) != 0 &&
           (segment->attributes & SIM_SEGMENT_CODE) == 0 &&
           (segment->attributes & SIM_SEGMENT_WRITABLE) != 0;
}

/** "code", "data" or "system", for sentences. */
static inline const char *sim_segment_kind(const struct sim_segment *segment)
{
    if ((segment->attributes & SIM_SEGMENT_S) == 0) {
        return "system";
    }
    return (segment->attributes & SIM_SEGMENT_CODE) != 0 ? "code" : "data";
}

#endif
