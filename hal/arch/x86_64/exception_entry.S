/* SPDX-License-Identifier: MIT */
/*
 * Entry code of vectors 0 to 31, and the table of its addresses.
 *
 * The processor arrives at entry_N at privilege level 0, RFLAGS.IF clear, with
 * SS, RSP, RFLAGS, CS, RIP and perhaps an error code on a stack that it aligned
 * to 16 bytes before the first push [SDM 3A] 6.14.2. The rest of struct
 * dd_exception_frame is pushed here; its size is a multiple of 16, so RSP is as
 * the C ABI wants it at the call.
 *
 * No SWAPGS: the interrupted code is at privilege level 0 too, and GS is the
 * kernel's already.
 */

    .section .rodata
    .balign 8
    .globl dd_exception_entries
    .type dd_exception_entries, @object
dd_exception_entries:

/* Entry code of one vector, and its line of the table above. */
    .macro begin_entry vector
    .pushsection .rodata
    .quad entry_\vector
    .popsection
    .type entry_\vector, @function
entry_\vector:
    .endm

    .macro end_entry vector
    pushq $\vector
    jmp common_entry
    .size entry_\vector, . - entry_\vector
    .endm

    .macro entry_NONE vector
    begin_entry \vector
    pushq $0
    end_entry \vector
    .endm

    .macro entry_CODE vector
    begin_entry \vector
    end_entry \vector
    .endm

    .text
#define X(vector, name, error_code) entry_##error_code vector
#include "drydock/exception_list.def"
#undef X

    .section .rodata
    .size dd_exception_entries, . - dd_exception_entries

    .text
    .type common_entry, @function
common_entry:
    pushq %rax
    pushq %rcx
    pushq %rdx
    pushq %rbx
    pushq %rbp
    pushq %rsi
    pushq %rdi
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    cld
    movq %rsp, %rdi
    call dd_kernel_exception
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rdi
    popq %rsi
    popq %rbp
    popq %rbx
    popq %rdx
    popq %rcx
    popq %rax
    addq $16, %rsp  /* vector and error code */
    iretq
    .size common_entry, . - common_entry

    .section .note.GNU-stack, "", @progbits
