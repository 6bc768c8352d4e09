/* SPDX-License-Identifier: MIT */
/**
 * @file
 * One function per instruction the compiler cannot emit from C, for x86-64.
 *
 * No logic: what an instruction does is the manual's business, [SDM 2]. The
 * hosted twin of this header (arch/hosted) has the same names; insn_contract.h
 * fails to compile when a signature differs. This is the only file with inline
 * assembly. Everything that touches a device, a page table or the interrupt
 * flag clobbers "memory", so the compiler keeps it in program order.
 */
#ifndef DRYDOCK_ARCH_INSN_H
#define DRYDOCK_ARCH_INSN_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/insn_types.h"

/* ---- Port I/O: IN, OUT ---- */

static inline uint8_t dd_in8(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline uint16_t dd_in16(uint16_t port)
{
    uint16_t value;
    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline uint32_t dd_in32(uint16_t port)
{
    uint32_t value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline void dd_out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void dd_out16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void dd_out32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

/*
 * ---- Memory-mapped I/O: one MOV of exactly the stated width ----
 *
 * To or from AL, AX or EAX: AMD processors of family 10h reach configuration
 * space only so, [AMD 10h] "MMIO Configuration Coding Requirements".
 */

static inline uint8_t dd_mmio_read8(dd_vaddr address)
{
    uint8_t value;
    __asm__ volatile("movb (%1), %0" : "=a"(value) : "r"(address.raw) : "memory");
    return value;
}

static inline uint16_t dd_mmio_read16(dd_vaddr address)
{
    uint16_t value;
    __asm__ volatile("movw (%1), %0" : "=a"(value) : "r"(address.raw) : "memory");
    return value;
}

static inline uint32_t dd_mmio_read32(dd_vaddr address)
{
    uint32_t value;
    __asm__ volatile("movl (%1), %0" : "=a"(value) : "r"(address.raw) : "memory");
    return value;
}

static inline void dd_mmio_write8(dd_vaddr address, uint8_t value)
{
    __asm__ volatile("movb %0, (%1)" : : "a"(value), "r"(address.raw) : "memory");
}

static inline void dd_mmio_write16(dd_vaddr address, uint16_t value)
{
    __asm__ volatile("movw %0, (%1)" : : "a"(value), "r"(address.raw) : "memory");
}

static inline void dd_mmio_write32(dd_vaddr address, uint32_t value)
{
    __asm__ volatile("movl %0, (%1)" : : "a"(value), "r"(address.raw) : "memory");
}

/* ---- Control registers: MOV to and from CRn ---- */

static inline uint64_t dd_read_cr0(void)
{
    uint64_t value;
    __asm__ volatile("mov %%cr0, %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t dd_read_cr2(void)
{
    uint64_t value;
    __asm__ volatile("mov %%cr2, %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t dd_read_cr3(void)
{
    uint64_t value;
    __asm__ volatile("mov %%cr3, %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t dd_read_cr4(void)
{
    uint64_t value;
    __asm__ volatile("mov %%cr4, %0" : "=r"(value) : : "memory");
    return value;
}

static inline void dd_write_cr0(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

static inline void dd_write_cr3(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr3" : : "r"(value) : "memory");
}

static inline void dd_write_cr4(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

/* ---- Model-specific registers: RDMSR, WRMSR ---- */

static inline uint64_t dd_rdmsr(uint32_t index)
{
    uint32_t low;
    uint32_t high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(index) : "memory");
    return ((uint64_t)high << 32) | low;
}

static inline void dd_wrmsr(uint32_t index, uint64_t value)
{
    __asm__ volatile("wrmsr"
                     :
                     : "c"(index), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

/* ---- Translation caches: INVLPG ---- */

static inline void dd_invlpg(dd_vaddr address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address.raw) : "memory");
}

/* ---- Descriptor tables: LGDT, SGDT, LIDT, SIDT, LTR, STR ---- */

static inline void dd_lgdt(const struct dd_table_register *table)
{
    __asm__ volatile("lgdt %0" : : "m"(*table) : "memory");
}

static inline void dd_sgdt(struct dd_table_register *table)
{
    __asm__ volatile("sgdt %0" : "=m"(*table) : : "memory");
}

static inline void dd_lidt(const struct dd_table_register *table)
{
    __asm__ volatile("lidt %0" : : "m"(*table) : "memory");
}

static inline void dd_sidt(struct dd_table_register *table)
{
    __asm__ volatile("sidt %0" : "=m"(*table) : : "memory");
}

static inline void dd_ltr(uint16_t selector)
{
    __asm__ volatile("ltr %0" : : "r"(selector) : "memory");
}

static inline uint16_t dd_str(void)
{
    uint16_t selector;
    __asm__ volatile("str %0" : "=r"(selector) : : "memory");
    return selector;
}

/* ---- Segment registers: far return for CS, MOV for the others ---- */

static inline uint16_t dd_read_cs(void)
{
    uint16_t selector;
    __asm__ volatile("mov %%cs, %0" : "=r"(selector));
    return selector;
}

static inline uint16_t dd_read_ss(void)
{
    uint16_t selector;
    __asm__ volatile("mov %%ss, %0" : "=r"(selector));
    return selector;
}

/** Load CS by a far return to the next instruction. */
static inline void dd_write_cs(uint16_t selector)
{
    __asm__ volatile("pushq %0\n\t"
                     "leaq 1f(%%rip), %%rax\n\t"
                     "pushq %%rax\n\t"
                     "lretq\n"
                     "1:"
                     :
                     : "r"((uint64_t)selector)
                     : "rax", "memory");
}

static inline void dd_write_ss(uint16_t selector)
{
    __asm__ volatile("mov %0, %%ss" : : "r"(selector) : "memory");
}

static inline void dd_write_ds(uint16_t selector)
{
    __asm__ volatile("mov %0, %%ds" : : "r"(selector) : "memory");
}

static inline void dd_write_es(uint16_t selector)
{
    __asm__ volatile("mov %0, %%es" : : "r"(selector) : "memory");
}

/* ---- Interrupts and waiting: INT3, CLI, STI, HLT, PAUSE ---- */

/** Raise a breakpoint exception, vector 3. */
static inline void dd_int3(void)
{
    __asm__ volatile("int3" : : : "memory");
}

static inline void dd_cli(void)
{
    __asm__ volatile("cli" : : : "memory");
}

static inline void dd_sti(void)
{
    __asm__ volatile("sti" : : : "memory");
}

static inline void dd_hlt(void)
{
    __asm__ volatile("hlt" : : : "memory");
}

static inline void dd_pause(void)
{
    __asm__ volatile("pause" : : : "memory");
}

/* ---- Identification: CPUID ---- */

static inline struct dd_cpuid dd_cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct dd_cpuid result;
    __asm__ volatile("cpuid"
                     : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
                     : "a"(leaf), "c"(subleaf));
    return result;
}

#endif
