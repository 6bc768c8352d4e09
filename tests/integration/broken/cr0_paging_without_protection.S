/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CR0 is written with PG but without PE. */
        .include "kernel.inc"

        function broken
        mov     %cr0, %rax
        and     $~1, %rax
        mov     %rax, %cr0
        jmp     survived
        end_function broken
