/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One access to memory with 32-bit or PAE paging: out of long mode, the access,
 * and back. guest_paging_start of paging.S comes first.
 *
 * What to do, and what came of it, is in 32-bit words at legacy_access.
 */
    .set legacy_access, 0x223000
    .set WANT_CR0, legacy_access
    .set WANT_CR3, legacy_access + 4
    .set WANT_CR4, legacy_access + 8
    .set WANT_EFER, legacy_access + 12
    .set WANT_EFLAGS, legacy_access + 16
    .set LINEAR, legacy_access + 20
    .set INSTRUCTION, legacy_access + 24
    .set USER, legacy_access + 28       /* address of guest_access_page at CPL 3, or 0 */
    .set FAULTS, legacy_access + 32
    .set ERROR_CODE, legacy_access + 36
    .set EIP, legacy_access + 40
    .set FAULT_CR2, legacy_access + 44
    .set ENTRY, legacy_access + 48      /* address of the entry of guest_legacy_clear_entry */
    .set READ, legacy_access + 52       /* what it read after the first flush */

    .set legacy_idt, 0x224000           /* filled by the test */
    .set CODE_64, 0x08
    .set DATA, 0x10
    .set USER_DATA, 0x1B
    .set CODE_32, 0x38
    .set USER_CODE_32, 0x43
    .set TSS_32, 0x48
    .set EFER, 0xC0000080

    .section .data
legacy_idt_pointer:
    .word 0x407
    .long legacy_idt
long_idt_pointer:
    .fill 10, 1, 0
    .balign 8
long_stack:
    .quad 0
long_cr0:
    .long 0
long_cr3:
    .long 0
long_cr4:
    .long 0
legacy_stack:
    .fill 1024, 1, 0
legacy_stack_top:

    .section .text
    .globl guest_legacy_access
    .type guest_legacy_access, @function
guest_legacy_access:
    pushq %rbp
    pushq %rbx
    movq %rsp, long_stack
    movq %cr0, %rax
    movl %eax, long_cr0
    movq %cr3, %rax
    movl %eax, long_cr3
    movq %cr4, %rax
    movl %eax, long_cr4
    sidt long_idt_pointer
    pushq $CODE_32
    pushq $1f
    lretq

    .code32
1:  movl long_cr0, %eax
    andl $0x7FFFFFFF, %eax
    movl %eax, %cr0
    movl $EFER, %ecx
    xorl %edx, %edx
    movl WANT_EFER, %eax
    wrmsr
    movl WANT_CR4, %eax
    movl %eax, %cr4
    movl WANT_CR3, %eax
    movl %eax, %cr3
    movl WANT_CR0, %eax
    movl %eax, %cr0
    lidt legacy_idt_pointer
    andb $~2, legacy_tss_descriptor + 5 /* not busy */
    movl $TSS_32, %eax
    ltr %ax
    movl $legacy_stack_top, %esp
    movl LINEAR, %edx
    movl INSTRUCTION, %ebx
    movl USER, %ebp
    testl %ebp, %ebp
    jnz 2f
    pushl WANT_EFLAGS
    popfl
    call *%ebx
    jmp guest_legacy_done
2:  movl $USER_DATA, %eax
    movl %eax, %ds
    leal 0x2000(%ebp), %ecx
    pushl $USER_DATA
    pushl %ecx
    pushl %ss:WANT_EFLAGS
    pushl $USER_CODE_32
    pushl %ebp
    iretl
    .size guest_legacy_access, . - guest_legacy_access

/* An INSTRUCTION: uses LINEAR after its entry was cleared, with INVLPG, and then with MOV CR3. */
    .globl guest_legacy_clear_entry
    .type guest_legacy_clear_entry, @function
guest_legacy_clear_entry:
    movl (%edx), %eax
    movl ENTRY, %ecx
    movl $0, (%ecx)
    invlpg (%edx)
    movl (%edx), %eax
    movl %eax, READ
    movl %cr3, %eax
    movl %eax, %cr3
    movl (%edx), %eax
    ret
    .size guest_legacy_clear_entry, . - guest_legacy_clear_entry

/* Gate 0x80, and the end at CPL 0. */
    .globl guest_legacy_done
    .type guest_legacy_done, @function
guest_legacy_done:
    xorl %edi, %edi
    jmp 3f
    .size guest_legacy_done, . - guest_legacy_done

/* Gate 14. */
    .globl guest_legacy_fault
    .type guest_legacy_fault, @function
guest_legacy_fault:
    popl %ss:ERROR_CODE
    popl %ss:EIP
    movl %cr2, %eax
    movl %eax, %ss:FAULT_CR2
    movl $1, %edi
3:  movl $DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %edi, FAULTS
    movl long_cr0, %eax
    andl $0x7FFFFFFF, %eax
    movl %eax, %cr0
    movl long_cr4, %eax
    movl %eax, %cr4
    movl long_cr3, %eax
    movl %eax, %cr3
    movl $EFER, %ecx
    xorl %edx, %edx
    movl $0x501, %eax
    wrmsr
    movl long_cr0, %eax
    movl %eax, %cr0
    ljmp $CODE_64, $4f
    .code64
4:  movq long_stack, %rsp
    pushq $2
    popfq
    lidt long_idt_pointer
    popq %rbx
    popq %rbp
    ret
    .size guest_legacy_fault, . - guest_legacy_fault

    .section .note.GNU-stack, "", @progbits
