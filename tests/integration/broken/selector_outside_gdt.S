/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DS is loaded with a selector that lies outside the GDT. */
        .include "kernel.inc"

        function broken
        mov     $0x60, %eax
        mov     %eax, %ds
        jmp     survived
        end_function broken
