/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page is made read-only and not flushed: it can still be written. */
        .include "kernel.inc"

        function broken
        movq    $1, PAGE
        call    protect
        movq    $2, PAGE
        jmp     survived
        end_function broken

        function protect
        set_pte PAGE, PAGE + P
        ret
        end_function protect
