/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel waits for an interrupt and forgot STI. */
        .include "kernel.inc"

        function broken
        hlt
        jmp     survived
        end_function broken
