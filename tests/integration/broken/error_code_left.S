/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A #PF handler that does not take the error code off the stack before IRETQ. */
        .include "kernel.inc"

        function broken
        set_gate 14, handler
        mov     ABSENT, %rax
        jmp     survived
        end_function broken

        function handler
        push    %rax
        set_pte ABSENT, ABSENT + P + RW
        pop     %rax
        iretq
        end_function handler
