/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LTR with the selector of a data segment. */
        .include "kernel.inc"

        function broken
        mov     $KERNEL_DATA, %eax
        ltr     %ax
        jmp     survived
        end_function broken
