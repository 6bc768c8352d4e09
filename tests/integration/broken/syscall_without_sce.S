/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SYSCALL, but EFER.SCE was never set. */
        .include "kernel.inc"

        function broken
        write_msr EFER, 0xD00
        enter_ring_3 user
        end_function broken

        user_function user
        syscall
        jmp     .
