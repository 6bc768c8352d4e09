/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 64-bit code follows right after long mode is turned on, without a far jump: CS still has no L. */
        .include "pvh.inc"
        mov     %cr4, %eax
        or      $0x20, %eax             /* PAE */
        mov     %eax, %cr4
        mov     $pml4, %eax
        mov     %eax, %cr3
        mov     $EFER, %ecx
        rdmsr
        or      $0x100, %eax            /* LME */
        wrmsr
        mov     %cr0, %eax
        or      $0x80000000, %eax       /* PG */
        mov     %eax, %cr0
        .code64
        movabs  $stack_top, %rsp
        mov     $0x3F8, %edx
        call    *said(%rip)
        end_function entry
