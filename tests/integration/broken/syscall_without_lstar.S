/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first system call, with IA32_LSTAR still 0. */
        .include "kernel.inc"

        function broken
        write_msr 0xC0000081, 0x0010000800000000 /* IA32_STAR */
        enter_ring_3 user
        end_function broken

        user_function user
        syscall
        jmp     .
