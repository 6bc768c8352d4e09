/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Instructions in words, in AT&T syntax as the GNU tools print them.
 */
#ifndef DRYDOCK_SIM_DISASSEMBLY_H
#define DRYDOCK_SIM_DISASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/machine/machine.h"

/** Longest instruction in bytes. Spec: [SDM 2A] 2.3.11. */
#define SIM_DISASSEMBLY_BYTES 15u

struct sim_disassembly_line {
    uint64_t address;
    uint8_t bytes[SIM_DISASSEMBLY_BYTES];
    unsigned int size; /**< in bytes, at least 1 */
    bool valid;        /**< false: not an instruction; one byte, as ".byte 0x06" */
    bool has_target;   /**< a direct call or jump */
    uint64_t target;   /**< where it goes; valid if has_target */
    char text[96];     /**< "movq %rax, (%rdi)" */
};

/** Code that was read from the guest. */
struct sim_code {
    uint64_t address; /**< of the first byte */
    const uint8_t *bytes;
    size_t size;
    enum sim_width width; /**< of the code segment */
};

/**
 * Disassemble from the first byte on. What is not an instruction, or is cut off by the end of the
 * code, becomes a line of one byte, after which it goes on.
 *
 * @param capacity  lines there is room for
 * @return lines filled in; less than @p capacity when the code ended, 0 without memory
 */
size_t sim_disassemble(const struct sim_code *code, struct sim_disassembly_line *lines,
                       size_t capacity);

/** An operand in memory. */
struct sim_operand {
    uint64_t address;  /**< without the base of FS or GS */
    unsigned int size; /**< in bytes; 0: not known */
    bool vector;       /**< of an SSE instruction that also has an XMM operand */
};

/**
 * Find where the first instruction of the code would read or write memory.
 *
 * @param registers  as they are before it
 * @return whether it has such an operand that does not lie in FS or GS
 */
bool sim_disassembly_operand(const struct sim_code *code, const struct sim_registers *registers,
                             struct sim_operand *operand);

/** Most lines of a listing before its marked line, and after it. */
#define SIM_LISTING_BEFORE 5u
#define SIM_LISTING_AFTER  3u

/** The instructions around one of them. */
struct sim_listing {
    struct sim_disassembly_line lines[SIM_LISTING_BEFORE + 1 + SIM_LISTING_AFTER];
    size_t count;  /**< 0: nothing could be disassembled */
    size_t marked; /**< which line it is about */
};

/**
 * Disassemble around an address. Instructions before it are listed only if @p code starts at
 * one's first byte, as a function does, and one of those that follow starts at the address:
 * x86 cannot be disassembled backwards.
 *
 * @param address  within the code; the listing is empty otherwise
 */
void sim_disassemble_around(const struct sim_code *code, uint64_t address,
                            struct sim_listing *listing);

#endif
