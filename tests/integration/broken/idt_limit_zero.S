/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IDT is never loaded: its limit is 0. Then something goes wrong. */
        .include "kernel.inc"

        function broken
        lidt    no_idt
        ud2
        end_function broken

        .section .rodata
no_idt: .short  0
        .quad   0
