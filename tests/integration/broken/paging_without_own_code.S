/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paging is turned on with tables that do not map the code that does it. */
        .include "kernel.inc"

        .section .note.pvh, "a", @note
        .balign 4
        .long   4, 4, 18                /* XEN_ELFNOTE_PHYS32_ENTRY */
        .asciz  "Xen"
        .long   entry

        .code32
        function entry
        mov     $0x3F8, %edx
        mov     $said, %esi
        mov     $7, %ecx
        rep     outsb

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

        .section .rodata
said:   .ascii  "set up\n"
