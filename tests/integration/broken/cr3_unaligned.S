/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PML4 was not aligned to a page: CR3 keeps only the upper bits of its address. */
        .include "kernel.inc"

        function broken
        mov     $misaligned_pml4, %eax
        mov     %rax, %cr3
        jmp     survived
        end_function broken

        .data
        .balign 4096
        .skip   32
misaligned_pml4:
        .quad   pdpt + P + RW
        .fill   511, 8, 0
