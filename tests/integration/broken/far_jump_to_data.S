/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The far jump to 64-bit mode names the data segment of the new GDT. */
        .include "pvh.inc"

        lgdt    gdtr
        ljmp    $KERNEL_DATA, $1f
1:      jmp     .
        end_function entry
