/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CR4.PAE is cleared in 64-bit mode: the value was built from nothing. */
        .include "kernel.inc"

        function broken
        mov     $0x600, %eax
        mov     %rax, %cr4
        jmp     survived
        end_function broken
