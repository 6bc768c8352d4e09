/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Somebody has left RFLAGS.DF set, and the next copy goes down instead of up. */
        .include "kernel.inc"

        function broken
        std
        mov     $0x2000, %edi
        mov     $PAGE, %esi
        mov     $0x2000, %ecx
        rep     movsb
        jmp     survived
        end_function broken
