/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stack pointer is computed with a wrong base and is not canonical. */
        .include "kernel.inc"

        function broken
        movabs  $0x8000000000180000, %rsp
        push    %rax
        end_function broken
