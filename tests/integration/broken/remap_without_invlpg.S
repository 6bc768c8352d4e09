/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page is mapped to another frame and the old translation not flushed: the store goes to
 * the old frame.
 */
        .include "kernel.inc"

        function broken
        movq    $1, PAGE
        call    remap
        movq    $2, PAGE
        jmp     survived
        end_function broken

        function remap
        set_pte PAGE, OTHER_PAGE + P + RW
        ret
        end_function remap
