/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A driver looks for its device at every megabyte of a range where there is none. */
        .include "kernel.inc"

        function broken
        mov     $0xD0000000, %eax
1:
        mov     (%rax), %ecx
        add     $0x100000, %eax
        cmp     $0xD1000000, %eax
        jne     1b
        jmp     survived
        end_function broken
