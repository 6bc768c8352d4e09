/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CR3 is loaded with an address where there is no memory. */
        .include "kernel.inc"

        function broken
        mov     $0x70000000, %eax
        mov     %rax, %cr3
        jmp     survived
        end_function broken
