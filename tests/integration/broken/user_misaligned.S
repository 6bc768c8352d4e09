/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CR0.AM lets a user program turn on alignment checks, and nobody has made a gate for #AC. */
        .include "kernel.inc"

        function broken
        mov     %cr0, %rax
        or      $0x40000, %rax
        mov     %rax, %cr0
        enter_ring_3 user
        end_function broken

        user_function user
        pushfq
        orl     $0x40000, (%rsp)
        popfq
        mov     -6(%rsp), %eax
        jmp     .
