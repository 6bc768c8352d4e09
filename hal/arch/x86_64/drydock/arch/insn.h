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
 *
 * PUSHF, POPF, the load of CS and INT use the stack: code that includes this is
 * compiled with -mno-red-zone, as any kernel is, since interrupts do so too.
 */
#ifndef DRYDOCK_ARCH_INSN_H
#define DRYDOCK_ARCH_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/insn_types.h"

/* ---- Port I/O: IN, OUT, INS, OUTS ---- */

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

/** Read a port @p count times into successive elements. */
static inline void dd_ins8(uint16_t port, uint8_t *values, size_t count)
{
    void *next = values;
    __asm__ volatile("rep insb" : "+D"(next), "+c"(count) : "d"(port) : "memory");
}

static inline void dd_ins16(uint16_t port, uint16_t *values, size_t count)
{
    void *next = values;
    __asm__ volatile("rep insw" : "+D"(next), "+c"(count) : "d"(port) : "memory");
}

static inline void dd_ins32(uint16_t port, uint32_t *values, size_t count)
{
    void *next = values;
    __asm__ volatile("rep insl" : "+D"(next), "+c"(count) : "d"(port) : "memory");
}

/** Write successive elements to a port. */
static inline void dd_outs8(uint16_t port, const uint8_t *values, size_t count)
{
    __asm__ volatile("rep outsb" : "+S"(values), "+c"(count) : "d"(port) : "memory");
}

static inline void dd_outs16(uint16_t port, const uint16_t *values, size_t count)
{
    __asm__ volatile("rep outsw" : "+S"(values), "+c"(count) : "d"(port) : "memory");
}

