/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that are made to fail, and variables that are spoilt. */
    .section .data
    .balign 8
    .globl guest_steps
guest_steps:
    .quad 0

    .section .text

/*
 * uint64_t guest_sum(n): the sum of what n > 0 calls of guest_step return. A round is 9 instructions
 * long: interrupts of a timer that counts tens meet all of them.
 */
    .globl guest_sum
    .type guest_sum, @function
guest_sum:
    pushq %rbx
    pushq %rbp
    movq %rdi, %rbx
    xorl %ebp, %ebp
1:  callq guest_step
    nop
    nop
    addq %rax, %rbp
    decq %rbx
    jnz 1b
    movq %rbp, %rax
    popq %rbp
    popq %rbx
    retq
    .size guest_sum, . - guest_sum

    .globl guest_step
    .type guest_step, @function
guest_step:
    incq guest_steps
    movl $1, %eax
    retq
    .size guest_step, . - guest_step

/* uint64_t guest_system(n): guest_step, but with system instructions first; n times. */
    .globl guest_system
    .type guest_system, @function
guest_system:
    pushq %rbx
    pushq %rbp
    movq %rdi, %rbx
    xorl %ebp, %ebp
1:  movq %cr3, %rdi
    callq guest_set_cr3
    addq %rax, %rbp
    movq %cr0, %rdi
    callq guest_set_cr0
    addq %rax, %rbp
    decq %rbx
    jnz 1b
    movq %rbp, %rax
    popq %rbp
    popq %rbx
    retq
    .size guest_system, . - guest_system

/* uint64_t guest_reload(n): the sum of what n > 0 calls of guest_set_cr3 return. */
    .globl guest_reload
    .type guest_reload, @function
guest_reload:
    movq %rdi, %rcx
    xorl %edx, %edx
    movq %cr3, %rdi
1:  callq guest_set_cr3
    addq %rax, %rdx
    decq %rcx
    jnz 1b
    movq %rdx, %rax
    retq
    .size guest_reload, . - guest_reload

    .globl guest_set_cr3
    .type guest_set_cr3, @function
guest_set_cr3:
    movq %rdi, %cr3
    incq guest_steps
    movl $1, %eax
    retq
    .size guest_set_cr3, . - guest_set_cr3

    .globl guest_set_cr0
    .type guest_set_cr0, @function
guest_set_cr0:
    movq %rdi, %cr0
    incq guest_steps
    movl $1, %eax
    retq
    .size guest_set_cr0, . - guest_set_cr0

    .section .note.GNU-stack, "", @progbits
