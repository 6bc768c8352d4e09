/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The type of the gate is 0xC, a call gate, instead of 0xE. */
        .include "kernel.inc"

        function broken
        set_gate 6, survived, 0x8C00
        ud2
        end_function broken
