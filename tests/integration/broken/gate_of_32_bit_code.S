/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handlers' code segment has D instead of L: a descriptor kept from protected mode. */
        .include "kernel.inc"

        function broken
        movabs  $0x00CF9B000000FFFF, %rax
        mov     %rax, gdt + SPARE
        set_gate 6, survived, INTERRUPT_GATE, SPARE
        ud2
        end_function broken
