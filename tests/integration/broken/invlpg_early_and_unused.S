/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page is flushed, used once more, and then unmapped and read, with no branch between the write
 * and the read.
 */
        .include "kernel.inc"

        function broken
        invlpg  PAGE
        mov     PAGE, %rax
        set_pte PAGE, 0
        mov     PAGE, %rdx
        jmp     survived
        end_function broken
