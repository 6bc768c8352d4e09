/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call through a function pointer of a module that was unloaded. */
        .include "kernel.inc"

        function broken
        mov     $ABSENT + 0x10, %eax
        call    *%rax
        jmp     survived
        end_function broken
