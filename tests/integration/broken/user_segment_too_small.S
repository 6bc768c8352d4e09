/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data segment of a 32-bit program was meant to have 4 GiB, but G was forgotten: it has 1 MiB. */
        .include "kernel.inc"

        .set    CODE_32, SPARE + 3
        .set    DATA_32, SPARE + 8 + 3

        function broken
        movabs  $0x00CFFB000000FFFF, %rax
        mov     %rax, gdt + SPARE
        movabs  $0x004FF3000000FFFF, %rax
        mov     %rax, gdt + SPARE + 8
        enter_ring_3 user, CODE_32
        end_function broken

        user_function user
        .code32
        mov     $DATA_32, %eax
        mov     %eax, %ds
        mov     user_stack_top - 4, %eax
        jmp     .
