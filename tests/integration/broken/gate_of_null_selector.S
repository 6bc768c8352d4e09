/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A gate whose selector was never filled in. */
        .include "kernel.inc"

        function broken
        set_gate 6, survived, INTERRUPT_GATE, 0
        ud2
        end_function broken
