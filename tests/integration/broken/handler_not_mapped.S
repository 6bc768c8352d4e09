/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handler is in a page that is not mapped, and #PF has no gate. */
        .include "kernel.inc"

        function broken
        set_gate 6, ABSENT
        ud2
        end_function broken
