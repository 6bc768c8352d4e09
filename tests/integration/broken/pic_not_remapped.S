/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts are turned on with the 8259 as firmware left it: the timer arrives as vector 8,
 * the double fault.
 */
        .include "kernel.inc"

        function broken
        sti
1:      hlt
        jmp     1b
        end_function broken
