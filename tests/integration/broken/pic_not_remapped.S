/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts are turned on with the 8259 as firmware left it: the timer arrives as vector 8,
 * the double fault.
 */
        .include "kernel.inc"

        function broken
        out_byte 0x20, 0x11             /* 8259: ICW1 to ICW4, vectors from 8 as firmware has them */
        out_byte 0x21, 0x08
        out_byte 0x21, 0x04
        out_byte 0x21, 0x01
        out_byte 0x43, 0x34             /* 8254: channel 0, rate generator */
        out_byte 0x40, 0x00
        out_byte 0x40, 0x10
        out_byte 0x21, 0xFE
        sti
1:      hlt
        jmp     1b
        end_function broken
