/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IDT is at a physical address, but LIDT takes a linear one. */
        .include "kernel.inc"

        function broken
        lidt    lost_idt
        ud2
        end_function broken

        .section .rodata
lost_idt: .short  0xFFF
        .quad   ABSENT
