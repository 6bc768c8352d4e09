/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF64 by multiboot 1 with address fields: loaded as bytes of the file, entered
 * in 32-bit mode, switches to 64-bit mode itself. The ELF headers are loaded too:
 * load_addr is where link.ld says that they are.
 */
        .include "hello.inc"

        .section .multiboot, "ax"
        .code32
        .globl  entry
header: .long   0x1BADB002, 0x10003, -(0x1BADB002 + 0x10003)
        .long   header, load_begin, load_end, bss_end, entry
entry:  cmp     $0x2BADB002, %eax
        jne     wrong
        movl    $pdpt + 3, pml4         /* [SDM 3A] table 4-15: P, R/W */
        movl    $0x83, pdpt             /* [SDM 3A] table 4-16: 1 GiB */
        mov     $pml4, %eax
        mov     %eax, %cr3
        mov     $0x20, %eax             /* PAE */
        mov     %eax, %cr4
        mov     $0xC0000080, %ecx
        mov     $0x100, %eax            /* EFER.LME */
        xor     %edx, %edx
        wrmsr
        mov     %cr0, %eax
        or      $0x80000000, %eax
        mov     %eax, %cr0
        lgdt    gdtr
        ljmp    $0x08, $long_mode
wrong:  mov     $complaint, %esi
        say
        leave_with 0x11

        .code64
long_mode:
        lea     greeting(%rip), %rsi
        say
        leave_with 0x10

        .section .rodata
greeting:
        .asciz  "hello from multiboot64\n"
complaint:
        .asciz  "EAX is wrong\n"
        .balign 8
gdt:    .quad   0, 0x00AF9B000000FFFF
gdtr:   .short  15
        .long   gdt

        .bss
        .balign 4096
pml4:   .skip   4096
pdpt:   .skip   4096
