/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hardware task switches, out of 64-bit mode for good. The test makes the tables
 * and the tasks; what was seen is in 32-bit words from SEEN on.
 */
#include "leave_long_mode.inc"

    .set SEEN, 0x22F000
    .set CODE_32, 0x18
    .set MAIN_TSS, 0x20
    .set OTHER_TSS, 0x28
    .set TASK_GATE, 0x38
    .set VARIABLE, 0x800000     /* another page in the other task's tables, with paging */

    .section .text

/* void guest_tasks(uint32_t cr0, uint32_t cr3, const void *gdtr, const void *idtr) */
    .globl guest_tasks
    .type guest_tasks, @function
guest_tasks:
    lgdt (%rdx)
    lidt (%rcx)
    leave_long_mode
    movl $MAIN_TSS, %eax
    ltr %ax
    movl $3, %eax               /* L0 and G0 */
    movl %eax, %dr7
    movl $0x11111111, %ebx
    movl VARIABLE, %eax         /* is in the TLB now */
    lcall $OTHER_TSS, $0
    movl VARIABLE, %eax
    movl %eax, SEEN + 16
    movl %ebx, SEEN + 20
    movl %cr0, %eax
    movl %eax, SEEN + 24
    clts
    lcall $TASK_GATE, $0
    int $0x40
    pushfl
    popl SEEN + 28
    int $0x41
    movl $0x70000000, %esp      /* where nothing is */
    int3                        /* no gate, nor for #NP: #DF */
    ud2
    .size guest_tasks, . - guest_tasks

/* DS has a base of 0x22E000. Every switch to it begins after the IRET before. */
    .globl guest_other_task
    .type guest_other_task, @function
guest_other_task:
    incl %es:SEEN
    movl 4, %eax                /* of DS */
    movl %eax, %es:SEEN + 4
    movl %es:VARIABLE, %eax
    movl %eax, %es:SEEN + 8
    movl %dr7, %eax
    movl %eax, %es:SEEN + 12
    movl $0x22222222, %ebx
    iretl
    jmp guest_other_task
    .size guest_other_task, . - guest_other_task

/* An interrupt handler, whose code segment has a base. */
    .globl guest_based_handler
    .type guest_based_handler, @function
guest_based_handler:
    call 1f
1:  popl SEEN + 44              /* an offset */
    iretl
    .size guest_based_handler, . - guest_based_handler

    .globl guest_double_fault_task
    .type guest_double_fault_task, @function
guest_double_fault_task:
    movl %esp, SEEN + 32
    popl SEEN + 36
    strl %eax
    movl %eax, SEEN + 40
    cli
    hlt
    .size guest_double_fault_task, . - guest_double_fault_task

    .section .note.GNU-stack, "", @progbits
