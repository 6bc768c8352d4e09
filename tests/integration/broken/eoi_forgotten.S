/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timer's handler does not send an EOI to the 8259: there is one interrupt, and never a
 * second.
 */
        .include "kernel.inc"

        function broken
        set_gate 0x20, timer
        out_byte 0x20, 0x11             /* 8259: ICW1 to ICW4, vectors from 0x20 */
        out_byte 0x21, 0x20
        out_byte 0x21, 0x04
        out_byte 0x21, 0x01
        out_byte 0x21, 0xFE
        out_byte 0xA1, 0xFF
        out_byte 0x43, 0x34             /* 8254: channel 0, rate generator */
        out_byte 0x40, 0x00
        out_byte 0x40, 0x10
        sti
1:      hlt
        cmpl    $2, ticks
        jb      1b
        jmp     survived
        end_function broken

        function timer
        incl    ticks
        iretq
        end_function timer

        .data
ticks:  .long   0
