/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WRMSR to a register that this processor does not have. */
        .include "kernel.inc"

        function broken
        write_msr 0x12345678, 0
        jmp     survived
        end_function broken
