/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A member of a structure is read through a null pointer. */
        .include "kernel.inc"

        function broken
        xor     %edi, %edi
        mov     0x18(%rdi), %rax
        jmp     survived
        end_function broken
