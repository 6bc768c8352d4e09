/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A global page is unmapped, and CR3 loaded to flush it, which global pages outlive. */
        .include "kernel.inc"

        function broken
        mov     %cr4, %rax
        or      $0x80, %rax             /* PGE */
        mov     %rax, %cr4
        set_pte PAGE, PAGE + P + RW + 0x100
        invlpg  PAGE
        mov     PAGE, %rax
        set_pte PAGE, 0
        mov     %cr3, %rax
        mov     %rax, %cr3
        mov     PAGE, %rax
        jmp     survived
        end_function broken
