/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of tests/claims/raise.h. */

    .macro function name
    .globl \name
    .type \name, @function
\name:
    .endm

    .text
function raise_breakpoint
    int3
    ret

function raise_divide_error
    divl %edi
    ret

function raise_invalid_opcode
    ud2
    ret

function raise_selector
    movl %edi, %es
    ret

function raise_task
    ltr %di
    ret

function raise_load
    movq (%rdi), %rax
    ret

function raise_store
    movq %rax, (%rdi)
    ret

function raise_read_rflags
    pushfq
    popq %rax
    ret

function raise_with_direction_flag
    std
    int3
    pushfq
    popq %rax
    cld
    ret

function raise_with_alignment_check
    pushfq
    orl $0x40000, (%rsp)
    popfq
    int3
    pushfq
    popq %rax
    movq %rax, %rcx
    andl $~0x40000, %ecx
    pushq %rcx
    popfq
    ret

function raise_vector
    leaq int_n(%rip), %rax
    movl %edi, %edi
    leaq (%rax, %rdi, 4), %rcx
    leaq 2(%rcx), %rax
    jmp *%rcx
/* Written as bytes: the assembler makes one byte of INT 3, and four are wanted for each. */
int_n:
    .set vector, 0
    .rept 256
    .byte 0xCD, vector  /* int $vector */
    ret
    nop
    .set vector, vector + 1
    .endr

function raise_with_registers
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rdi
    movq 0(%rdi), %r15
    movq 8(%rdi), %r14
    movq 16(%rdi), %r13
    movq 24(%rdi), %r12
    movq 32(%rdi), %r11
    movq 40(%rdi), %r10
    movq 48(%rdi), %r9
    movq 56(%rdi), %r8
    movq 72(%rdi), %rsi
    movq 80(%rdi), %rbp
    movq 88(%rdi), %rbx
    movq 96(%rdi), %rdx
    movq 104(%rdi), %rcx
    movq 112(%rdi), %rax
    movq 64(%rdi), %rdi
    int3
    xchgq %rdi, (%rsp)
    movq %r15, 0(%rdi)
    movq %r14, 8(%rdi)
    movq %r13, 16(%rdi)
    movq %r12, 24(%rdi)
    movq %r11, 32(%rdi)
    movq %r10, 40(%rdi)
    movq %r9, 48(%rdi)
    movq %r8, 56(%rdi)
    popq 64(%rdi)
    movq %rsi, 72(%rdi)
    movq %rbp, 80(%rdi)
    movq %rbx, 88(%rdi)
    movq %rdx, 96(%rdi)
    movq %rcx, 104(%rdi)
    movq %rax, 112(%rdi)
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

    .section .note.GNU-stack, "", @progbits