static inline void dd_outs32(uint16_t port, const uint32_t *values, size_t count)
{
    __asm__ volatile("rep outsl" : "+S"(values), "+c"(count) : "d"(port) : "memory");
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

static inline uint64_t dd_mmio_read64(dd_vaddr address)
{
    uint64_t value;
    __asm__ volatile("movq (%1), %0" : "=a"(value) : "r"(address.raw) : "memory");
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

static inline void dd_mmio_write64(dd_vaddr address, uint64_t value)
{
    __asm__ volatile("movq %0, (%1)" : : "a"(value), "r"(address.raw) : "memory");
}

/* ---- Memory: STOS ---- */

/** Store a value @p count times in a row, upwards. DF is 0, as it is in C. */
static inline void dd_stos64(volatile uint64_t *to, uint64_t value, size_t count)
{
    volatile uint64_t *next = to;
    __asm__ volatile("rep stosq" : "+D"(next), "+c"(count) : "a"(value) : "memory");
}

/* ---- Control registers: MOV to and from CRn, CLTS, LMSW, SMSW, XGETBV, XSETBV ---- */

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

static inline void dd_write_cr2(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr2" : : "r"(value) : "memory");
}

static inline uint64_t dd_read_cr8(void)
{
    uint64_t value;
    __asm__ volatile("mov %%cr8, %0" : "=r"(value) : : "memory");
    return value;
}

static inline void dd_write_cr8(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr8" : : "r"(value) : "memory");
}

/** Clear CR0.TS. */
static inline void dd_clts(void)
{
    __asm__ volatile("clts" : : : "memory");
}

/** The low 16 bits of CR0. */
static inline uint16_t dd_smsw(void)
{
    uint16_t value;
    __asm__ volatile("smsw %0" : "=r"(value) : : "memory");
    return value;
}

/** Load PE, MP, EM and TS of CR0; PE cannot be cleared. */
static inline void dd_lmsw(uint16_t value)
{
    __asm__ volatile("lmsw %0" : : "r"(value) : "memory");
}

/** An extended control register: 0 is XCR0. Needs CR4.OSXSAVE. */
static inline uint64_t dd_xgetbv(uint32_t index)
{
    uint32_t low;
    uint32_t high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(index) : "memory");
    return ((uint64_t)high << 32) | low;
}

static inline void dd_xsetbv(uint32_t index, uint64_t value)
{
    __asm__ volatile("xsetbv"
                     :
                     : "c"(index), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

/* ---- Flags, protection keys, MXCSR: PUSHF, POPF, STAC, CLAC, RDPKRU, WRPKRU, MXCSR ---- */

static inline uint64_t dd_read_rflags(void)
{
    uint64_t value;
    __asm__ volatile("pushfq\n\tpopq %0" : "=r"(value) : : "memory");
    return value;
}

static inline void dd_write_rflags(uint64_t value)
{
    __asm__ volatile("pushq %0\n\tpopfq" : : "r"(value) : "memory", "cc");
}

/** Set RFLAGS.AC: allow accesses to user pages under SMAP. Needs SMAP. */
static inline void dd_stac(void)
{
    __asm__ volatile("stac" : : : "memory");
}

/** Clear RFLAGS.AC: forbid them. Needs SMAP. */
static inline void dd_clac(void)
{
    __asm__ volatile("clac" : : : "memory");
}

/** Rights of the protection keys of user pages. Needs CR4.PKE. */
static inline uint32_t dd_rdpkru(void)
{
    uint32_t value;
    uint32_t high;
    __asm__ volatile("rdpkru" : "=a"(value), "=d"(high) : "c"(0) : "memory");
    return value;
}

static inline void dd_wrpkru(uint32_t value)
{
    __asm__ volatile("wrpkru" : : "a"(value), "c"(0), "d"(0) : "memory");
}

static inline uint32_t dd_stmxcsr(void)
{
    uint32_t value;
    __asm__ volatile("stmxcsr %0" : "=m"(value) : : "memory");
    return value;
}

static inline void dd_ldmxcsr(uint32_t value)
{
    __asm__ volatile("ldmxcsr %0" : : "m"(value) : "memory");
}

/* ---- Extended processor state: FXSAVE, XSAVE and back ---- */

static inline void dd_fxsave(struct dd_fxsave_area *area)
{
    __asm__ volatile("fxsave64 %0" : "+m"(*area) : : "memory");
}

static inline void dd_fxrstor(const struct dd_fxsave_area *area)
{
    __asm__ volatile("fxrstor64 %0" : : "m"(*area) : "memory");
}

/**
 * Store the components of @p mask that XCR0 has too. Needs CR4.OSXSAVE.
 *
 * @param area  aligned to 64 bytes, its header zero at first
 * @param size  bytes there, at least what CPUID leaf 0DH says; the instruction does not look at it
 */
static inline void dd_xsave(void *area, size_t size, uint64_t mask)
{
    (void)size;
    __asm__ volatile("xsave64 (%0)"
                     :
                     : "r"(area), "a"((uint32_t)mask), "d"((uint32_t)(mask >> 32))
                     : "memory");
}

/** The same, but components that did not change since the last XRSTOR may be left out. */
static inline void dd_xsaveopt(void *area, size_t size, uint64_t mask)
{
    (void)size;
    __asm__ volatile("xsaveopt64 (%0)"
                     :
                     : "r"(area), "a"((uint32_t)mask), "d"((uint32_t)(mask >> 32))
                     : "memory");
}

/** Load the components of @p mask that XCR0 has too. Parameters as for dd_xsave(). */
static inline void dd_xrstor(const void *area, size_t size, uint64_t mask)
{
    (void)size;
    __asm__ volatile("xrstor64 (%0)"
                     :
                     : "r"(area), "a"((uint32_t)mask), "d"((uint32_t)(mask >> 32))
                     : "memory");
}

/**
 * Store the components of @p mask that XCR0 or IA32_XSS has, in the compacted form; at CPL 0.
 *
 * @param area  aligned to 64 bytes
 * @param size  bytes there, at least what CPUID leaf 0DH, subleaf 1, says; see dd_xsave()
 */
static inline void dd_xsaves(void *area, size_t size, uint64_t mask)
{
    (void)size;
    __asm__ volatile("xsaves64 (%0)"
                     :
                     : "r"(area), "a"((uint32_t)mask), "d"((uint32_t)(mask >> 32))
                     : "memory");
}

/** Load the components of @p mask that XCR0 or IA32_XSS has. Parameters as for dd_xsaves(). */
static inline void dd_xrstors(const void *area, size_t size, uint64_t mask)
{
    (void)size;
    __asm__ volatile("xrstors64 (%0)"
                     :
                     : "r"(area), "a"((uint32_t)mask), "d"((uint32_t)(mask >> 32))
                     : "memory");
}

/* ---- Debug registers: MOV to and from DRn ---- */

static inline uint64_t dd_read_dr0(void)
{
    uint64_t value;
    __asm__ volatile("mov %%dr0, %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t dd_read_dr1(void)
{
    uint64_t value;
    __asm__ volatile("mov %%dr1, %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t dd_read_dr2(void)
{
    uint64_t value;
    __asm__ volatile("mov %%dr2, %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t dd_read_dr3(void)
{
    uint64_t value;
    __asm__ volatile("mov %%dr3, %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t dd_read_dr6(void)
{
    uint64_t value;
    __asm__ volatile("mov %%dr6, %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t dd_read_dr7(void)
{
    uint64_t value;
    __asm__ volatile("mov %%dr7, %0" : "=r"(value) : : "memory");
    return value;
}

static inline void dd_write_dr0(uint64_t value)
{
    __asm__ volatile("mov %0, %%dr0" : : "r"(value) : "memory");
}

static inline void dd_write_dr1(uint64_t value)
{
    __asm__ volatile("mov %0, %%dr1" : : "r"(value) : "memory");
}

static inline void dd_write_dr2(uint64_t value)
{
    __asm__ volatile("mov %0, %%dr2" : : "r"(value) : "memory");
}

static inline void dd_write_dr3(uint64_t value)
{
    __asm__ volatile("mov %0, %%dr3" : : "r"(value) : "memory");
}

static inline void dd_write_dr6(uint64_t value)
{
    __asm__ volatile("mov %0, %%dr6" : : "r"(value) : "memory");
}

static inline void dd_write_dr7(uint64_t value)
{
    __asm__ volatile("mov %0, %%dr7" : : "r"(value) : "memory");
}

/* ---- Model-specific registers and counters: RDMSR, WRMSR, RDPMC ---- */

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

static inline uint64_t dd_rdpmc(uint32_t counter)
{
    uint32_t low;
    uint32_t high;
    __asm__ volatile("rdpmc" : "=a"(low), "=d"(high) : "c"(counter) : "memory");
    return ((uint64_t)high << 32) | low;
}

/* ---- Translation caches: INVLPG, INVPCID, INVLPGB, TLBSYNC, INVLPGA ---- */

static inline void dd_invlpg(dd_vaddr address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address.raw) : "memory");
}

/** @param type  0 address, 1 PCID, 2 everything, 3 everything but global pages */
static inline void dd_invpcid(uint64_t type, const struct dd_invpcid_descriptor *descriptor)
{
    __asm__ volatile("invpcid %0, %1" : : "m"(*descriptor), "r"(type) : "memory");
}

/** Broadcast an invalidation, AMD; the operands are as [AMD64 v3] INVLPGB encodes them. */
static inline void dd_invlpgb(uint64_t rax, uint32_t ecx, uint32_t edx)
{
    __asm__ volatile("invlpgb" : : "a"(rax), "c"(ecx), "d"(edx) : "memory");
}

/** Wait until all processors have done what this one broadcast. */
static inline void dd_tlbsync(void)
{
    __asm__ volatile("tlbsync" : : : "memory");
}

/** Invalidate an address of a guest's address space, AMD. Needs EFER.SVME. */
static inline void dd_invlpga(dd_vaddr address, uint32_t asid)
{
    __asm__ volatile("invlpga %%rax, %%ecx" : : "a"(address.raw), "c"(asid) : "memory");
}

/* ---- Descriptor tables: LGDT, SGDT, LIDT, SIDT, LTR, STR, LLDT, SLDT ---- */

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

static inline void dd_lldt(uint16_t selector)
{
    __asm__ volatile("lldt %0" : : "r"(selector) : "memory");
}

static inline uint16_t dd_sldt(void)
{
    uint16_t value;
    __asm__ volatile("sldt %0" : "=r"(value) : : "memory");
    return value;
}

/* ---- Segment registers: far return for CS, MOV for the others; bases of FS and GS ---- */

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

static inline uint16_t dd_read_ds(void)
{
    uint16_t value;
    __asm__ volatile("mov %%ds, %0" : "=r"(value));
    return value;
}

static inline uint16_t dd_read_es(void)
{
    uint16_t value;
    __asm__ volatile("mov %%es, %0" : "=r"(value));
    return value;
}

static inline uint16_t dd_read_fs(void)
{
    uint16_t value;
    __asm__ volatile("mov %%fs, %0" : "=r"(value));
    return value;
}

static inline uint16_t dd_read_gs(void)
{
    uint16_t value;
    __asm__ volatile("mov %%gs, %0" : "=r"(value));
    return value;
}

/** Also loads the base: from the descriptor, or with 0 for a null selector on Intel. */
static inline void dd_write_fs(uint16_t selector)
{
    __asm__ volatile("mov %0, %%fs" : : "r"(selector) : "memory");
}

static inline void dd_write_gs(uint16_t selector)
{
    __asm__ volatile("mov %0, %%gs" : : "r"(selector) : "memory");
}

/** Needs CR4.FSGSBASE, as do the next three. */
static inline uint64_t dd_rdfsbase(void)
{
    uint64_t value;
    __asm__ volatile("rdfsbase %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t dd_rdgsbase(void)
{
    uint64_t value;
    __asm__ volatile("rdgsbase %0" : "=r"(value) : : "memory");
    return value;
}

static inline void dd_wrfsbase(uint64_t base)
{
    __asm__ volatile("wrfsbase %0" : : "r"(base) : "memory");
}

static inline void dd_wrgsbase(uint64_t base)
{
    __asm__ volatile("wrgsbase %0" : : "r"(base) : "memory");
}

/** Exchange the base of GS with IA32_KERNEL_GS_BASE. */
static inline void dd_swapgs(void)
{
    __asm__ volatile("swapgs" : : : "memory");
}

/* ---- Interrupts and waiting: INT, CLI, STI, HLT, PAUSE, MONITOR, MWAIT ---- */

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

/** Wait with interrupts on: none can come between the two instructions. */
static inline void dd_sti_hlt(void)
{
    __asm__ volatile("sti\n\thlt" : : : "memory");
}

/** Raise an invalid-opcode exception, vector 6. */
static inline void dd_ud2(void)
{
    __asm__ volatile("ud2" : : : "memory");
}

static inline void dd_nop(void)
{
    __asm__ volatile("nop" : : : "memory");
}

/** The breakpoint of the Bochs emulator; elsewhere nothing happens. */
static inline void dd_bochs_breakpoint(void)
{
    __asm__ volatile("xchgw %%bx, %%bx" : : : "memory");
}

static inline void dd_monitor(dd_vaddr address, uint32_t extensions, uint32_t hints)
{
    __asm__ volatile("monitor" : : "a"(address.raw), "c"(extensions), "d"(hints) : "memory");
}

static inline void dd_mwait(uint32_t extensions, uint32_t hints)
{
    __asm__ volatile("mwait" : : "c"(extensions), "a"(hints) : "memory");
}

/** Raise the interrupt @p vector, a constant 0..255. A macro, since the vector is in the instruction. */
#define DD_INT(vector) __asm__ volatile("int %0" : : "i"(vector) : "memory")

/* ---- Order and caches: MFENCE, LFENCE, SFENCE, CLFLUSH, WBINVD ---- */

static inline void dd_mfence(void)
{
    __asm__ volatile("mfence" : : : "memory");
}

static inline void dd_lfence(void)
{
    __asm__ volatile("lfence" : : : "memory");
}

static inline void dd_sfence(void)
{
    __asm__ volatile("sfence" : : : "memory");
}

static inline void dd_clflush(dd_vaddr address)
{
    __asm__ volatile("clflush (%0)" : : "r"(address.raw) : "memory");
}

static inline void dd_clflushopt(dd_vaddr address)
{
    __asm__ volatile("clflushopt (%0)" : : "r"(address.raw) : "memory");
}

/** Write a line back and keep it. */
static inline void dd_clwb(dd_vaddr address)
{
    __asm__ volatile("clwb (%0)" : : "r"(address.raw) : "memory");
}

/** Write all caches back and empty them. */
static inline void dd_wbinvd(void)
{
    __asm__ volatile("wbinvd" : : : "memory");
}

/** Empty all caches and lose what was not written back. */
static inline void dd_invd(void)
{
    __asm__ volatile("invd" : : : "memory");
}

/* ---- Time and random numbers: RDTSC, RDRAND, RDSEED ---- */

/** Not ordered with what stands before it: see LFENCE. */
static inline uint64_t dd_rdtsc(void)
{
    uint32_t low;
    uint32_t high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return ((uint64_t)high << 32) | low;
}

/** @param[out] auxiliary  IA32_TSC_AUX */
static inline uint64_t dd_rdtscp(uint32_t *auxiliary)
{
    uint32_t low;
    uint32_t high;
    uint32_t processor;
    __asm__ volatile("rdtscp" : "=a"(low), "=d"(high), "=c"(processor) : : "memory");
    *auxiliary = processor;
    return ((uint64_t)high << 32) | low;
}

/** One try. @return whether *value is random; if not, it is 0 or undefined */
static inline bool dd_rdrand(uint64_t *value)
{
    uint64_t random;
    bool valid;
    __asm__ volatile("rdrand %0\n\tsetc %1" : "=&r"(random), "=qm"(valid) : : "cc");
    *value = random;
    return valid;
}

/** One try. @return whether *value is random; if not, it is 0 or undefined */
static inline bool dd_rdseed(uint64_t *value)
{
    uint64_t random;
    bool valid;
    __asm__ volatile("rdseed %0\n\tsetc %1" : "=&r"(random), "=qm"(valid) : : "cc");
    *value = random;
    return valid;
}

/* ---- Identification: CPUID ---- */

/** Also waits until all instructions before it are complete. */
static inline struct dd_cpuid dd_cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct dd_cpuid result;
    __asm__ volatile("cpuid"
                     : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
                     : "a"(leaf), "c"(subleaf)
                     : "memory");
    return result;
}

/** Address of the next instruction. */
static inline dd_vaddr dd_read_rip(void)
{
    dd_vaddr address;
    __asm__ volatile("leaq 0(%%rip), %0" : "=r"(address.raw));
    return address;
}

#endif
