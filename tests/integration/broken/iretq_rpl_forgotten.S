/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The selectors for ring 3 lack their RPL: 0x20 instead of 0x23. */
        .include "kernel.inc"

        function broken
        enter_ring_3 user, 0x20, 0x18
        end_function broken

        user_function user
        jmp     .
