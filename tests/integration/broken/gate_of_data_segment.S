/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gates name the kernel's data segment instead of its code segment. */
        .include "kernel.inc"

        function broken
        set_gate 6, survived, INTERRUPT_GATE, KERNEL_DATA
        ud2
        end_function broken
