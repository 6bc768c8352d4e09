/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IST of #DF points to memory that was never mapped. */
        .include "kernel.inc"

        function broken
        set_gate 8, survived, INTERRUPT_GATE + 1
        movq    $ABSENT + 0x1000, tss_ist1
        mov     $ABSENT + 0x800, %rsp
        push    %rax
        end_function broken
