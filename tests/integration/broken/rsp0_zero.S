/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TSS.RSP0 was never set: the first interrupt in ring 3 pushes below address 0. */
        .include "kernel.inc"

        function broken
        set_gate 0x80, survived, INTERRUPT_GATE + 0x6000
        movq    $0, tss_rsp0
        enter_ring_3 user
        end_function broken

        user_function user
        int     $0x80
        jmp     .
