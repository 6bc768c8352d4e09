/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handlers' code segment has both L and D. */
        .include "kernel.inc"

        function broken
        movabs  $0x00EF9B000000FFFF, %rax
        mov     %rax, gdt + SPARE
        set_gate 6, survived, INTERRUPT_GATE, SPARE
        ud2
        end_function broken
