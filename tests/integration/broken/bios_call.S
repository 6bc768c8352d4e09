/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel in 64-bit mode asks the BIOS to print a character. */
        .include "kernel.inc"

        function broken
        mov     $0x0E41, %eax
        int     $0x10
        jmp     survived
        end_function broken
