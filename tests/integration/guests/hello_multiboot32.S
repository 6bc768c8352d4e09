/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ELF32 by multiboot 1: loaded by its ELF headers. Needs memory information and says so. */
        .include "hello.inc"

        .section .multiboot, "ax"
        .code32
        .globl  entry
header: .long   0x1BADB002, 0x3, -(0x1BADB002 + 0x3)
entry:  cmp     $0x2BADB002, %eax
        jne     wrong
        testl   $0x1, (%ebx)            /* memory information */
        jz      wrong
        mov     $greeting, %esi
        say
        leave_with 0x10
wrong:  mov     $complaint, %esi
        say
        leave_with 0x11

        .section .rodata
greeting:
        .asciz  "hello from multiboot32\n"
complaint:
        .asciz  "EAX or EBX is wrong\n"
