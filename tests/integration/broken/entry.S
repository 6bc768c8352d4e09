/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linked with kernels that do not enter the machine in a way of their own. */
        .include "kernel.inc"

        function entry
        mov     $stack_top, %rsp
        call    set_up_control
        call    set_up_segments
        call    set_up_tss
        lidt    idtr
        call    set_up_pages
        call    say_set_up
        jmp     broken
        end_function entry
