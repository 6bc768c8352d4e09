/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call through a pointer with a wrong value, to an address that is mapped, but where nothing is. */
        .include "kernel.inc"

        function broken
        mov     $0xD0000000, %eax
        call    *%rax
        jmp     survived
        end_function broken
