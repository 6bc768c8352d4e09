/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pointer that was freed and poisoned. */
        .include "kernel.inc"

        function broken
        movabs  $0xDEADBEEFDEADBEEF, %rdi
        mov     8(%rdi), %rax
        jmp     survived
        end_function broken
