/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ELF64 entered in 64-bit mode: RDI is a PVH start info, and there is a stack. */
        .include "hello.inc"

        .text
        .globl  entry
entry:  cmpl    $0x336EC578, (%rdi)
        jne     wrong
        lea     8(%rsp), %rax
        test    $0xF, %al
        jnz     wrong
        push    %rdi
        pop     %rax
        cmp     %rax, %rdi
        jne     wrong
        lea     greeting(%rip), %rsi
        say
        leave_with 0x10
wrong:  lea     complaint(%rip), %rsi
        say
        leave_with 0x11

        .section .rodata
greeting:
        .asciz  "hello from entry64\n"
complaint:
        .asciz  "RDI or RSP is wrong\n"
