/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel polls a device that never becomes ready. */
        .include "kernel.inc"

        function broken
1:      in      $0x64, %al
        test    $1, %al
        jz      1b
        jmp     survived
        end_function broken
