/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A register of the local APIC is written with 8 bits; it takes 32. */
        .include "kernel.inc"

        function broken
        mov     $0xFEE000B0, %eax
        movb    $0, (%rax)
        jmp     survived
        end_function broken
