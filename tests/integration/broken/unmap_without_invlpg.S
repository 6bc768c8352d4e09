/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page is unmapped and its translation not flushed. */
        .include "kernel.inc"

        function broken
        mov     PAGE, %rax
        call    unmap
        mov     PAGE, %rax
        jmp     survived
        end_function broken

        function unmap
        set_pte PAGE, 0
        ret
        end_function unmap
