/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 32-bit code with a function that is made to fail: `fail attempt 1 return -3`. */
        .include "hello.inc"

        .section .multiboot, "ax"
        .code32
        .globl  entry
header: .long   0x1BADB002, 0x0, -0x1BADB002
entry:  mov     $stack, %esp
        mov     $0x12345678, %ecx
        call    attempt
        cmp     $-3, %eax
        jne     wrong
        cmp     $0x12345678, %ecx       /* the function did nothing */
        jne     wrong
        cmp     $stack, %esp
        jne     wrong
        mov     $greeting, %esi
        say
        leave_with 0x10
wrong:  mov     $complaint, %esi
        say
        leave_with 0x11

        .globl  attempt
        .type   attempt, @function
attempt:
        xor     %ecx, %ecx
        xor     %eax, %eax
        ret
        .size   attempt, . - attempt

        .section .rodata
greeting:
        .asciz  "hello from fail32\n"
complaint:
        .asciz  "EAX, ECX or ESP is wrong\n"

        .bss
        .skip   4096
stack:
