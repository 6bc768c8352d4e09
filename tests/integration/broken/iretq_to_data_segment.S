/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frame for ring 3 has the selectors of SS and CS exchanged. */
        .include "kernel.inc"

        function broken
        enter_ring_3 user, USER_DATA, USER_CODE
        end_function broken

        user_function user
        jmp     .
