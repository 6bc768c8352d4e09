/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions to unwind through, with call frame information in .eh_frame. They
 * are never executed. The test knows the offset of each call's return address.
 */
    .cfi_sections .eh_frame
    .section .text

/* Saves RBX; in its body CFA is RSP + 16. */
    .globl unwind_leaf
    .type unwind_leaf, @function
unwind_leaf:
    .cfi_startproc
    pushq %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_offset rbx, -16
    xorl %ebx, %ebx
    popq %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbx
    ret
    .cfi_endproc
    .size unwind_leaf, . - unwind_leaf

/* 0x28 bytes of locals; the call returns to +9. */
    .globl unwind_middle
    .type unwind_middle, @function
unwind_middle:
    .cfi_startproc
    subq $0x28, %rsp
    .cfi_adjust_cfa_offset 0x28
    call unwind_leaf
    addq $0x28, %rsp
    .cfi_adjust_cfa_offset -0x28
    ret
    .cfi_endproc
    .size unwind_middle, . - unwind_middle

/* A frame from RBX; its last instruction is a call, which returns to +9, the next function. */
    .globl unwind_no_return
    .type unwind_no_return, @function
unwind_no_return:
    .cfi_startproc
    movq %rsp, %rbx
    nop
    .cfi_def_cfa rbx, 8
    call unwind_middle
    .cfi_endproc
    .size unwind_no_return, . - unwind_no_return

/* Entered by an exception without an error code: RIP, CS, RFLAGS, RSP, SS. */
    .globl unwind_exception
    .type unwind_exception, @function
unwind_exception:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_def_cfa rsp, 40
    .cfi_offset rip, -40
    .cfi_offset rsp, -16
    call unwind_middle
    iretq
    .cfi_endproc
    .size unwind_exception, . - unwind_exception

/* Nobody called it; the call returns to +5. */
    .globl unwind_start
    .type unwind_start, @function
unwind_start:
    .cfi_startproc
    .cfi_undefined rip
    call unwind_middle
    hlt
    .cfi_endproc
    .size unwind_start, . - unwind_start

    .section .note.GNU-stack, "", @progbits
