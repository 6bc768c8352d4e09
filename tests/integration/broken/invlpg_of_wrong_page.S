/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page is unmapped, and the next page flushed. */
        .include "kernel.inc"

        function broken
        mov     PAGE, %rax
        set_pte PAGE, 0
        invlpg  OTHER_PAGE
        mov     PAGE, %rax
        jmp     survived
        end_function broken
