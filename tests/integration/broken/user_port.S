/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A user program writes to a port; IOPL is 0 and the TSS has no I/O permission bitmap. */
        .include "kernel.inc"

        function broken
        enter_ring_3 user
        end_function broken

        user_function user
        mov     $0x3F8, %dx
        mov     $'u', %al
        out     %al, %dx
        jmp     .
