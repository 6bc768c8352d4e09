/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reserved bit of IA32_EFER is set. */
        .include "kernel.inc"

        function broken
        write_msr EFER, 0xD03
        jmp     survived
        end_function broken
