/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A 2 MiB page whose physical address is a multiple of 4 KiB only. */
        .include "kernel.inc"

        function broken
        movabs  $PAGE + P + RW + 0x80, %rax
        mov     %rax, pd + 8
        invlpg  0x200000
        mov     0x200000, %rax
        jmp     survived
        end_function broken
