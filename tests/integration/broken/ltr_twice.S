/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LTR of a TSS that is loaded already, and so busy. */
        .include "kernel.inc"

        function broken
        mov     $TSS, %eax
        ltr     %ax
        jmp     survived
        end_function broken
