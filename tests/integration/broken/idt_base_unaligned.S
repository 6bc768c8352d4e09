/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The base of the IDT is off by four bytes, so every gate is read from the wrong place. */
        .include "kernel.inc"

        function broken
        set_gate 6, survived
        lidt    shifted_idt
        ud2
        end_function broken

        .section .rodata
shifted_idt: .short  0xFFF
        .quad   idt + 4
