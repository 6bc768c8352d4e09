/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exception handlers for the tests of exception delivery.
 *
 * guest_record: 0 error code (all ones if none), 1 rip, 2 cs, 3 rflags, 4 rsp,
 * 5 ss as pushed; 6 address of the error code's slot, 7 cs, 8 ss, 9 rflags in
 * the handler, 10 how often a handler ran.
 *
 * If guest_resume is not 0 the handler resumes there instead of at rip.
 */
    .section .data
    .balign 8
    .globl guest_record
guest_record:
    .fill 12, 8, 0
    .globl guest_resume
guest_resume:
    .quad 0
kernel_stack:
    .quad 0

    .section .text

    .globl guest_handler_plain
    .type guest_handler_plain, @function
guest_handler_plain:
    pushq $-1
    .size guest_handler_plain, . - guest_handler_plain

    .globl guest_handler_error
    .type guest_handler_error, @function
guest_handler_error:
    pushq %rax
    pushq %rcx
    xorl %ecx, %ecx
1:  movq 16(%rsp, %rcx, 8), %rax
    movq %rax, guest_record(, %rcx, 8)
    incl %ecx
    cmpl $6, %ecx
    jb 1b
    leaq 16(%rsp), %rax
    movq %rax, guest_record + 48
    movl %cs, %eax
    movq %rax, guest_record + 56
    movl %ss, %eax
    movq %rax, guest_record + 64
    pushfq
    popq guest_record + 72
    incq guest_record + 80
    movq guest_resume, %rax
    testq %rax, %rax
    jz 2f
    movq %rax, 24(%rsp)
2:  popq %rcx
    popq %rax
    addq $8, %rsp
    iretq
    .size guest_handler_error, . - guest_handler_error

/* uint64_t guest_enter_user(code, stack, rflags): ring 3 until INT 0x80; returns its RAX. */
    .globl guest_enter_user
    .type guest_enter_user, @function
guest_enter_user:
    pushq %rbp
    pushq %rbx
    movq %rsp, kernel_stack
    pushq $0x1B
    pushq %rsi
    orq $0x2, %rdx
    pushq %rdx
    pushq $0x23
    pushq %rdi
    iretq
    .size guest_enter_user, . - guest_enter_user

/* Gate 0x80: leave ring 3 for good. */
    .globl guest_handler_leave
    .type guest_handler_leave, @function
guest_handler_leave:
    movq kernel_stack, %rsp
    popq %rbx
    popq %rbp
    ret
    .size guest_handler_leave, . - guest_handler_leave

/* Ring 3: a fault that is handled and resumed, SSE state across it, then INT 0x80. */
    .globl guest_user_code
    .type guest_user_code, @function
guest_user_code:
    movq $0x1234, %rax
    movq %rax, %xmm5
    xorl %ecx, %ecx
    movq $0x8000000000, %rdx
1:  movb $1, (%rdx)
    .globl guest_user_resume
guest_user_resume:
    incl %ecx
    cmpl $5, %ecx
    jb 1b
    movq %xmm5, %rax
    addq %rcx, %rax
    int $0x80
    .size guest_user_code, . - guest_user_code

/* Ring 3: reads kernel memory at RDX's place and never comes back by itself. */
    .globl guest_user_privileged
    .type guest_user_privileged, @function
guest_user_privileged:
    hlt
    .size guest_user_privileged, . - guest_user_privileged
