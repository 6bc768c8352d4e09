/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call into a page of zeros, which are instructions: add %al, (%rax). */
        .include "kernel.inc"

        function broken
        mov     $PAGE + 0x100, %eax
        mov     $ABSENT, %ecx
        xchg    %rax, %rcx
        call    *%rcx
        jmp     survived
        end_function broken
