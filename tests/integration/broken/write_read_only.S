/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store to a read-only page, with CR0.WP. */
        .include "kernel.inc"

        function broken
        set_pte PAGE, PAGE + P
        movq    $1, PAGE
        jmp     survived
        end_function broken
