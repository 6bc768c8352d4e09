/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CR3 is loaded with a page that has no tables in it. */
        .include "kernel.inc"

        function broken
        mov     $PAGE, %eax
        mov     %rax, %cr3
        jmp     survived
        end_function broken
