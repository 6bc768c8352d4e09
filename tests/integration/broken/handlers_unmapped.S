/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All handlers, that of #PF too, are in a page that is not mapped: each entry faults again,
 * and every fault pushes another frame, until the stack is full.
 */
        .include "kernel.inc"

        function broken
        set_gate 6, ABSENT
        set_gate 14, ABSENT
        ud2
        end_function broken
