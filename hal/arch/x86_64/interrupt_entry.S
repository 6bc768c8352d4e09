/* SPDX-License-Identifier: MIT */
/*
 * Entry code of vectors 0 to 255, and the table of its addresses.
 *
 * The processor arrives at an entry at privilege level 0, RFLAGS.IF clear, with
 * SS, RSP, RFLAGS, CS, RIP and perhaps an error code on a stack that it aligned
 * to 16 bytes before the first push [SDM 3A] 6.14.2. So bit 3 of RSP tells
 * whether there is an error code, even where INT n pushes none for a vector
 * that has one otherwise. The rest of struct dd_interrupt_frame is pushed here;
 * its size is a multiple of 16, so RSP is as the C ABI wants it at the call.
 *
 * GS. A frame of level 3 comes with the GS base of level 3, and SWAPGS gives the
 * kernel its own. So does the frame of an IRETQ to level 3 that itself raised
 * an exception: SWAPGS came before it. Vectors that may come anywhere (#DB,
 * NMI, #DF, #MC) may also find level 0 with that base at the first and last
 * instructions of entry code; they ask IA32_GS_BASE, where the kernel's base has
 * its highest bit set.
 *
 * A processor that mispredicts whether to execute SWAPGS would go on with the GS
 * base of level 3 in the kernel's handler, or with the kernel's in none, and leave
 * traces of what it reads there in its caches (CVE-2019-1125). So LFENCE stands where
 * both ways meet, before anything uses GS: nothing behind it begins before the
 * branches are decided [SDM 2A] LFENCE. On the way out nothing uses GS after SWAPGS,
 * and SYSCALL swaps without a branch.
 */
#include "drydock/arch/frame.inc"

    .set IA32_GS_BASE, 0xC0000101
    .set RFLAGS_DF, 1 << 10
    .set RFLAGS_AC, 1 << 18

    .set VECTOR_DEBUG, 1
    .set VECTOR_NMI, 2
    .set VECTOR_DOUBLE_FAULT, 8
    .set VECTOR_MACHINE_CHECK, 18

    .section .rodata
    .balign 8
    .globl dd_interrupt_entries
    .type dd_interrupt_entries, @object
dd_interrupt_entries:

    .text
    .balign 16
    .type entries, @function
entries:
    .set vector, 0
    .rept 256
    .balign 16
    .pushsection .rodata
    .quad entries + 16 * vector
    .popsection
    pushq $vector
    .if (vector == VECTOR_DEBUG) || (vector == VECTOR_NMI) || (vector == VECTOR_DOUBLE_FAULT) || (vector == VECTOR_MACHINE_CHECK)
    jmp anywhere_entry
    .else
    jmp common_entry
    .endif
    .set vector, vector + 1
    .endr
    .size entries, . - entries

    .section .rodata
    .size dd_interrupt_entries, . - dd_interrupt_entries

/*
 * From the vector on RSP to the whole frame, and RFLAGS as the C ABI and SMAP
 * want them: DF clear, AC clear. (CLAC does not exist everywhere.)
 */
    .macro make_frame
    testb $8, %spl
    jnz 1f
    pushq (%rsp)      /* no error code: one more slot for the vector, */
    movq $0, 8(%rsp)  /* and 0 where it was */
1:  push_general
    pushfq
    andl $~(RFLAGS_DF | RFLAGS_AC), (%rsp)
    popfq
    .endm

/* Go to \user if the frame on RSP comes or goes with the GS base of level 3. */
    .macro if_user user
    testb $3, FRAME_CS(%rsp)
    jnz \user
    leaq iretq_to_user(%rip), %rax
    cmpq %rax, FRAME_RIP(%rsp)
    je \user
    .endm

    .text
    .type common_entry, @function
common_entry:
    make_frame
    if_user 2f
3:  lfence
    movq %rsp, %rdi
    call dd_kernel_interrupt
    .globl dd_resume_frame
dd_resume_frame:      /* the frame on RSP, the kernel's GS base; from here and from syscall_entry.S */
    cli
    if_user resume_user
resume_kernel:
    pop_general
    addq $16, %rsp    /* vector and error code */
    iretq
2:  swapgs
    jmp 3b
resume_user:
    swapgs
    pop_general
    addq $16, %rsp
iretq_to_user:
    iretq
    .size common_entry, . - common_entry

/* RBX: whether level 0 was interrupted with the GS base of level 3. */
    .type anywhere_entry, @function
anywhere_entry:
    make_frame
    xorl %ebx, %ebx
    testb $3, FRAME_CS(%rsp)
    jnz 2f
    movl $IA32_GS_BASE, %ecx
    rdmsr
    testl %edx, %edx
    js 3f
    incl %ebx
2:  swapgs
3:  lfence
    movq %rsp, %rdi
    call dd_kernel_interrupt
    cli
    testb $3, FRAME_CS(%rsp)
    jnz resume_user
    testl %ebx, %ebx
    jz resume_kernel
    swapgs
    jmp resume_kernel
    .size anywhere_entry, . - anywhere_entry

/* dd_interrupt_resume(frame): a copy of it on this stack, which is used no more. */
    .globl dd_interrupt_resume
    .type dd_interrupt_resume, @function
dd_interrupt_resume:
    cli
    subq $FRAME_SIZE, %rsp
    andq $-16, %rsp
    movq %rdi, %rsi
    movq %rsp, %rdi
    movl $FRAME_SIZE / 8, %ecx
    rep movsq
    jmp dd_resume_frame
    .size dd_interrupt_resume, . - dd_interrupt_resume

    .section .note.GNU-stack, "", @progbits
