/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The upper half of the handler's address is garbage. */
        .include "kernel.inc"

        function broken
        set_gate 6, 0x1234567800000000
        ud2
        end_function broken
