/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An address with bits above MAXPHYADDR in a PML4E. */
        .include "kernel.inc"

        function broken
        movabs  $0x000F000000000000 + pdpt + P + RW, %rax
        mov     %rax, pml4 + 8
        movabs  $0x8000000000, %rdi
        mov     (%rdi), %rax
        jmp     survived
        end_function broken
