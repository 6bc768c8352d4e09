/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What the hosted insn.h asks of the program it is linked into: a machine that
 * executes one instruction at a time.
 *
 * Every function of the hosted insn.h names one instruction and its operands;
 * dd_hosted_execute() performs it. The simulated machine of sim/ does so with
 * the real instruction, so faults, flags and side effects are the processor's.
 */
#ifndef DRYDOCK_ARCH_HOSTED_MACHINE_H
#define DRYDOCK_ARCH_HOSTED_MACHINE_H

#include <stdint.h>

#include "drydock/insn_types.h"

/* X(name, the instruction with its fixed operands in AT&T syntax) */
#define DD_HOSTED_INSN_LIST(X)                                              \
    X(IN8, "inb %dx, %al")                                                  \
    X(IN16, "inw %dx, %ax")                                                 \
    X(IN32, "inl %dx, %eax")                                                \
    X(OUT8, "outb %al, %dx")                                                \
    X(OUT16, "outw %ax, %dx")                                               \
    X(OUT32, "outl %eax, %dx")                                              \
    X(READ8, "movb (%rdx), %al")                                            \
    X(READ16, "movw (%rdx), %ax")                                           \
    X(READ32, "movl (%rdx), %eax")                                          \
    X(WRITE8, "movb %al, (%rdx)")                                           \
    X(WRITE16, "movw %ax, (%rdx)")                                          \
    X(WRITE32, "movl %eax, (%rdx)")                                         \
    X(READ_CR0, "movq %cr0, %rax")                                          \
    X(READ_CR2, "movq %cr2, %rax")                                          \
    X(READ_CR3, "movq %cr3, %rax")                                          \
    X(READ_CR4, "movq %cr4, %rax")                                          \
    X(WRITE_CR0, "movq %rax, %cr0")                                         \
    X(WRITE_CR3, "movq %rax, %cr3")                                         \
    X(WRITE_CR4, "movq %rax, %cr4")                                         \
    X(RDMSR, "rdmsr")                                                       \
    X(WRMSR, "wrmsr")                                                       \
    X(INVLPG, "invlpg (%rdx)")                                              \
    X(LGDT, "lgdt (%rdi)")                                                  \
    X(SGDT, "sgdt (%rdi)")                                                  \
    X(LIDT, "lidt (%rdi)")                                                  \
    X(SIDT, "sidt (%rdi)")                                                  \
    X(LTR, "ltr %ax")                                                       \
    X(STR, "str %eax")                                                      \
    X(READ_CS, "movl %cs, %eax")                                            \
    X(READ_SS, "movl %ss, %eax")                                            \
    X(WRITE_CS, "pushq %rax; pushq address of the next instruction; lretq") \
    X(WRITE_SS, "movl %eax, %ss")                                           \
    X(WRITE_DS, "movl %eax, %ds")                                           \
    X(WRITE_ES, "movl %eax, %es")                                           \
    X(INT3, "int3")                                                         \
    X(CLI, "cli")                                                           \
    X(STI, "sti")                                                           \
    X(HLT, "hlt")                                                           \
    X(PAUSE, "pause")                                                       \
    X(CPUID, "cpuid")

enum dd_hosted_insn {
#define X(name, text) DD_HOSTED_##name,
    DD_HOSTED_INSN_LIST(X)
#undef X
    DD_HOSTED_INSN_COUNT
};

/** Operands before and after the instruction. */
struct dd_hosted_operands {
    uint64_t rax;
    uint64_t rbx;
    uint64_t rcx;
    uint64_t rdx;
    struct dd_table_register
        table; /**< memory operand of LGDT, SGDT, LIDT, SIDT; %rdi points to it */
};

/**
 * Execute one instruction on the machine the program has made current.
 *
 * @param insn              which instruction
 * @param[in,out] operands  loaded into the registers before it and stored from them after it
 *
 * Returns only if the instruction completed. What happens on a fault is the
 * program's choice; a claim's world reports it and ends the claim.
 */
void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands);

#endif
