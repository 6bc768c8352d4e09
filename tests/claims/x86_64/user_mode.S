/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests/claims/user_mode_code.h declares. */

    .set LEAVE, 0x81

    .macro program name
    .pushsection .rodata.offsets, "a"
    .quad \name - user_mode_code
    .popsection
\name:
    .endm

    .section .rodata.offsets, "a"
    .balign 8
    .globl user_mode_offsets
user_mode_offsets:

    .section .rodata.programs, "a"
    .balign 16
    .globl user_mode_code
user_mode_code:

/* Written as bytes: the assembler makes one byte of INT 3, and four are wanted for each. */
program program_int_n
    .set vector, 0
    .rept 256
    .byte 0xCD, vector  /* int $vector */
    .byte 0x0F, 0x0B    /* ud2 */
    .set vector, vector + 1
    .endr

program program_syscall
    syscall
    int $LEAVE

program program_in8
    inb %dx, %al
    int $LEAVE

program program_in16
    inw %dx, %ax
    int $LEAVE

program program_in32
    inl %dx, %eax
    int $LEAVE

program program_out8
    outb %al, %dx
    int $LEAVE

program program_load
    movq (%rdi), %rax
    int $LEAVE

program program_load_gs
    movq %gs:0, %rax
    int $LEAVE

program program_far_call
    .byte 0x48, 0xFF, 0x1F  /* lcall *(%rdi), 64-bit offset */
    int $LEAVE

program program_syscall32
    syscall
    int $LEAVE

    .globl user_mode_code_end
user_mode_code_end:

    .bss
    .balign 8
    .globl user_mode_rsp
user_mode_rsp:
    .skip 8

    .text
    .globl user_mode_switch
    .type user_mode_switch, @function
user_mode_switch:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $8, %rsp
    movq %rsp, user_mode_rsp(%rip)
    call *%rsi
    jmp 1f
    .globl user_mode_back
    .type user_mode_back, @function
user_mode_back:
    xorl %eax, %eax
1:  addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

    .globl user_mode_gate
    .type user_mode_gate, @function
user_mode_gate:
    movl $0x600D, %eax
    movq 8(%rsp), %rdx
    lretq

    .section .note.GNU-stack, "", @progbits
