/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function writes past its local array, over its return address. */
        .include "kernel.inc"

        function broken
        call    overflow
        jmp     survived
        end_function broken

        function overflow
        sub     $16, %rsp
        mov     %rsp, %rdi
        mov     $0x41, %al
        mov     $24, %ecx
        rep     stosb
        add     $16, %rsp
        ret
        end_function overflow
