/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel reads user memory without STAC, with CR4.SMAP. */
        .include "kernel.inc"

        function broken
        mov     %cr4, %rax
        or      $0x200000, %rax
        mov     %rax, %cr4
        mov     user_stack_top - 8, %rax
        jmp     survived
        end_function broken
