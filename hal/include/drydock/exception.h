/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Exceptions, vectors 0 to 31: their names and which of them have an error code.
 */
#ifndef DRYDOCK_EXCEPTION_H
#define DRYDOCK_EXCEPTION_H

#include <stdbool.h>
#include <stdint.h>

/** Vectors the architecture keeps for exceptions. Spec: [SDM 3A] 6.2. */
#define DD_EXCEPTION_COUNT 32

/** Vectors of the exceptions, by the manual's mnemonics. Spec: [SDM 3A] table 6-1, [AMD64 v2] 8.2. */
enum dd_exception {
    DD_EXCEPTION_DE = 0,  /**< divide error */
    DD_EXCEPTION_DB = 1,  /**< debug exception */
    DD_EXCEPTION_NMI = 2, /**< non-maskable interrupt */
    DD_EXCEPTION_BP = 3,  /**< breakpoint */
    DD_EXCEPTION_OF = 4,  /**< overflow */
    DD_EXCEPTION_BR = 5,  /**< bound range exceeded */
    DD_EXCEPTION_UD = 6,  /**< invalid opcode */
    DD_EXCEPTION_NM = 7,  /**< device not available */
    DD_EXCEPTION_DF = 8,  /**< double fault */
    DD_EXCEPTION_TS = 10, /**< invalid TSS */
    DD_EXCEPTION_NP = 11, /**< segment not present */
    DD_EXCEPTION_SS = 12, /**< stack-segment fault */
    DD_EXCEPTION_GP = 13, /**< general protection */
    DD_EXCEPTION_PF = 14, /**< page fault */
    DD_EXCEPTION_MF = 16, /**< x87 floating-point error */
    DD_EXCEPTION_AC = 17, /**< alignment check */
    DD_EXCEPTION_MC = 18, /**< machine check */
    DD_EXCEPTION_XM = 19, /**< SIMD floating-point exception */
    DD_EXCEPTION_VE = 20, /**< virtualization exception */
    DD_EXCEPTION_CP = 21, /**< control protection exception */
    DD_EXCEPTION_HV = 28, /**< hypervisor injection exception */
    DD_EXCEPTION_VC = 29, /**< VMM communication exception */
    DD_EXCEPTION_SX = 30, /**< security exception */
};

/**
 * Name of an exception: the manual's mnemonic, if it has one, and a few words.
 *
 * @param vector  any number
 * @return a static string such as "#PF page fault"; "not an exception" above 31; never NULL
 *
 * Spec: [SDM 3A] table 6-1, [AMD64 v2] 8.2.
 */
const char *dd_exception_name(uint64_t vector);

/**
 * Whether the architecture gives a vector to an exception: not 9, 15, 22 to 27,
 * 31 and none above.
 *
 * @param vector  any number
 *
 * Spec: [SDM 3A] table 6-1, [AMD64 v2] 8.2.
 */
bool dd_exception_is_defined(uint64_t vector);

/**
 * Whether the processor pushes an error code for a vector. (Never for INT n.)
 *
 * @param vector  any number; false above 31
 *
 * Spec: [SDM 3A] table 6-1, [AMD64 v2] 8.2.
 */
bool dd_exception_has_error_code(uint64_t vector);

#endif
