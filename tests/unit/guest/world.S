/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that reports claims of fake_registry, for the tests of worlds that boot one. ENDING, from the
 * command line of the compiler, is the label where it goes on after the first claim.
 *
 * It stays in the tables that it is entered with: 512 pages of 1 GiB at their physical addresses.
 */
        .include "hello.inc"

        .set    NOBODY, 0x40000000      /* behind RAM, before the windows of devices */

        .macro  line text
        .section .rodata
0:      .asciz  "\text\n"
        .text
        lea     0b(%rip), %rsi
        say
        .endm

        .text
        .globl  entry
entry:  line    "@claim that_holds success"
        jmp     ENDING

findings:
        mov     NOBODY, %eax
        line    "@claim whose_condition_does_not_hold success"
        mov     %cr3, %rbx              /* PDPTE 1 is cached now; make it not present, without INVLPG */
        mov     (%rbx), %rbx
        and     $-4096, %rbx
        movq    $0, 8(%rbx)
        line    "@claim whose_numbers_differ failure test.c:1: 1 is 2"
        line    "@claim whose_status_differs success"
        movq    $0x40000083, 8(%rbx)
        invlpg  NOBODY
        mov     NOBODY, %ax
        mov     NOBODY, %eax
        leave_with 0x10

success:
        line    "@claims 1"
        leave_with 0x10

failure:
        line    "the test says no"
        leave_with 0x11

status_7:
        leave_with 3

reset:  mov     $0xCF9, %edx
        mov     $0x06, %al
        outb    %al, %dx
        hlt

power_off:                              /* SLP_EN and SLP_TYP 0 in PM1a_CNT, as the FADT and \_S5 say */
        mov     $0x604, %edx
        mov     $0x2000, %ax
        outw    %ax, %dx
        hlt

death:  line    "@claim whose_condition_does_not_hold success"
        line    "about to die"
        mov     NOBODY, %eax
        ud2

halt:   cli
        hlt

loop:   jmp     loop

silence:
        mov     $0x3F8, %edx            /* NUL and a line without an end */
        xor     %eax, %eax
        outb    %al, %dx
        mov     $'!', %al
        outb    %al, %dx
        leave_with 0x11
