/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An entry stub calls C with the stack off by eight bytes, and the compiler stores 16 bytes there. */
        .include "kernel.inc"

        function broken
        sub     $8, %rsp
        call    handler
        jmp     survived
        end_function broken

        function handler
        sub     $0x28, %rsp
        movaps  %xmm0, 0x10(%rsp)
        add     $0x28, %rsp
        ret
        end_function handler
