/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel goes to ring 3 with the task register as the boot loader left it, and forgets
 * LTR.
 */
        .include "kernel.inc"

        function entry
        mov     $stack_top, %rsp
        call    set_up_control
        call    set_up_segments
        lidt    idtr
        call    set_up_pages
        call    say_set_up
        set_gate 0x80, survived, INTERRUPT_GATE + 0x6000
        enter_ring_3 user
        end_function entry

        user_function user
        int     $0x80
        jmp     .
