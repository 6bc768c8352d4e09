/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PS in a PML4E: there are no pages of 512 GiB. */
        .include "kernel.inc"

        function broken
        movabs  $0x83, %rax
        mov     %rax, pml4 + 8
        movabs  $0x8000000000, %rdi
        mov     (%rdi), %rax
        jmp     survived
        end_function broken
