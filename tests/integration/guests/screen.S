/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes to the screen only, from code whose segment does not begin at 0 and which looks at CR0 there, as
 * trampolines of kernels do. [SDM 3A] 3.4.
 */
        .include "hello.inc"

        .text
        .globl  entry
entry:  lgdt    table(%rip)
        pushq   $0x18
        pushq   $far_code - base
        lretq

        .code32
base:
far_code:
        mov     %cr0, %eax
        mov     %eax, %cr0
        mov     $0x10, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     $0xB8000, %edi
        mov     $greeting, %esi
        mov     $0x07, %ah
4:      lodsb
        test    %al, %al
        jz      5f
        stosw
        jmp     4b
5:      leave_with 0x10

        .section .rodata
greeting:
        .asciz  "hello from the screen"

        .balign 8
gdt:    .quad   0, 0x00AF9B000000FFFF, 0x00CF93000000FFFF
        .word   0xFFFF, base - 0x100000 /* 32-bit code from `base` on */
        .byte   0x10, 0x9B, 0xCF, 0
table:  .word   31
        .quad   gdt
