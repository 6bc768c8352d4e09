/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gate of #UD is complete but for its present bit. */
        .include "kernel.inc"

        function broken
        set_gate 6, survived, 0x0E00
        ud2
        end_function broken
