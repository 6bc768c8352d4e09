/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Segment descriptors and gates, taken apart and put into words.
 *
 * For the audit and for reports only. Neither hal nor delivery uses it, so that
 * a mistake in one of them is not repeated here.
 */
#ifndef DRYDOCK_SIM_DESCRIPTOR_H
#define DRYDOCK_SIM_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"

/** Which set of system descriptors there is. Spec: [SDM 3A] table 3-2. */
enum sim_descriptor_mode {
    SIM_DESCRIPTORS_LEGACY, /**< EFER.LMA = 0: all are 8 bytes long */
    SIM_DESCRIPTORS_IA32E,  /**< EFER.LMA = 1: system descriptors and gates have 16 bytes */
};

/** Types of system descriptors and gates. Spec: [SDM 3A] table 3-2, IA-32e column. */
enum sim_system_type {
    SIM_TYPE_LDT = 0x2,
    SIM_TYPE_TSS = 0x9,
    SIM_TYPE_BUSY_TSS = 0xB,
    SIM_TYPE_CALL_GATE = 0xC,
    SIM_TYPE_INTERRUPT_GATE = 0xE,
    SIM_TYPE_TRAP_GATE = 0xF,
};

/** A segment descriptor. Spec: [SDM 3A] figure 3-8, 8-4. */
struct sim_descriptor {
    uint64_t base;
    uint32_t limit;          /**< last offset, in bytes whatever G says */
    unsigned int type;       /**< 0..15 */
    unsigned int dpl;        /**< 0..3 */
    bool code_or_data;       /**< S = 1 */
    bool present, l, db;     /**< P, L, D/B */
    unsigned int upper_type; /**< bits 12:8 of the last doubleword, which must be 0; 16-byte ones */
};

/** Take the 8 bytes of a descriptor apart. */
struct sim_descriptor sim_descriptor_decode(uint64_t low);

/** Take the 16 bytes of an LDT or TSS descriptor of IA-32e mode apart. */
struct sim_descriptor sim_descriptor_decode_system(uint64_t low, uint64_t high);

/** A code segment: S = 1 and type bit 3. */
bool sim_descriptor_is_code(const struct sim_descriptor *descriptor);

/** "64-bit code segment, DPL 0" or "available 64-bit TSS at 0x1000, limit 0x67, DPL 0, not present". */
void sim_descriptor_describe(const struct sim_descriptor *descriptor, enum sim_descriptor_mode mode,
                             char *text, size_t size);

/** A call, interrupt or trap gate. Spec: [SDM 3A] figures 5-8, 5-9, 6-2, 6-8. */
struct sim_gate {
    uint64_t handler;
    uint16_t selector;
    unsigned int type; /**< 0..31: with S, which must be 0, as bit 4 */
    unsigned int dpl;  /**< 0..3 */
    unsigned int ist;  /**< 0..7; interrupt and trap gates of IA-32e mode */
    bool present;
};

/** Take a gate apart. @p high is ignored with SIM_DESCRIPTORS_LEGACY. */
struct sim_gate sim_gate_decode(enum sim_descriptor_mode mode, uint64_t low, uint64_t high);

/** "interrupt gate to 0x8:0x101000, DPL 0, IST 1". */
void sim_gate_describe(const struct sim_gate *gate, enum sim_descriptor_mode mode, char *text,
                       size_t size);

/** The set a processor uses now. */
enum sim_descriptor_mode sim_descriptor_mode_of(const struct sim_cpu *cpu);

#endif
