/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The far jump to 64-bit mode names the data segment of the new GDT. */
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

        lgdt    gdtr
        ljmp    $KERNEL_DATA, $1f
1:      jmp     .
        end_function entry

        .section .rodata
said:   .ascii  "set up\n"
