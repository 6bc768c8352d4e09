/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function that calls itself until the stack reaches its guard page. #DF has no IST. */
        .include "kernel.inc"

        function broken
        set_gate 14, survived
        set_gate 8, survived
        mov     $1, %edi
        call    recurse
        jmp     survived
        end_function broken

        function recurse
        push    %rbp
        mov     %rsp, %rbp
        sub     $32, %rsp
        call    recurse
        leave
        ret
        end_function recurse
