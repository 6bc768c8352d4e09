/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page is made writable and not flushed, and the store faults although the tables allow
 * it.
 */
        .include "kernel.inc"

        function broken
        set_pte PAGE, PAGE + P
        mov     PAGE, %rax
        set_pte PAGE, PAGE + P + RW
        movq    $1, PAGE
        jmp     survived
        end_function broken
