/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 32-bit paging with pages of 4 MiB, but CR4.PSE was never set. */
        .include "pvh.inc"
        mov     $directory, %eax
        mov     %eax, %cr3
        mov     %cr0, %eax
        or      $0x80000000, %eax       /* PG */
        mov     %eax, %cr0
1:      hlt
        jmp     1b
        end_function entry

        .data
        .balign 4096
directory:
        .set    i, 0
        .rept   1024
        .long   i << 22 | 0x83          /* PS, R/W, P */
        .set    i, i + 1
        .endr
