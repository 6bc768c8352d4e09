/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stack pointer is in a page that is not mapped; #PF and #DF have handlers but no stack
 * of their own (IST).
 */
        .include "kernel.inc"

        function broken
        set_gate 14, survived
        set_gate 8, survived
        mov     $ABSENT + 0x800, %rsp
        push    %rax
        end_function broken
