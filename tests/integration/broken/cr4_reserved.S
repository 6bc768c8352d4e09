/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reserved bit of CR4 is set. */
        .include "kernel.inc"

        function broken
        mov     %cr4, %rax
        bts     $31, %rax
        mov     %rax, %cr4
        jmp     survived
        end_function broken
