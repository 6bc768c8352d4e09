/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Interrupts and exceptions: entry code for all 256 vectors with one frame
 * layout, and a table of handlers.
 *
 * The entry code saves the general registers, gives the kernel its GS base
 * (SWAPGS) if privilege level 3 was interrupted, clears RFLAGS.DF and RFLAGS.AC,
 * calls dd_kernel_interrupt(), and resumes from the frame with IRETQ. Vectors
 * may nest. It leaves the x87 and vector registers alone: a handler must be
 * compiled to general registers, or save them.
 *
 * #DB, NMI, #DF and #MC may come where level 0 still has the GS base of level
 * 3, so their entry code looks at IA32_GS_BASE: a kernel that uses GS has its
 * base in the upper half of the address space, and gives level 3 none there
 * (CR4.FSGSBASE would let it take one).
 *
 * IRET ends the blocking of NMIs: a handler of NMI or #MC that causes an
 * exception itself may find its stack overwritten by the next NMI.
 *
 * Spec: [SDM 3A] 6.12 to 6.14.
 */
#ifndef DRYDOCK_INTERRUPT_H
#define DRYDOCK_INTERRUPT_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/idt.h"
#include "drydock/status.h"

/** Vectors there are. Spec: [SDM 3A] 6.2. */
#define DD_INTERRUPT_COUNT 256

/**
 * The interrupted program, on the stack of the handler. A handler may change
 * any member except vector and error_code, which have no effect.
 *
 * Spec: [SDM 3A] 6.14.2, figure 6-9, from rip on (with the error code below it).
 */
struct dd_interrupt_frame {
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
    uint64_t vector;     /**< 0..255; DD_SYSCALL_VECTOR after SYSCALL */
    uint64_t error_code; /**< as the processor pushed it; 0 if it pushed none */
    uint64_t rip;        /**< fault: the instruction; trap: the one after it */
    uint64_t cs;         /**< selector in bits 15:0; the others are undefined */
    uint64_t rflags;
    uint64_t rsp;
    uint64_t ss; /**< selector in bits 15:0; the others are undefined */
};

_Static_assert(offsetof(struct dd_interrupt_frame, rax) == 112, "15 registers are pushed");
_Static_assert(offsetof(struct dd_interrupt_frame, vector) == 120, "then come vector and code");
_Static_assert(offsetof(struct dd_interrupt_frame, rip) == 136, "the processor's part");
_Static_assert(offsetof(struct dd_interrupt_frame, ss) == 168, "[SDM 3A] figure 6-9");
/* The processor aligns the stack before it pushes: so the frame is aligned for a C call. */
_Static_assert(sizeof(struct dd_interrupt_frame) % 16 == 0, "aligned like the stack");

/** Privilege level a frame resumes: the RPL of its CS. Spec: [SDM 3A] 5.5. */
static inline unsigned int dd_interrupt_frame_privilege(const struct dd_interrupt_frame *frame)
{
    return (unsigned int)(frame->cs & 3);
}

/**
 * The kernel's handler of all interrupts and exceptions; the kernel provides it.
 * One that calls dd_interrupt_dispatch() with a table of its own is enough.
 *
 * Called with interrupts off, on the stack the interrupt arrived on. Returning
 * resumes the program described by the frame.
 *
 * @param frame  valid until the return
 */
void dd_kernel_interrupt(struct dd_interrupt_frame *frame);

/** Addresses of the entry code of every vector, for gates of the kernel's own making. */
extern const uint64_t dd_interrupt_entries[DD_INTERRUPT_COUNT];

/* Stacks of the interrupt stack table for vectors that may come at any instruction. */
#define DD_IST_DOUBLE_FAULT  1
#define DD_IST_NMI           2
#define DD_IST_MACHINE_CHECK 3
#define DD_IST_DEBUG         4

