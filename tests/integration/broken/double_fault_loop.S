/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The double fault has an IST and a handler that waits for ever without saying anything. */
        .include "kernel.inc"

        function broken
        set_gate 8, wait_for_ever, INTERRUPT_GATE + 1
        mov     $ABSENT + 0x800, %rsp
        push    %rax
        end_function broken

        function wait_for_ever
        pause
        jmp     wait_for_ever
        end_function wait_for_ever
