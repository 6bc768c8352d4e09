/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paging is turned on with tables that do not map the code that does it. */
        .include "pvh.inc"

        mov     %cr4, %eax
        or      $0x20, %eax             /* PAE */
        mov     %eax, %cr4
        movl    $0, pdpt
        mov     $pml4, %eax
        mov     %eax, %cr3
        mov     $EFER, %ecx
        mov     $0x100, %eax            /* LME */
        xor     %edx, %edx
        wrmsr
        mov     %cr0, %eax
        bts     $31, %eax
        mov     %eax, %cr0
        jmp     .
        end_function entry
