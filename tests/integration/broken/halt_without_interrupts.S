/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel waits for an interrupt, but no device was told to send one. */
        .include "kernel.inc"

        function broken
        out_byte 0x21, 0xFF             /* all lines of both 8259 are masked */
        out_byte 0xA1, 0xFF
        sti
        hlt
        jmp     survived
        end_function broken
