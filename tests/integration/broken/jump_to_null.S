/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call through a function pointer that is null. */
        .include "kernel.inc"

        function broken
        xor     %eax, %eax
        call    *%rax
        jmp     survived
        end_function broken
