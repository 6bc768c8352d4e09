/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A user program divides by zero, and nobody has made a gate for #DE. */
        .include "kernel.inc"

        function broken
        enter_ring_3 user
        end_function broken

        user_function user
        xor     %edx, %edx
        xor     %ecx, %ecx
        mov     $1, %eax
        div     %ecx
        jmp     .
