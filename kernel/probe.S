/* SPDX-License-Identifier: MIT */
/*
 * Guarded accesses; see probe.h. Each notes where its own end and its stack are,
 * makes the access, and comes to that end with or without a fault. RIP and RSP
 * are enough to go on: no access changes a register that a caller relies on.
 */
        .macro  GUARDED name, instruction:vararg
        .globl  \name
        .type   \name, @function
\name:
        xor     %eax, %eax
        mov     %rsp, kprobe_guard + 8
        movq    $1f, kprobe_guard
        \instruction
1:      movq    $0, kprobe_guard
        ret
        .size   \name, . - \name
        .endm

        .text
        GUARDED kprobe_load64, mov (%rdi), %rax
        GUARDED kprobe_store64, mov %rsi, (%rdi)
        GUARDED kprobe_execute, call *%rdi
