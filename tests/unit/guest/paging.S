/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accesses to memory for the tests of paging, with a #PF handler that writes
 * down what it was told. machine_paging_case.h describes how they are used.
 */
    .set page_fault, 0x222000 /* written by the handler: error code, RIP, CR2 */

    .set CODE_64, 0x08
    .set DATA, 0x10
    .set USER_DATA, 0x1B
    .set USER_CODE_64, 0x23
    .set TSS_64, 0x28
    .set CODE_32, 0x38
    .set USER_CODE_32, 0x43
    .set TSS_32, 0x48

    .section .data
    .balign 16
paging_gdt:
    .quad 0, 0x00AF9B000000FFFF, 0x00CF93000000FFFF, 0x00CFF3000000FFFF, 0x00AFFB000000FFFF
paging_tss_descriptor:
    .quad 0x0000890000000067, 0
    .quad 0x00CF9B000000FFFF, 0x00CFFB000000FFFF
    .globl legacy_tss_descriptor
legacy_tss_descriptor:
    .quad 0x0000890000000067
paging_gdt_pointer:
    .word . - paging_gdt - 1
    .quad paging_gdt
    .balign 16
paging_tss:
    .fill 104, 1, 0
legacy_tss:
    .fill 104, 1, 0
    .fill 4096, 1, 0
paging_stack_top:

saved_stack:
    .quad 0
saved_idt:
    .fill 10, 1, 0

    .section .text

/* Puts the base EAX into the descriptor at RDX or EDX. */
    .macro set_base
    movw %ax, 2(%rdx)
    shrl $16, %eax
    movb %al, 4(%rdx)
    movb %ah, 7(%rdx)
    .endm

/* void guest_paging_start(void): a GDT with 32-bit segments too, and a TSS with RSP0. */
    .globl guest_paging_start
    .type guest_paging_start, @function
guest_paging_start:
    movl $paging_tss, %eax
    movq $paging_tss_descriptor, %rdx
    set_base
    movl $legacy_tss, %eax
    movq $legacy_tss_descriptor, %rdx
    set_base
    movq $paging_stack_top, %rax
    movq %rax, paging_tss + 4
    movl %eax, legacy_tss + 4
    movw $DATA, legacy_tss + 8
    lgdt paging_gdt_pointer
    movl $TSS_64, %eax
    ltr %ax
    ret
    .size guest_paging_start, . - guest_paging_start

/* void guest_set_controls(cr0, cr4, efer, pkru, cr3) */
    .globl guest_set_controls
    .type guest_set_controls, @function
guest_set_controls:
    movq %rcx, %r9
    movq %rdx, %rax
    shrq $32, %rdx
    movl $0xC0000080, %ecx
    wrmsr
    movq %rdi, %cr0
    movq %rsi, %cr4
    testl $0x400000, %esi
    jz 1f
    movq %r9, %rax
    xorl %ecx, %ecx
    xorl %edx, %edx
    wrpkru
1:  movq %r8, %cr3
    ret
    .size guest_set_controls, . - guest_set_controls

/*
 * uint64_t guest_access(linear, instruction, rflags, user, flush): call an instruction of the page
 * below with RDX = linear; at CPL 3 if user is not 0: the address that page has there, followed
 * by a page for the stack. flush: load CR3 first. Returns 0, or 1 after a page fault.
 */
    .globl guest_access
    .type guest_access, @function
guest_access:
    pushq %rbp
    pushq %rbx
    movq %rsp, saved_stack
    movq %rsi, %rbx
    movq %rcx, %rbp
    testq %r8, %r8
    jz 1f
    movq %cr3, %rax
    movq %rax, %cr3
1:  movq %rdx, %rax
    movq %rdi, %rdx
    testq %rbp, %rbp
    jnz 2f
    pushq %rax
    popfq
    call *%rbx
    jmp guest_access_done
2:  pushq $USER_DATA
    leaq 0x2000(%rbp), %rcx
    pushq %rcx
    pushq %rax
    pushq $USER_CODE_64
    pushq %rbp
    iretq
    .size guest_access, . - guest_access

/* Gate 0x80, and the end at CPL 0. */
    .globl guest_access_done
    .type guest_access_done, @function
guest_access_done:
    xorl %eax, %eax
    jmp 1f
    .size guest_access_done, . - guest_access_done

/* Gate 14. */
    .globl guest_access_fault
    .type guest_access_fault, @function
guest_access_fault:
    popq page_fault
    popq page_fault + 8
    movq %cr2, %rax
    movq %rax, page_fault + 16
    movl $1, %eax
1:  movq saved_stack, %rsp
    pushq $2
    popfq
    popq %rbx
    popq %rbp
    ret
    .size guest_access_fault, . - guest_access_fault

/*
 * void guest_enable_la57(root): 5-level paging. Long mode has to be left for that.
 * [SDM 3A] 4.1.2
 */
    .globl guest_enable_la57
    .type guest_enable_la57, @function
guest_enable_la57:
    movq %rsp, saved_stack
    pushq $CODE_32
    pushq $1f
    lretq
    .code32
1:  movl %cr0, %eax
    andl $0x7FFFFFFF, %eax
    movl %eax, %cr0
    movl %cr4, %edx
    orl $0x1000, %edx
    movl %edx, %cr4
    movl %edi, %cr3
    orl $0x80000000, %eax
    movl %eax, %cr0
    ljmp $CODE_64, $2f
    .code64
2:  movq saved_stack, %rsp
    ret
    .size guest_enable_la57, . - guest_enable_la57

/* One page, also seen at CPL 3, and code of both widths. */
    .balign 4096
    .globl guest_access_page
guest_access_page:
    call *%rbx
    int $0x80
    .balign 16
    .globl guest_access_read
guest_access_read:
    movb (%rdx), %al
    ret
    .balign 16
    .globl guest_access_write
guest_access_write:
    movb $0x5A, (%rdx)
    ret
    .balign 16
    .globl guest_access_fetch
guest_access_fetch:
    call *%rdx
    ret
    .balign 16
    .globl guest_access_modify
guest_access_modify:
    addb $1, (%rdx)
    ret
    .balign 16
    .globl guest_access_read_8
guest_access_read_8:
    movq (%rdx), %rax
    ret
    .balign 16
    .globl guest_access_write_8
guest_access_write_8:
    movq %rdx, (%rdx)
    ret
    .balign 16
    .globl guest_access_modify_8
guest_access_modify_8:
    addq $-1, (%rdx)
    ret
    .balign 16
    .globl guest_access_write_16
guest_access_write_16:
    movups %xmm0, (%rdx)
    ret
    .balign 16
    .globl guest_access_random
guest_access_random:
    rdrand %rax
    movq %rax, (%rdx)
    ret
    .balign 16
    .globl guest_access_load_segment
guest_access_load_segment:
    movl %edx, %eax
    movl %eax, %es
    ret
    .balign 4096

    .section .note.GNU-stack, "", @progbits
