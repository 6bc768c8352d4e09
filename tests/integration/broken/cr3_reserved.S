/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CR3 is loaded with the address of the tables in the higher half: bits above the physical
 * address are set.
 */
        .include "kernel.inc"

        function broken
        movabs  $0xFFFFFFFF80000000 + pml4, %rax
        mov     %rax, %cr3
        jmp     survived
        end_function broken
