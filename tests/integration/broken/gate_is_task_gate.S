/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A task gate for the double fault, as 32-bit kernels have it. */
        .include "kernel.inc"

        function broken
        set_gate 8, 0, 0x8500, TSS
        int     $8
        end_function broken
