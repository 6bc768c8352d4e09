/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ELF64 entered in 64-bit mode: prints three numbers of RDRAND and one of RDSEED, one a line. */
        .include "hello.inc"

        .macro  print_number instruction
1:      \instruction %rbx
        jnc     1b
        mov     $16, %ecx
2:      rol     $4, %rbx
        mov     %ebx, %eax
        and     $0xF, %eax
        mov     digits(%rax), %al
        mov     $0x3F8, %edx
        outb    %al, %dx
        loop    2b
        mov     $'\n', %al
        outb    %al, %dx
        .endm

        .text
        .globl  entry
entry:  print_number rdrand
        print_number rdrand
        print_number rdrand
        print_number rdseed
        leave_with 0x10

        .section .rodata
digits: .ascii  "0123456789abcdef"
