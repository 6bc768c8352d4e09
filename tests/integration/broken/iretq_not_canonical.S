/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A context switch returns to an RIP that was never stored. */
        .include "kernel.inc"

        function broken
        pushq   $KERNEL_DATA
        pushq   $stack_top
        pushq   $0x2
        pushq   $KERNEL_CODE
        movabs  $0x5A5A5A5A5A5A5A5A, %rax
        push    %rax
        iretq
        end_function broken
