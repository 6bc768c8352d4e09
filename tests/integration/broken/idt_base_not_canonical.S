/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The address of the IDT lost its upper bit, so it is not canonical. */
        .include "kernel.inc"

        function broken
        lidt    wild_idt
        jmp     survived
        end_function broken

        .section .rodata
wild_idt: .short  0xFFF
        .quad   0x7FFFFFFF80100000
