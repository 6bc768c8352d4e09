/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page is mapped over the table that maps it, and written: the store destroys the entry it
 * goes through.
 */
        .include "kernel.inc"

        function broken
        mov     $pt, %eax
        or      $P + RW, %eax
        mov     %rax, pt + (PAGE >> 12) * 8
        invlpg  PAGE
        movabs  $0x0123456789ABCDEF, %rax
        mov     %rax, PAGE + (PAGE >> 12) * 8
        mov     %cr3, %rax
        mov     %rax, %cr3
        mov     PAGE, %rax
        jmp     survived
        end_function broken
