/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel copies data over its own handler: no byte of it is code any more. */
        .include "kernel.inc"

        function broken
        set_gate 6, handler
        mov     $handler, %edi
        mov     $0x06, %al              /* not an instruction in 64-bit mode */
        mov     $32, %ecx
        rep     stosb
        ud2
        end_function broken

        .balign 64
        function handler
        addq    $2, (%rsp)              /* past UD2 */
        iretq
        .fill   28, 1, 0x90
        end_function handler
