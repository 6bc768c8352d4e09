/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Call gates of protected mode, out of 64-bit mode for good. The test makes the
 * tables; what was seen is in 32-bit words from SEEN on. Stacks have a base, and so
 * has the code behind the gates.
 */
#include "leave_long_mode.inc"

    .set SEEN, 0x22F000
    .set DATA, 0x10
    .set CODE_32, 0x18
    .set TSS, 0x20
    .set USER_CODE, 0x2B
    .set USER_DATA, 0x33
    .set USER_STACK, 0x3B
    .set GATE_32, 0x5B
    .set GATE_16, 0x63
    .set GATE_TO_END, 0x6B

    .section .text

/* void guest_gates(uint32_t cr0, uint32_t cr3, const void *gdtr, uint32_t user): EIP at CPL 3 */
    .globl guest_gates
    .type guest_gates, @function
guest_gates:
    movl %ecx, %ebp
    lgdt (%rdx)
    leave_long_mode
    movl $DATA, %eax
    movl %eax, %ss
    movl $TSS, %eax
    ltr %ax
    pushl $USER_STACK
    pushl $0x800
    pushl $USER_CODE
    pushl %ebp
    lretl
    .size guest_gates, . - guest_gates

    .globl guest_gates_user
    .type guest_gates_user, @function
guest_gates_user:
    movl $USER_DATA, %eax
    movl %eax, %ds
    pushl $0x22222222
    pushl $0x11111111
    lcall $GATE_32, $0
    movl %esp, SEEN + 32
    movl %ss, %eax
    movl %eax, SEEN + 36
    pushw $0x4444
    pushw $0x3333
    lcall $GATE_16, $0
    movl %esp, SEEN + 64
    lcall $GATE_TO_END, $0
    .size guest_gates_user, . - guest_gates_user

/* Two parameters; the whole frame is noted. */
    .globl guest_gate_32
    .type guest_gate_32, @function
guest_gate_32:
    movl %esp, SEEN
    movl %ss, %eax
    movl %eax, SEEN + 4
    movl 4(%esp), %eax
    movl %eax, SEEN + 8
    movl 8(%esp), %eax
    movl %eax, SEEN + 12
    movl 12(%esp), %eax
    movl %eax, SEEN + 16
    movl 16(%esp), %eax
    movl %eax, SEEN + 20
    movl 20(%esp), %eax
    movl %eax, SEEN + 24
    call guest_gate_32_here
    .globl guest_gate_32_here
guest_gate_32_here:
    popl SEEN + 28              /* an offset */
    lretl $8
    .size guest_gate_32, . - guest_gate_32

    .globl guest_gate_16
    .type guest_gate_16, @function
guest_gate_16:
    movl %esp, SEEN + 40
    movl 2(%esp), %eax
    movl %eax, SEEN + 44        /* CS and the first parameter */
    movl 6(%esp), %eax
    movl %eax, SEEN + 48        /* the second one and SP */
    movzwl 10(%esp), %eax
    movl %eax, SEEN + 52
    lretw $4
    .size guest_gate_16, . - guest_gate_16

    .globl guest_gate_to_end
    .type guest_gate_to_end, @function
guest_gate_to_end:
    cli
    hlt
    .size guest_gate_to_end, . - guest_gate_to_end

    .section .note.GNU-stack, "", @progbits
