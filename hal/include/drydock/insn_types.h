/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Operands of instructions that are not plain integers; shared by all insn.h.
 */
#ifndef DRYDOCK_INSN_TYPES_H
#define DRYDOCK_INSN_TYPES_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"

/**
 * Memory operand of LGDT, SGDT, LIDT and SIDT in 64-bit mode.
 *
 * Spec: [SDM 3A] 2.4.1, figure 2-6.
 */
struct DD_PACKED dd_table_register {
    uint16_t limit; /**< size of the table in bytes, minus one */
    dd_vaddr base;  /**< linear address of the table's first byte */
};

_Static_assert(sizeof(struct dd_table_register) == 10, "the operand is 2 + 8 bytes");

/** Memory operand of INVPCID. Spec: [SDM 2A] INVPCID, figure 3-24. */
struct dd_invpcid_descriptor {
    uint64_t pcid; /**< 0..4095 */
    dd_vaddr address;
};

_Static_assert(sizeof(struct dd_invpcid_descriptor) == 16, "PCID in the low half");

/** Memory operand of FXSAVE and FXRSTOR. Spec: [SDM 1] 10.5.1. */
struct dd_fxsave_area {
    _Alignas(16) uint8_t bytes[512];
};

/** Registers as CPUID leaves them. Spec: [SDM 2A] CPUID. */
struct dd_cpuid {
    uint32_t eax;
    uint32_t ebx;
    uint32_t ecx;
    uint32_t edx;
};

#endif
