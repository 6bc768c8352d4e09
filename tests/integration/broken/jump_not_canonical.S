/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call through a function pointer that was overwritten. */
        .include "kernel.inc"

        function broken
        movabs  $0x4141414141414141, %rax
        call    *%rax
        jmp     survived
        end_function broken
