/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Operands in memory that have to be aligned to 16 bytes: those of MOVAPS, MOVDQA, MOVNTPS and
 * their like, and of all other SSE instructions that use 16 bytes of memory. Unicorn looks at
 * FXSAVE, XSAVE and CMPXCHG16B, but not at these.
 *
 * Not found: 16-bit addresses, and VEX and EVEX forms, which the engine does not have.
 *
 * Spec: [SDM 1] 4.1.1, 11.4.4; [SDM 2] tables 2-17 to 2-24 ("Legacy SSE: memory operand is not
 * 16-byte aligned") and each instruction's "Exceptions".
 */
#ifndef DRYDOCK_SIM_ALIGNMENT_H
#define DRYDOCK_SIM_ALIGNMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/machine/machine.h"

/** What they have to be aligned to, in bytes. */
#define SIM_SSE_ALIGNMENT 16u

/** In place of a general register's number: none. */
#define SIM_NO_REGISTER 16u

/** An operand that has to be aligned: base + (index << shift) + displacement in a segment. */
struct sim_aligned_operand {
    uint8_t base, index; /**< 0..15 as instructions number them, or SIM_NO_REGISTER */
    uint8_t shift;
    enum sim_segment_register segment;
    enum sim_width address; /**< SIM_WIDTH_64 or SIM_WIDTH_32 */
    uint64_t displacement;  /**< with the RIP of the next instruction, if it counts from there */
};

/**
 * Whether the bytes begin with an instruction whose operand has to be aligned.
 *
 * @param rip           of the instruction
 * @param[out] operand  set if so
 */
bool sim_instruction_aligned_operand(const uint8_t *bytes, size_t size, enum sim_width code,
                                     uint64_t rip, struct sim_aligned_operand *operand);

/** Offset of the operand in its segment. */
uint64_t sim_aligned_operand_offset(const struct sim_aligned_operand *operand,
                                    const struct sim_registers *registers);

/** The code of a basic block. */
struct sim_basic_block {
    uint64_t rip; /**< of its first instruction */
    const uint8_t *bytes;
    size_t size;     /**< bytes in which instructions begin */
    size_t readable; /**< bytes there are, at least `size` */
    enum sim_width code;
};

/** One of those instructions in a basic block. */
struct sim_aligned_access {
    size_t at; /**< offset of the instruction in the block */
    size_t length;
    struct sim_aligned_operand operand; /**< as the instruction has it */
    /**
     * Whether `entry` is valid: with the registers as they are when the block is entered, it has
     * the same low four bits that `operand` has when the instruction is executed. It may have no
     * register at all.
     */
    bool is_foreseen;
    struct sim_aligned_operand entry;
};

/** Whether a basic block may contain one: a quick test, true too often rather than too rarely. */
bool sim_alignment_suspect(const uint8_t *bytes, size_t size);

/**
 * Find those instructions in a basic block.
 *
 * @param found    called with each of them, in order
 * @param context  passed to it
 */
void sim_alignment_scan(const struct sim_basic_block *block,
                        void (*found)(void *context, const struct sim_aligned_access *access),
                        void *context);

#endif
