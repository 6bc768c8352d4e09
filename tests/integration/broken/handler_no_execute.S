/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of the handler is not executable (XD). */
        .include "kernel.inc"

        function broken
        movabs  $0x8000000000000000 | PAGE | P | RW, %rax
        mov     %rax, pt + (PAGE >> 12) * 8
        set_gate 6, PAGE
        ud2
        end_function broken
