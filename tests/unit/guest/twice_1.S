/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A name that two files have. */
    .section .text
    .type guest_twice, @function
guest_twice:
    retq
    .size guest_twice, . - guest_twice

    .section .note.GNU-stack, "", @progbits
