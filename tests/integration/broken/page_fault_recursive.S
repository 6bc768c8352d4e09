/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The #PF handler reads what the fault was about and so faults itself, for ever. */
        .include "kernel.inc"

        function broken
        set_gate 14, handler
        mov     ABSENT, %rax
        jmp     survived
        end_function broken

        function handler
        mov     %cr2, %rax
        mov     (%rax), %rax
        add     $8, %rsp
        iretq
        end_function handler
