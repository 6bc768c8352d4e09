/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry of system calls is not canonical. */
        .include "kernel.inc"

        function broken
        write_msr LSTAR, 0x7FFFFFFF80100000
        jmp     survived
        end_function broken
