/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The compiler used SSE, but CR4.OSFXSR is 0. */
        .include "kernel.inc"

        function broken
        mov     %cr4, %rax
        and     $~0x600, %rax
        mov     %rax, %cr4
        movaps  %xmm0, %xmm1
        jmp     survived
        end_function broken
