/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a kernel that works; the kernels' own part breaks it. */
        .include "kernel.inc"

        function set_up_control
        write_msr EFER, 0xD01           /* NXE, LMA, LME, SCE */
        mov     %cr0, %rax
        or      $0x10000, %rax          /* WP */
        mov     %rax, %cr0
        ret
        end_function set_up_control

        function set_up_segments
        lgdt    gdtr
        mov     $KERNEL_DATA, %eax
        mov     %eax, %ss
        mov     %eax, %ds
        mov     %eax, %es
        pop     %rax
        pushq   $KERNEL_CODE
        push    %rax
        lretq
        end_function set_up_segments

/* Puts the address into the descriptor. [SDM 3A] figure 8-4 */
        function set_up_tss
        mov     $tss, %eax
        mov     %ax, gdt + TSS + 2
        shr     $16, %eax
        mov     %al, gdt + TSS + 4
        mov     %ah, gdt + TSS + 7
        mov     $TSS, %eax
        ltr     %ax
        ret
        end_function set_up_tss

        function set_up_pages
        movq    $0, pt
        movq    $0, pt + (ABSENT >> 12) * 8
        mov     $stack_guard, %eax
        shr     $9, %eax
        movq    $0, pt(%rax)
        mov     $interrupt_stack_guard, %eax
        shr     $9, %eax
        movq    $0, pt(%rax)
        mov     $user_begin, %eax
        mov     $user_end, %edx
1:      mov     %eax, %ecx
        shr     $9, %ecx
        orq     $US, pt(%rcx)
        add     $0x1000, %eax
        cmp     %edx, %eax
        jb      1b
        mov     $pml4, %eax
        mov     %rax, %cr3
        ret
        end_function set_up_pages

        function say_set_up
        mov     $said_set_up, %esi
        jmp     print
        end_function say_set_up

        function survived
        mov     $said_survived, %esi
        call    print
        mov     $0xF4, %edx             /* isa-debug-exit: status 0x21 */
        mov     $0x10, %eax
        out     %eax, %dx
1:      hlt
        jmp     1b
        end_function survived

        function print
        mov     $0x3F8, %edx
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, %dx
        jmp     1b
2:      ret
        end_function print

        .section .rodata
said_set_up:
        .asciz  "set up\n"
said_survived:
        .asciz  "survived\n"

        .data
        .globl  gdt, gdtr, idtr, tss, tss_rsp0, tss_ist1
        .balign 8
gdt:    .quad   0
        .quad   0x00AF9B000000FFFF      /* kernel code, 64-bit */
        .quad   0x00CF93000000FFFF      /* kernel data */
        .quad   0x00CFF3000000FFFF      /* user data */
        .quad   0x00AFFB000000FFFF      /* user code, 64-bit */
        .quad   0x0000890000000067, 0   /* TSS, base filled in */
        .quad   0, 0                    /* SPARE */
gdt_end:
gdtr:   .short  gdt_end - gdt - 1
        .quad   gdt
idtr:   .short  0xFFF
        .quad   idt
        .balign 16
tss:    .long   0                       /* [SDM 3A] figure 8-11 */
tss_rsp0:
        .quad   interrupt_stack_top, 0, 0, 0
tss_ist1:
        .quad   interrupt_stack_top
        .fill   6, 8, 0
        .quad   0
        .short  0, 104

        .balign 4096
        .globl  pml4, pdpt, pd, pt
pml4:   .quad   pdpt + P + RW + US
        .fill   511, 8, 0
pdpt:   .quad   pd + P + RW + US
        .quad   0x40000083, 0x80000083, 0xC0000083 /* 1 GiB: P, R/W, PS */
        .fill   508, 8, 0
pd:     .quad   pt + P + RW + US
        .set    i, 1
        .rept   511
        .quad   i << 21 | 0x83          /* P, R/W, PS */
        .set    i, i + 1
        .endr
pt:     .set    i, 0
        .rept   512
        .quad   i << 12 | P | RW
        .set    i, i + 1
        .endr

        .section .user, "ax"
        .globl  user_stack_top
        .balign 4096
        .skip   4096
user_stack_top:

        .bss
        .globl  idt, stack_guard, stack_top, interrupt_stack_guard, interrupt_stack_top
        .balign 4096
idt:    .skip   4096
stack_guard:
        .skip   3 * 4096
stack_top:
interrupt_stack_guard:
        .skip   3 * 4096
interrupt_stack_top:
