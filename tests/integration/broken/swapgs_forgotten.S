/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry of system calls finds its stack through GS, but there is no SWAPGS before. */
        .include "kernel.inc"

        function broken
        write_msr LSTAR, entry_of_system_calls
        write_msr 0xC0000081, 0x0010000800000000 /* IA32_STAR */
        write_msr 0xC0000102, per_processor     /* IA32_KERNEL_GS_BASE */
        enter_ring_3 user
        end_function broken

        function entry_of_system_calls
        mov     %rsp, %gs:16
        mov     %gs:8, %rsp
        jmp     survived
        end_function entry_of_system_calls

        user_function user
        syscall
        end_function user

        .bss
per_processor:
        .skip   24
