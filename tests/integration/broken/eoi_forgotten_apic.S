/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handler of the local APIC's timer does not write the EOI register. */
        .include "kernel.inc"

        function broken
        set_gate 0x30, timer
        mov     $0xFEE00000, %ebx
        movl    $0x1FF, 0xF0(%rbx)      /* spurious vector, software enable */
        movl    $0xB, 0x3E0(%rbx)       /* divide by 1 */
        movl    $0x20030, 0x320(%rbx)   /* periodic, vector 0x30 */
        movl    $1000, 0x380(%rbx)
        out_byte 0x21, 0xFF             /* all lines of both 8259 are masked */
        out_byte 0xA1, 0xFF
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