/** On which stacks exceptions arrive that may come at any instruction: #DB, NMI, #DF and #MC. */
enum dd_interrupt_stacks {
    DD_INTERRUPT_STACK_IN_USE, /**< whatever stack is in use, as for all other vectors */
    DD_INTERRUPT_STACKS_OWN,   /**< stacks DD_IST_… of the task-state segment, which must be set;
                                    needed with SYSCALL, which leaves RSP to level 3 */
};

/**
 * Describe the entry code of all 256 vectors in an IDT: interrupt gates for
 * privilege level 0.
 *
 * A gate that is to differ is read with dd_idt_get_gate(), changed and set
 * again: DPL 3 for the vectors that level 3 may use with INT n, for instance. A
 * trap gate must not be one that level 3 comes through.
 *
 * @param code_selector  64-bit code segment of privilege level 0; not null
 * @param stacks         see there
 * @retval DD_OK    all gates are present
 * @retval DD_EARG  the selector is null, or no such policy; *idt untouched
 *
 * Spec: [SDM 3A] 6.14.1, 6.14.5.
 */
DD_MUST_CHECK enum dd_status dd_interrupt_install(struct dd_idt *idt, uint16_t code_selector,
                                                  enum dd_interrupt_stacks stacks);

/**
 * Go on with the program a frame describes: what returning from a handler does,
 * without a handler. A scheduler resumes another thread so, user.h enters
 * privilege level 3.
 *
 * @param frame  all of it is checked by nobody but the processor; it may be anywhere
 *
 * Spec: [SDM 2A] IRET/IRETD/IRETQ.
 */
DD_NORETURN void dd_interrupt_resume(const struct dd_interrupt_frame *frame);

/** A handler. Spec: as for dd_kernel_interrupt. */
typedef void dd_interrupt_function(struct dd_interrupt_frame *frame, void *context);

/** A handler and what it is given, owned by the kernel; constant while it may be called. */
struct dd_interrupt_handler {
    dd_interrupt_function *function; /**< not NULL */
    void *context;
};

/**
 * Handlers by vector, owned by the kernel: one table for all processors or one
 * for each.
 */
struct dd_interrupt_table {
    const struct dd_interrupt_handler *_Atomic handlers[DD_INTERRUPT_COUNT]; /**< NULL: fallback */
    const struct dd_interrupt_handler *fallback;
};

/**
 * Make a table in which every vector has the same handler. No processor uses it yet.
 *
 * @param fallback  takes all vectors that get no handler of their own; kept
 * @retval DD_OK    *table is valid
 * @retval DD_EARG  the handler has no function; *table untouched
 */
DD_MUST_CHECK enum dd_status dd_interrupt_table_init(struct dd_interrupt_table *table,
                                                     const struct dd_interrupt_handler *fallback);

/**
 * Set the handler of a vector, in one store: interrupts find the old one or the
 * new one, on every processor that uses the table. Calls need no lock.
 *
 * The old handler may still be running afterwards, on other processors and in
 * what the caller interrupted. Before the kernel changes or frees it, what its
 * context points to, or its code, each processor must have answered something
 * that it cannot answer while it is in a handler: a fixed interprocessor
 * interrupt, if handlers keep interrupts off.
 *
 * @param handler  kept; NULL leaves the vector to the fallback
 * @retval DD_OK    the vector has this handler
 * @retval DD_EARG  the handler has no function; *table untouched
 *
 * Spec: [SDM 3A] 8.1.1, 8.2.2: the store is atomic, and seen after those before it.
 */
DD_MUST_CHECK enum dd_status dd_interrupt_set_handler(struct dd_interrupt_table *table,
                                                      uint8_t vector,
                                                      const struct dd_interrupt_handler *handler);

/**
 * Call the handler of the frame's vector. From dd_kernel_interrupt().
 *
 * @param frame  a vector above 255 goes to the fallback
 */
void dd_interrupt_dispatch(const struct dd_interrupt_table *table,
                           struct dd_interrupt_frame *frame);

#endif
