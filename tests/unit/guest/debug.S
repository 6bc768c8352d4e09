/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A handler of #DB that logs what it finds; debug_case.h describes the log. */
    .set debug_count, 0x223000
    .set debug_flags, 0x223008
    .set debug_log, 0x223100

    .section .text
    .globl guest_debug_handler
    .type guest_debug_handler, @function
guest_debug_handler:
    pushq %rax
    pushq %rcx
    movq debug_count, %rcx
    incq debug_count
    andl $63, %ecx
    shll $6, %ecx
    movq 16(%rsp), %rax
    movq %rax, debug_log(%rcx)
    movq 32(%rsp), %rax
    movq %rax, debug_log + 8(%rcx)
    movq %dr6, %rax
    movq %rax, debug_log + 16(%rcx)
    movq %dr7, %rax
    movq %rax, debug_log + 24(%rcx)
    xorl %eax, %eax
    movq %rax, %dr6
    movq %rax, %dr7                     /* the next instruction may be a breakpoint's business */
    movq 0x224000, %rax
    movq %rax, debug_log + 32(%rcx)
    movq debug_log + 24(%rcx), %rax
    movq %rax, %dr7
    movq debug_flags, %rax
    orq %rax, 32(%rsp)
    popq %rcx
    popq %rax
    iretq
    .size guest_debug_handler, . - guest_debug_handler

    .section .note.GNU-stack, "", @progbits
