/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handler of the timer is an ordinary function: it ends with RET, not with IRETQ. */
        .include "kernel.inc"

        function broken
        set_gate 0x20, timer
        out_byte 0x20, 0x11             /* 8259: ICW1 to ICW4, vectors from 0x20 */
        out_byte 0x21, 0x20
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

        function timer
        out_byte 0x20, 0x20             /* EOI */
        ret
        end_function timer
