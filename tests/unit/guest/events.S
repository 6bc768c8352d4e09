/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handlers for all 256 vectors that log what they were called for; handler V is
 * at guest_event_entries + 16 * V. event_case.h describes the log and the actions.
 */
    .set event_count, 0x220000
    .set event_actions, 0x220100
    .set event_skips, 0x220200
    .set events, 0x221000

    .section .text
    .balign 16
    .globl guest_event_entries
    .type guest_event_entries, @function
guest_event_entries:
vector = 0
    .rept 256
    .balign 16
    .if vector != 8 && vector != 17 && (vector < 10 || vector > 14)
    pushq $-1
    .endif
    pushq $vector
    jmp log_event
vector = vector + 1
    .endr
    .size guest_event_entries, . - guest_event_entries

/* On the stack: RAX, RCX, RDX, vector, error code, RIP, CS, RFLAGS, RSP, SS. */
    .type log_event, @function
log_event:
    pushq %rdx
    pushq %rcx
    pushq %rax
    movq event_count, %rax
    incq event_count
    andl $63, %eax
    shll $6, %eax
    xorl %ecx, %ecx
1:  movq 24(%rsp, %rcx, 8), %rdx
    movq %rdx, events(%rax, %rcx, 8)
    incl %ecx
    cmpl $7, %ecx
    jb 1b
    leaq 32(%rsp), %rdx
    movq %rdx, events + 56(%rax)

    movl 24(%rsp), %ecx
    movzbl event_skips(%rcx), %eax
    addq %rax, 40(%rsp)
    movzbl event_actions(%rcx), %ecx
    testb $1, %cl                       /* EVENT_PIC_EOI */
    jz 1f
    movb $0x20, %al
    outb %al, $0x20
1:  testb $2, %cl                       /* EVENT_NEST */
    jz 1f
    sti
    nop
    nop
    cli
1:  testb $4, %cl                       /* EVENT_APIC_EOI */
    jz 1f
    movl $0xFEE000B0, %eax
    movl $0, (%rax)
1:  testb $8, %cl                       /* EVENT_STOP_STEPPING */
    jz 1f
    andq $~0x100, 56(%rsp)
1:  testb $64, %cl                      /* EVENT_SEND_NMI, once */
    jz 1f
    movl 24(%rsp), %eax
    andb $~64, event_actions(%rax)
    movl $0xFEE00300, %eax
    movl $0x4400, (%rax)
1:  testb $16, %cl                      /* EVENT_FAULT */
    jz 1f
    ud2
1:  testb $32, %cl                      /* EVENT_READ_KEY */
    jz 1f
    inb $0x60, %al
1:  testb $128, %cl                     /* EVENT_SPOIL_SSE */
    jz 1f
    pcmpeqb %xmm0, %xmm0
    pcmpeqb %xmm15, %xmm15
1:  popq %rax
    popq %rcx
    popq %rdx
    addq $16, %rsp
    iretq
    .size log_event, . - log_event

    .section .note.GNU-stack, "", @progbits
