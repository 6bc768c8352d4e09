/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system call gate 0x80 has DPL 0, so ring 3 cannot use it. */
        .include "kernel.inc"

        function broken
        set_gate 0x80, survived
        enter_ring_3 user
        end_function broken

        user_function user
        int     $0x80
        jmp     .
