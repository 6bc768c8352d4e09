/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel clears memory that it believes to be free, over the page tables in use. */
        .include "kernel.inc"

        function broken
        mov     $pml4, %edi
        xor     %eax, %eax
        mov     $0x1000, %ecx
        rep     stosb
        jmp     survived
        end_function broken
