/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Exceptions, vectors 0 to 31: entry code with one frame layout for all.
 *
 * The entry code saves the general registers, clears RFLAGS.DF and calls
 * dd_kernel_exception(), then resumes from the frame with IRETQ. It is for a
 * kernel that runs at privilege level 0 only: it leaves GS (no SWAPGS),
 * RFLAGS.AC (no CLAC) and the x87 and vector registers alone, so a handler must
 * be compiled to general registers and exceptions must not come from level 3.
 */
#ifndef DRYDOCK_EXCEPTION_H
#define DRYDOCK_EXCEPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/idt.h"
#include "drydock/status.h"

/** Vectors the architecture keeps for exceptions. Spec: [SDM 3A] 6.2. */
#define DD_EXCEPTION_COUNT 32

/**
 * The interrupted program, on the stack of the handler. A handler may change
 * any member except vector and error_code, which have no effect.
 *
 * Spec: [SDM 3A] 6.14.2, figure 6-9, from rip on (with the error code below it).
 */
struct dd_exception_frame {
    uint64_t r15;
    uint64_t r14;
    uint64_t r13;
    uint64_t r12;
    uint64_t r11;
    uint64_t r10;
    uint64_t r9;
    uint64_t r8;
    uint64_t rdi;
    uint64_t rsi;
    uint64_t rbp;
    uint64_t rbx;
    uint64_t rdx;
    uint64_t rcx;
    uint64_t rax;
    uint64_t vector;     /**< 0..31 */
    uint64_t error_code; /**< as the processor pushed it; 0 if this vector has none */
    uint64_t rip;        /**< fault: the instruction; trap: the one after it */
    uint64_t cs;         /**< selector in bits 15:0; the others are undefined */
    uint64_t rflags;
    uint64_t rsp;
    uint64_t ss; /**< selector in bits 15:0; the others are undefined */
};

_Static_assert(offsetof(struct dd_exception_frame, rax) == 112, "15 registers are pushed");
_Static_assert(offsetof(struct dd_exception_frame, vector) == 120, "then come vector and code");
_Static_assert(offsetof(struct dd_exception_frame, rip) == 136, "the processor's part");
_Static_assert(offsetof(struct dd_exception_frame, ss) == 168, "[SDM 3A] figure 6-9");
/* The processor aligns the stack before it pushes: so the frame is aligned for a C call. */
_Static_assert(sizeof(struct dd_exception_frame) % 16 == 0, "aligned like the stack");

/**
 * The kernel's handler of exceptions; the kernel provides it.
 *
 * Called with interrupts off, on the stack the exception arrived on. Exceptions
 * may nest. Returning resumes the program described by the frame.
 *
 * @param frame  valid until the return
 */
void dd_kernel_exception(struct dd_exception_frame *frame);

/** Addresses of the entry code of vectors 0 to 31, for gates of the kernel's own making. */
extern const uint64_t dd_exception_entries[DD_EXCEPTION_COUNT];

/**
 * Describe the entry code of all exceptions in an IDT: interrupt gates for
 * privilege level 0, on the stack that is in use.
 *
 * A kernel that wants another stack for a vector, as it should for #DF, sets
 * that gate again with dd_exception_entries[vector].
 *
 * @param code_selector  64-bit code segment of privilege level 0; not null
 * @retval DD_OK    gates 0 to 31 are present
 * @retval DD_EARG  the selector is null; *idt untouched
 *
 * Spec: [SDM 3A] 6.14.1.
 */
DD_MUST_CHECK enum dd_status dd_exception_install(struct dd_idt *idt, uint16_t code_selector);

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
 * Whether the processor pushes an error code for a vector. (Never for INT n.)
 *
 * @param vector  any number; false above 31
 *
 * Spec: [SDM 3A] table 6-1, [AMD64 v2] 8.2.
 */
bool dd_exception_has_error_code(uint64_t vector);

#endif
