/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The timer runs and interrupts are on, but its line was never unmasked in the 8259 pair. */
        .include "kernel.inc"

        function broken
        out_byte 0x21, 0xFF             /* all lines of both 8259 are masked */
        out_byte 0xA1, 0xFF
        out_byte 0x43, 0x34             /* 8254: channel 0, rate generator */
        out_byte 0x40, 0xA9             /* 1193: a millisecond */
        out_byte 0x40, 0x04
        sti
1:      hlt
        jmp     1b
        end_function broken
