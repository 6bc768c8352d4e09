/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handler's segment is user code: a gate cannot lead to less privilege. */
        .include "kernel.inc"

        function broken
        set_gate 6, survived, INTERRUPT_GATE, USER_CODE
        ud2
        end_function broken
