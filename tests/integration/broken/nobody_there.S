/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A driver uses the address of a device that is not there. */
        .include "kernel.inc"

        function broken
        mov     $0xD0000000, %eax
        mov     (%rax), %ecx
        jmp     survived
        end_function broken
