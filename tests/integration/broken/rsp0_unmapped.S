/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interrupt in ring 3 wants the stack of TSS.RSP0, which is not mapped. */
        .include "kernel.inc"

        function broken
        set_gate 0x80, survived, INTERRUPT_GATE + 0x6000
        movq    $ABSENT + 0x1000, tss_rsp0
        enter_ring_3 user
        end_function broken

        user_function user
        int     $0x80
        jmp     .
