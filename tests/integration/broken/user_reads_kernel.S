/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A user program follows a pointer into the kernel. */
        .include "kernel.inc"

        function broken
        enter_ring_3 user
        end_function broken

        user_function user
        mov     gdt, %rax
        jmp     .
