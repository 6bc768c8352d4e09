/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The base of the GDT is not canonical. */
        .include "kernel.inc"

        function broken
        lgdt    wild_gdt
        jmp     survived
        end_function broken

        .section .rodata
wild_gdt: .short  0x3F
        .quad   0x8000000000100000
