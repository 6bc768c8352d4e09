/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gate of #DF names IST2, which the TSS does not have: it is 0. */
        .include "kernel.inc"

        function broken
        set_gate 8, survived, INTERRUPT_GATE + 2
        mov     $ABSENT + 0x800, %rsp
        push    %rax
        end_function broken
