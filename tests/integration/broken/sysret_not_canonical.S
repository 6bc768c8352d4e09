/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SYSRET with the RCX of a thread that was never in user mode. */
        .include "kernel.inc"

        function broken
        movabs  $0x0000800000000000, %rcx
        mov     $0x202, %r11d
        sysretq
        end_function broken
