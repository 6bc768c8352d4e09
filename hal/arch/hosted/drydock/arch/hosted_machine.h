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
    X(READ64, "movq (%rdx), %rax")                                          \
    X(WRITE8, "movb %al, (%rdx)")                                           \
    X(WRITE16, "movw %ax, (%rdx)")                                          \
    X(WRITE32, "movl %eax, (%rdx)")                                         \
    X(WRITE64, "movq %rax, (%rdx)")                                         \
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
    X(INS8, "rep insb")                                                     \
    X(INS16, "rep insw")                                                    \
    X(INS32, "rep insl")                                                    \
    X(OUTS8, "rep outsb")                                                   \
    X(OUTS16, "rep outsw")                                                  \
    X(OUTS32, "rep outsl")                                                  \
    X(WRITE_CR2, "movq %rax, %cr2")                                         \
    X(READ_CR8, "movq %cr8, %rax")                                          \
    X(WRITE_CR8, "movq %rax, %cr8")                                         \
    X(CLTS, "clts")                                                         \
    X(SMSW, "smswl %eax")                                                   \
    X(LMSW, "lmsw %ax")                                                     \
    X(XGETBV, "xgetbv")                                                     \
    X(XSETBV, "xsetbv")                                                     \
    X(READ_RFLAGS, "pushfq; popq %rax")                                     \
    X(WRITE_RFLAGS, "pushq %rax; popfq")                                    \
    X(STAC, "stac")                                                         \
    X(CLAC, "clac")                                                         \
    X(RDPKRU, "rdpkru")                                                     \
    X(WRPKRU, "wrpkru")                                                     \
    X(STMXCSR, "stmxcsr (%rdi)")                                            \
    X(LDMXCSR, "ldmxcsr (%rdi)")                                            \
    X(FXSAVE, "fxsave64 (%rdi)")                                            \
    X(FXRSTOR, "fxrstor64 (%rdi)")                                          \
    X(XSAVE, "xsave64 (%rdi)")                                              \
    X(XSAVEOPT, "xsaveopt64 (%rdi)")                                        \
    X(XRSTOR, "xrstor64 (%rdi)")                                            \
    X(XSAVES, "xsaves64 (%rdi)")                                            \
    X(XRSTORS, "xrstors64 (%rdi)")                                          \
    X(READ_DR0, "movq %dr0, %rax")                                          \
    X(READ_DR1, "movq %dr1, %rax")                                          \
    X(READ_DR2, "movq %dr2, %rax")                                          \
    X(READ_DR3, "movq %dr3, %rax")                                          \
    X(READ_DR6, "movq %dr6, %rax")                                          \
    X(READ_DR7, "movq %dr7, %rax")                                          \
    X(WRITE_DR0, "movq %rax, %dr0")                                         \
    X(WRITE_DR1, "movq %rax, %dr1")                                         \
    X(WRITE_DR2, "movq %rax, %dr2")                                         \
    X(WRITE_DR3, "movq %rax, %dr3")                                         \
    X(WRITE_DR6, "movq %rax, %dr6")                                         \
    X(WRITE_DR7, "movq %rax, %dr7")                                         \
    X(RDPMC, "rdpmc")                                                       \
    X(INVPCID, "invpcid (%rdi), %rax")                                      \
    X(INVLPGB, "invlpgb")                                                   \
    X(TLBSYNC, "tlbsync")                                                   \
    X(INVLPGA, "invlpga %rax, %ecx")                                        \
    X(LLDT, "lldt %ax")                                                     \
    X(SLDT, "sldt %eax")                                                    \
    X(READ_DS, "movl %ds, %eax")                                            \
    X(READ_ES, "movl %es, %eax")                                            \
    X(READ_FS, "movl %fs, %eax")                                            \
    X(READ_GS, "movl %gs, %eax")                                            \
    X(WRITE_FS, "movl %eax, %fs")                                           \
    X(WRITE_GS, "movl %eax, %gs")                                           \
    X(RDFSBASE, "rdfsbase %rax")                                            \
    X(RDGSBASE, "rdgsbase %rax")                                            \
    X(WRFSBASE, "wrfsbase %rax")                                            \
    X(WRGSBASE, "wrgsbase %rax")                                            \
    X(SWAPGS, "swapgs")                                                     \
    X(STI_HLT, "sti; hlt")                                                  \
    X(UD2, "ud2")                                                           \
    X(NOP, "nop")                                                           \
    X(BOCHS_BREAKPOINT, "xchgw %bx, %bx")                                   \
    X(MONITOR, "monitor %rax, %ecx, %edx")                                  \
    X(MWAIT, "mwait %eax, %ecx")                                            \
    X(MFENCE, "mfence")                                                     \
    X(LFENCE, "lfence")                                                     \
    X(SFENCE, "sfence")                                                     \
    X(CLFLUSH, "clflush (%rdx)")                                            \
    X(CLFLUSHOPT, "clflushopt (%rdx)")                                      \
    X(CLWB, "clwb (%rdx)")                                                  \
    X(WBINVD, "wbinvd")                                                     \
    X(INVD, "invd")                                                         \
    X(RDTSC, "rdtsc")                                                       \
    X(RDTSCP, "rdtscp")                                                     \
    X(RDRAND, "rdrand %rax; setc %dl")                                      \
    X(RDSEED, "rdseed %rax; setc %dl")                                      \
    X(READ_RIP, "leaq 0(%rip), %rax")                                       \
    X(INT, "int $vector, with the vector in %al")                           \
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

    /* Memory operand of other instructions: the machine has a copy, %rdi and %rsi point to it. */
    const void *input;    /**< copied to the machine before the instruction, unless NULL */
    void *output;         /**< copied back after it, unless NULL */
    uint64_t memory_size; /**< in bytes, at most DD_HOSTED_MEMORY_MAX */
};

/** Largest memory operand. */
#define DD_HOSTED_MEMORY_MAX 4096u

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
