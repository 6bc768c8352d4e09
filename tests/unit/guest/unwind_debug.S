/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As unwind.S: a function described in .debug_frame, and functions described nowhere. */
    .cfi_sections .debug_frame
    .section .text

/* 0x18 bytes of locals; the call returns to +9. */
    .globl unwind_described
    .type unwind_described, @function
unwind_described:
    .cfi_startproc
    subq $0x18, %rsp
    .cfi_adjust_cfa_offset 0x18
    call unwind_leaf
    addq $0x18, %rsp
    .cfi_adjust_cfa_offset -0x18
    ret
    .cfi_endproc
    .size unwind_described, . - unwind_described

/* A frame pointer only; the call returns to +9. */
    .globl unwind_framed
    .type unwind_framed, @function
unwind_framed:
    pushq %rbp
    movq %rsp, %rbp
    call unwind_leaf
    popq %rbp
    ret
    .size unwind_framed, . - unwind_framed

    .section .note.GNU-stack, "", @progbits
