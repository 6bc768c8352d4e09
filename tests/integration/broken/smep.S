/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel jumps to user code, with CR4.SMEP. */
        .include "kernel.inc"

        function broken
        mov     %cr4, %rax
        or      $0x100000, %rax
        mov     %rax, %cr4
        jmp     user
        end_function broken

        user_function user
        jmp     survived
