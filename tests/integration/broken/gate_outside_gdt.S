/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A gate with the boot loader's code selector, which the kernel's own GDT does not have. */
        .include "kernel.inc"

        function broken
        set_gate 6, survived, INTERRUPT_GATE, 0x80
        ud2
        end_function broken
