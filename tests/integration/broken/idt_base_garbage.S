/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LIDT is given the IDT itself instead of limit and base. */
        .include "kernel.inc"

        function broken
        set_gate 0, survived
        set_gate 6, survived
        lidt    idt
        ud2
        end_function broken
