/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ring 3 is entered with a null SS, which only 64-bit code of ring 0 may have. */
        .include "kernel.inc"

        function broken
        enter_ring_3 user, USER_CODE, 0x3
        end_function broken

        user_function user
        jmp     .
