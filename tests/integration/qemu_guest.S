/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image that misbehaves on demand, to see that the host notices. The first
 * letter of the command line says how:
 *   s  end with success, after "@hold" that waits for its byte
 *   f  report failure
 *   t  triple fault
 *   h  hang
 *   n  print zeros, ones and "@hold" for ever, and take no byte
 */
        .set    CONSOLE, 0x3F8
        .set    EXIT, 0xF4

        .section .note.pvh, "a", @note
        .align  4
        .long   4, 8, 18
        .asciz  "Xen"
        .quad   kboot_entry

        .text
        .code32
        .globl  kboot_entry
kboot_entry:
        mov     $stack_top, %esp
        mov     24(%ebx), %eax          /* start info: command line */
        movzbl  (%eax), %ebp
        mov     $greeting, %esi
        call    print
        cmp     $'s', %ebp
        je      succeed
        cmp     $'f', %ebp
        je      fail
        cmp     $'t', %ebp
        je      triple_fault
        cmp     $'n', %ebp
        je      noise
hang:   hlt
        jmp     hang

succeed:
        mov     $hold, %esi
        call    print
1:      mov     $CONSOLE + 5, %dx
        inb     %dx, %al
        test    $1, %al
        jz      1b
        mov     $0x10, %eax
        jmp     exit

fail:   mov     $0x11, %eax
exit:   mov     $EXIT, %dx
        outl    %eax, %dx
        jmp     hang

triple_fault:
        lidt    no_table
        ud2

noise:  mov     $hold, %esi
        call    print
        mov     $CONSOLE, %dx
        xor     %eax, %eax
        outb    %al, %dx
        not     %eax
        outb    %al, %dx
        jmp     noise

print:  mov     $CONSOLE, %dx
        lodsb
        test    %al, %al
        jz      1f
        outb    %al, %dx
        jmp     print
1:      ret

        .section .rodata
greeting:
        .asciz  "a line\n"
hold:   .asciz  "@hold\n"
no_table:
        .skip   6

        .bss
        .skip   4096
stack_top:
