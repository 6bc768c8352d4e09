/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ring 3 is entered at code whose page has no U/S. */
        .include "kernel.inc"

        function broken
        enter_ring_3 user
        end_function broken

        function user
        jmp     .
        end_function user
