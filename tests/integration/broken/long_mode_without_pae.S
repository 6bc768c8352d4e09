/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way to 64-bit mode from a PVH entry, without CR4.PAE. */
        .include "pvh.inc"

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
