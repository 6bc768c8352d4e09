/* SPDX-License-Identifier: MIT */
/*
 * Entry code of SYSCALL.
 *
 * The processor arrives at privilege level 0 with RIP in RCX and RFLAGS in R11,
 * RFLAGS masked by IA32_FMASK (IF, DF and AC clear), and everything else as
 * level 3 had it, RSP included. What is needed to get away from there is behind
 * the kernel's GS base: struct dd_syscall_cpu.
 *
 * SYSRET loads RIP from RCX, RFLAGS from R11 and CS and SS from IA32_STAR. It is
 * taken only if the frame wants just that, and never for a RIP that is not
 * canonical with 48 bits in the lower half: Intel's processors would raise #GP
 * before they change the privilege level, with level 3's RSP [SDM 2B] SYSRET.
 * Nor with RF, which SYSRET clears, or TF, whose trap it would bring at once.
 */
#include "drydock/arch/frame.inc"

    .set CPU_USER_STACK, 0
    .set CPU_KERNEL_STACK, 8
    .set CPU_USER_DATA, 16
    .set CPU_USER_CODE, 24

    .set SYSCALL_VECTOR, 0x100
    .set RFLAGS_TF, 1 << 8
    .set RFLAGS_RF, 1 << 16

    .text
    .globl dd_syscall_entry
    .type dd_syscall_entry, @function
dd_syscall_entry:
    swapgs
    movq %rsp, %gs:CPU_USER_STACK
    movq %gs:CPU_KERNEL_STACK, %rsp
    pushq %gs:CPU_USER_DATA
    pushq %gs:CPU_USER_STACK
    pushq %r11
    pushq %gs:CPU_USER_CODE
    pushq %rcx
    pushq $0
    pushq $SYSCALL_VECTOR
    push_general
    movq %rsp, %rdi
    call dd_kernel_syscall
    cli
    movq FRAME_RIP(%rsp), %rax
    cmpq %rax, FRAME_RCX(%rsp)
    jne dd_resume_frame
    shrq $47, %rax
    jnz dd_resume_frame
    movq FRAME_RFLAGS(%rsp), %rax
    cmpq %rax, FRAME_R11(%rsp)
    jne dd_resume_frame
    testl $RFLAGS_TF | RFLAGS_RF, %eax
    jnz dd_resume_frame
    movq FRAME_CS(%rsp), %rax
    cmpq %gs:CPU_USER_CODE, %rax
    jne dd_resume_frame
    movq FRAME_SS(%rsp), %rax
    cmpq %gs:CPU_USER_DATA, %rax
    jne dd_resume_frame
    pop_general
    movq FRAME_RSP - 120(%rsp), %rsp  /* 15 registers are popped */
    swapgs
    sysretq
    .size dd_syscall_entry, . - dd_syscall_entry

    .globl dd_syscall_entry_32
    .type dd_syscall_entry_32, @function
dd_syscall_entry_32:
    movl $-1, %eax
    sysretl
    .size dd_syscall_entry_32, . - dd_syscall_entry_32

    .section .note.GNU-stack, "", @progbits
