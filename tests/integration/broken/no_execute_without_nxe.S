/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page is mapped with XD while EFER.NXE is 0: the bit is reserved. */
        .include "kernel.inc"

        function broken
        write_msr EFER, 0x501
        set_pte PAGE, 0x8000000000000000 + PAGE + P + RW
        mov     PAGE, %rax
        jmp     survived
        end_function broken
