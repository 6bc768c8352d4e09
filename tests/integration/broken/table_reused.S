/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page table is unlinked, freed and used for data while the processor may still walk it. */
        .include "kernel.inc"

        function broken
        mov     $PAGE + P + RW, %eax    /* a table of its own for 2 to 4 MiB */
        mov     %rax, pd + 8
        mov     %cr3, %rax
        mov     %rax, %cr3
        movq    $OTHER_PAGE + P + RW, PAGE
        mov     0x200000, %rax
        movq    $0, pd + 8              /* unlinked; INVLPG is forgotten */
        movabs  $0x5555555555555555, %rax
        mov     %rax, PAGE
        jmp     survived
        end_function broken
