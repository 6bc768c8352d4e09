/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The hosted twin of arch/x86_64: same names, same signatures, but each
 * instruction is executed by the machine behind dd_hosted_execute(). So the
 * rest of the library compiles and runs unchanged in an ordinary process,
 * under sanitizers and a debugger.
 */
#ifndef DRYDOCK_ARCH_INSN_H
#define DRYDOCK_ARCH_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/arch/hosted_machine.h"
#include "drydock/insn_types.h"

/* ---- Port I/O: IN, OUT, INS, OUTS ---- */

static inline uint8_t dd_in8(uint16_t port)
{
    struct dd_hosted_operands operands = {.rdx = port};

    dd_hosted_execute(DD_HOSTED_IN8, &operands);
    return (uint8_t)operands.rax;
}

static inline uint16_t dd_in16(uint16_t port)
{
    struct dd_hosted_operands operands = {.rdx = port};

    dd_hosted_execute(DD_HOSTED_IN16, &operands);
    return (uint16_t)operands.rax;
}

static inline uint32_t dd_in32(uint16_t port)
{
    struct dd_hosted_operands operands = {.rdx = port};

    dd_hosted_execute(DD_HOSTED_IN32, &operands);
    return (uint32_t)operands.rax;
}

static inline void dd_out8(uint16_t port, uint8_t value)
{
    struct dd_hosted_operands operands = {.rax = value, .rdx = port};

    dd_hosted_execute(DD_HOSTED_OUT8, &operands);
}

static inline void dd_out16(uint16_t port, uint16_t value)
{
    struct dd_hosted_operands operands = {.rax = value, .rdx = port};

    dd_hosted_execute(DD_HOSTED_OUT16, &operands);
}

static inline void dd_out32(uint16_t port, uint32_t value)
{
    struct dd_hosted_operands operands = {.rax = value, .rdx = port};

    dd_hosted_execute(DD_HOSTED_OUT32, &operands);
}

// NOLINTNEXTLINE(readability-non-const-parameter): the machine writes to it
static inline void dd_ins8(uint16_t port, uint8_t *values, size_t count)
{
    struct dd_hosted_operands operands = {
        .rcx = count, .rdx = port, .output = values, .memory_size = count * sizeof *values};

    dd_hosted_execute(DD_HOSTED_INS8, &operands);
}

// NOLINTNEXTLINE(readability-non-const-parameter): the machine writes to it
static inline void dd_ins16(uint16_t port, uint16_t *values, size_t count)
{
    struct dd_hosted_operands operands = {
        .rcx = count, .rdx = port, .output = values, .memory_size = count * sizeof *values};

    dd_hosted_execute(DD_HOSTED_INS16, &operands);
}

// NOLINTNEXTLINE(readability-non-const-parameter): the machine writes to it
static inline void dd_ins32(uint16_t port, uint32_t *values, size_t count)
{
    struct dd_hosted_operands operands = {
        .rcx = count, .rdx = port, .output = values, .memory_size = count * sizeof *values};

    dd_hosted_execute(DD_HOSTED_INS32, &operands);
}

static inline void dd_outs8(uint16_t port, const uint8_t *values, size_t count)
{
    struct dd_hosted_operands operands = {
        .rcx = count, .rdx = port, .input = values, .memory_size = count * sizeof *values};

    dd_hosted_execute(DD_HOSTED_OUTS8, &operands);
}

static inline void dd_outs16(uint16_t port, const uint16_t *values, size_t count)
{
    struct dd_hosted_operands operands = {
        .rcx = count, .rdx = port, .input = values, .memory_size = count * sizeof *values};

    dd_hosted_execute(DD_HOSTED_OUTS16, &operands);
}

static inline void dd_outs32(uint16_t port, const uint32_t *values, size_t count)
{
    struct dd_hosted_operands operands = {
        .rcx = count, .rdx = port, .input = values, .memory_size = count * sizeof *values};

    dd_hosted_execute(DD_HOSTED_OUTS32, &operands);
}

/* ---- Memory-mapped I/O: one MOV of exactly the stated width ---- */

static inline uint8_t dd_mmio_read8(dd_vaddr address)
{
    struct dd_hosted_operands operands = {.rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_READ8, &operands);
    return (uint8_t)operands.rax;
}

static inline uint16_t dd_mmio_read16(dd_vaddr address)
{
    struct dd_hosted_operands operands = {.rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_READ16, &operands);
    return (uint16_t)operands.rax;
}

static inline uint32_t dd_mmio_read32(dd_vaddr address)
{
    struct dd_hosted_operands operands = {.rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_READ32, &operands);
    return (uint32_t)operands.rax;
}

static inline uint64_t dd_mmio_read64(dd_vaddr address)
{
    struct dd_hosted_operands operands = {.rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_READ64, &operands);
    return operands.rax;
}

static inline void dd_mmio_write8(dd_vaddr address, uint8_t value)
{
    struct dd_hosted_operands operands = {.rax = value, .rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_WRITE8, &operands);
}

static inline void dd_mmio_write16(dd_vaddr address, uint16_t value)
{
    struct dd_hosted_operands operands = {.rax = value, .rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_WRITE16, &operands);
}

static inline void dd_mmio_write32(dd_vaddr address, uint32_t value)
{
    struct dd_hosted_operands operands = {.rax = value, .rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_WRITE32, &operands);
}

static inline void dd_mmio_write64(dd_vaddr address, uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value, .rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_WRITE64, &operands);
}

/* ---- Memory: STOS ---- */

static inline void dd_stos64(volatile uint64_t *to, uint64_t value, size_t count)
{
    uint64_t *next = (uint64_t *)to;

    while (count-- > 0) {
        *next++ = value;
    }
}

/* ---- Control registers: MOV to and from CRn, CLTS, LMSW, SMSW, XGETBV, XSETBV ---- */

static inline uint64_t dd_read_cr0(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_CR0, &operands);
    return operands.rax;
}

static inline uint64_t dd_read_cr2(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_CR2, &operands);
    return operands.rax;
}

static inline uint64_t dd_read_cr3(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_CR3, &operands);
    return operands.rax;
}

static inline uint64_t dd_read_cr4(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_CR4, &operands);
    return operands.rax;
}

static inline void dd_write_cr0(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_CR0, &operands);
}

static inline void dd_write_cr3(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_CR3, &operands);
}

static inline void dd_write_cr4(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_CR4, &operands);
}

static inline void dd_write_cr2(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_CR2, &operands);
}

static inline uint64_t dd_read_cr8(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_CR8, &operands);
    return operands.rax;
}

static inline void dd_write_cr8(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_CR8, &operands);
}

static inline void dd_clts(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_CLTS, &operands);
}

static inline uint16_t dd_smsw(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_SMSW, &operands);
    return (uint16_t)operands.rax;
}

static inline void dd_lmsw(uint16_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_LMSW, &operands);
}

static inline uint64_t dd_xgetbv(uint32_t index)
{
    struct dd_hosted_operands operands = {.rcx = index};

    dd_hosted_execute(DD_HOSTED_XGETBV, &operands);
    return (operands.rdx << 32) | (uint32_t)operands.rax;
}

static inline void dd_xsetbv(uint32_t index, uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = (uint32_t)value, .rcx = index, .rdx = value >> 32};

    dd_hosted_execute(DD_HOSTED_XSETBV, &operands);
}

/* ---- Flags, protection keys, MXCSR: PUSHF, POPF, STAC, CLAC, RDPKRU, WRPKRU, MXCSR ---- */

static inline uint64_t dd_read_rflags(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_RFLAGS, &operands);
    return operands.rax;
}

static inline void dd_write_rflags(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_RFLAGS, &operands);
}

static inline void dd_stac(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_STAC, &operands);
}

static inline void dd_clac(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_CLAC, &operands);
}

static inline uint32_t dd_rdpkru(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_RDPKRU, &operands);
    return (uint32_t)operands.rax;
}

static inline void dd_wrpkru(uint32_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRPKRU, &operands);
}

static inline uint32_t dd_stmxcsr(void)
{
    uint32_t value = 0;
    struct dd_hosted_operands operands = {.output = &value, .memory_size = sizeof value};

    dd_hosted_execute(DD_HOSTED_STMXCSR, &operands);
    return value;
}

static inline void dd_ldmxcsr(uint32_t value)
{
    struct dd_hosted_operands operands = {.input = &value, .memory_size = sizeof value};

    dd_hosted_execute(DD_HOSTED_LDMXCSR, &operands);
}

/* ---- Extended processor state: FXSAVE, XSAVE and back ---- */

static inline void dd_fxsave(struct dd_fxsave_area *area)
{
    struct dd_hosted_operands operands = {
        .input = area, .output = area, .memory_size = sizeof *area};

    dd_hosted_execute(DD_HOSTED_FXSAVE, &operands);
}

static inline void dd_fxrstor(const struct dd_fxsave_area *area)
{
    struct dd_hosted_operands operands = {.input = area, .memory_size = sizeof *area};

    dd_hosted_execute(DD_HOSTED_FXRSTOR, &operands);
}

static inline void dd_xsave(void *area, size_t size, uint64_t mask)
{
    struct dd_hosted_operands operands = {.rax = (uint32_t)mask,
                                          .rdx = mask >> 32,
                                          .input = area,
                                          .output = area,
                                          .memory_size = size};

    dd_hosted_execute(DD_HOSTED_XSAVE, &operands);
}

static inline void dd_xsaveopt(void *area, size_t size, uint64_t mask)
{
    struct dd_hosted_operands operands = {.rax = (uint32_t)mask,
                                          .rdx = mask >> 32,
                                          .input = area,
                                          .output = area,
                                          .memory_size = size};

    dd_hosted_execute(DD_HOSTED_XSAVEOPT, &operands);
}

static inline void dd_xrstor(const void *area, size_t size, uint64_t mask)
{
    struct dd_hosted_operands operands = {
        .rax = (uint32_t)mask, .rdx = mask >> 32, .input = area, .memory_size = size};

    dd_hosted_execute(DD_HOSTED_XRSTOR, &operands);
}

static inline void dd_xsaves(void *area, size_t size, uint64_t mask)
{
    struct dd_hosted_operands operands = {.rax = (uint32_t)mask,
                                          .rdx = mask >> 32,
                                          .input = area,
                                          .output = area,
                                          .memory_size = size};

    dd_hosted_execute(DD_HOSTED_XSAVES, &operands);
}

static inline void dd_xrstors(const void *area, size_t size, uint64_t mask)
{
    struct dd_hosted_operands operands = {
        .rax = (uint32_t)mask, .rdx = mask >> 32, .input = area, .memory_size = size};

    dd_hosted_execute(DD_HOSTED_XRSTORS, &operands);
}

/* ---- Debug registers: MOV to and from DRn ---- */

static inline uint64_t dd_read_dr0(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_DR0, &operands);
    return operands.rax;
}

static inline uint64_t dd_read_dr1(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_DR1, &operands);
    return operands.rax;
}

static inline uint64_t dd_read_dr2(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_DR2, &operands);
    return operands.rax;
}

static inline uint64_t dd_read_dr3(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_DR3, &operands);
    return operands.rax;
}

static inline uint64_t dd_read_dr6(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_DR6, &operands);
    return operands.rax;
}

static inline uint64_t dd_read_dr7(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_DR7, &operands);
    return operands.rax;
}

static inline void dd_write_dr0(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_DR0, &operands);
}

static inline void dd_write_dr1(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_DR1, &operands);
}

static inline void dd_write_dr2(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_DR2, &operands);
}

static inline void dd_write_dr3(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_DR3, &operands);
}

static inline void dd_write_dr6(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_DR6, &operands);
}

static inline void dd_write_dr7(uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = value};

    dd_hosted_execute(DD_HOSTED_WRITE_DR7, &operands);
}

/* ---- Model-specific registers and counters: RDMSR, WRMSR, RDPMC ---- */

static inline uint64_t dd_rdmsr(uint32_t index)
{
    struct dd_hosted_operands operands = {.rcx = index};

    dd_hosted_execute(DD_HOSTED_RDMSR, &operands);
    return (operands.rdx << 32) | (uint32_t)operands.rax;
}

static inline void dd_wrmsr(uint32_t index, uint64_t value)
{
    struct dd_hosted_operands operands = {.rax = (uint32_t)value, .rcx = index, .rdx = value >> 32};

    dd_hosted_execute(DD_HOSTED_WRMSR, &operands);
}

static inline uint64_t dd_rdpmc(uint32_t counter)
{
    struct dd_hosted_operands operands = {.rcx = counter};

    dd_hosted_execute(DD_HOSTED_RDPMC, &operands);
    return (operands.rdx << 32) | (uint32_t)operands.rax;
}

/* ---- Translation caches: INVLPG, INVPCID, INVLPGB, TLBSYNC, INVLPGA ---- */

static inline void dd_invlpg(dd_vaddr address)
{
    struct dd_hosted_operands operands = {.rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_INVLPG, &operands);
}

static inline void dd_invpcid(uint64_t type, const struct dd_invpcid_descriptor *descriptor)
{
    struct dd_hosted_operands operands = {
        .rax = type, .input = descriptor, .memory_size = sizeof *descriptor};

    dd_hosted_execute(DD_HOSTED_INVPCID, &operands);
}

static inline void dd_invlpgb(uint64_t rax, uint32_t ecx, uint32_t edx)
{
    struct dd_hosted_operands operands = {.rax = rax, .rcx = ecx, .rdx = edx};

    dd_hosted_execute(DD_HOSTED_INVLPGB, &operands);
}

static inline void dd_tlbsync(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_TLBSYNC, &operands);
}

static inline void dd_invlpga(dd_vaddr address, uint32_t asid)
{
    struct dd_hosted_operands operands = {.rax = address.raw, .rcx = asid};

    dd_hosted_execute(DD_HOSTED_INVLPGA, &operands);
}

/* ---- Descriptor tables: LGDT, SGDT, LIDT, SIDT, LTR, STR, LLDT, SLDT ---- */

static inline void dd_lgdt(const struct dd_table_register *table)
{
    struct dd_hosted_operands operands = {.table = *table};

    dd_hosted_execute(DD_HOSTED_LGDT, &operands);
}

static inline void dd_sgdt(struct dd_table_register *table)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_SGDT, &operands);
    *table = operands.table;
}

static inline void dd_lidt(const struct dd_table_register *table)
{
    struct dd_hosted_operands operands = {.table = *table};

    dd_hosted_execute(DD_HOSTED_LIDT, &operands);
}

static inline void dd_sidt(struct dd_table_register *table)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_SIDT, &operands);
    *table = operands.table;
}

static inline void dd_ltr(uint16_t selector)
{
    struct dd_hosted_operands operands = {.rax = selector};

    dd_hosted_execute(DD_HOSTED_LTR, &operands);
}

static inline uint16_t dd_str(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_STR, &operands);
    return (uint16_t)operands.rax;
}

static inline void dd_lldt(uint16_t selector)
{
    struct dd_hosted_operands operands = {.rax = selector};

    dd_hosted_execute(DD_HOSTED_LLDT, &operands);
}

static inline uint16_t dd_sldt(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_SLDT, &operands);
    return (uint16_t)operands.rax;
}

/* ---- Segment registers: far return for CS, MOV for the others; bases of FS and GS ---- */

static inline uint16_t dd_read_cs(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_CS, &operands);
    return (uint16_t)operands.rax;
}

static inline uint16_t dd_read_ss(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_SS, &operands);
    return (uint16_t)operands.rax;
}

static inline void dd_write_cs(uint16_t selector)
{
    struct dd_hosted_operands operands = {.rax = selector};

    dd_hosted_execute(DD_HOSTED_WRITE_CS, &operands);
}

static inline void dd_write_ss(uint16_t selector)
{
    struct dd_hosted_operands operands = {.rax = selector};

    dd_hosted_execute(DD_HOSTED_WRITE_SS, &operands);
}

static inline void dd_write_ds(uint16_t selector)
{
    struct dd_hosted_operands operands = {.rax = selector};

    dd_hosted_execute(DD_HOSTED_WRITE_DS, &operands);
}

static inline void dd_write_es(uint16_t selector)
{
    struct dd_hosted_operands operands = {.rax = selector};

    dd_hosted_execute(DD_HOSTED_WRITE_ES, &operands);
}

static inline uint16_t dd_read_ds(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_DS, &operands);
    return (uint16_t)operands.rax;
}

static inline uint16_t dd_read_es(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_ES, &operands);
    return (uint16_t)operands.rax;
}

static inline uint16_t dd_read_fs(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_FS, &operands);
    return (uint16_t)operands.rax;
}

static inline uint16_t dd_read_gs(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_GS, &operands);
    return (uint16_t)operands.rax;
}

static inline void dd_write_fs(uint16_t selector)
{
    struct dd_hosted_operands operands = {.rax = selector};

    dd_hosted_execute(DD_HOSTED_WRITE_FS, &operands);
}

static inline void dd_write_gs(uint16_t selector)
{
    struct dd_hosted_operands operands = {.rax = selector};

    dd_hosted_execute(DD_HOSTED_WRITE_GS, &operands);
}

static inline uint64_t dd_rdfsbase(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_RDFSBASE, &operands);
    return operands.rax;
}

static inline uint64_t dd_rdgsbase(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_RDGSBASE, &operands);
    return operands.rax;
}

static inline void dd_wrfsbase(uint64_t base)
{
    struct dd_hosted_operands operands = {.rax = base};

    dd_hosted_execute(DD_HOSTED_WRFSBASE, &operands);
}

static inline void dd_wrgsbase(uint64_t base)
{
    struct dd_hosted_operands operands = {.rax = base};

    dd_hosted_execute(DD_HOSTED_WRGSBASE, &operands);
}

static inline void dd_swapgs(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_SWAPGS, &operands);
}

/* ---- Interrupts and waiting: INT, CLI, STI, HLT, PAUSE, MONITOR, MWAIT ---- */

static inline void dd_int3(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_INT3, &operands);
}

static inline void dd_cli(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_CLI, &operands);
}

static inline void dd_sti(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_STI, &operands);
}

static inline void dd_hlt(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_HLT, &operands);
}

static inline void dd_pause(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_PAUSE, &operands);
}

static inline void dd_sti_hlt(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_STI_HLT, &operands);
}

static inline void dd_ud2(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_UD2, &operands);
}

static inline void dd_nop(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_NOP, &operands);
}

static inline void dd_bochs_breakpoint(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_BOCHS_BREAKPOINT, &operands);
}

static inline void dd_monitor(dd_vaddr address, uint32_t extensions, uint32_t hints)
{
    struct dd_hosted_operands operands = {.rax = address.raw, .rcx = extensions, .rdx = hints};

    dd_hosted_execute(DD_HOSTED_MONITOR, &operands);
}

static inline void dd_mwait(uint32_t extensions, uint32_t hints)
{
    struct dd_hosted_operands operands = {.rax = hints, .rcx = extensions};

    dd_hosted_execute(DD_HOSTED_MWAIT, &operands);
}

static inline void dd_hosted_int(uint8_t vector)
{
    struct dd_hosted_operands operands = {.rax = vector};

    dd_hosted_execute(DD_HOSTED_INT, &operands);
}

#define DD_INT(vector) dd_hosted_int(vector)

/* ---- Order and caches: MFENCE, LFENCE, SFENCE, CLFLUSH, WBINVD ---- */

static inline void dd_mfence(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_MFENCE, &operands);
}

static inline void dd_lfence(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_LFENCE, &operands);
}

static inline void dd_sfence(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_SFENCE, &operands);
}

static inline void dd_clflush(dd_vaddr address)
{
    struct dd_hosted_operands operands = {.rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_CLFLUSH, &operands);
}

static inline void dd_clflushopt(dd_vaddr address)
{
    struct dd_hosted_operands operands = {.rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_CLFLUSHOPT, &operands);
}

static inline void dd_clwb(dd_vaddr address)
{
    struct dd_hosted_operands operands = {.rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_CLWB, &operands);
}

static inline void dd_wbinvd(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_WBINVD, &operands);
}

static inline void dd_invd(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_INVD, &operands);
}

/* ---- Time and random numbers: RDTSC, RDRAND, RDSEED ---- */

static inline uint64_t dd_rdtsc(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_RDTSC, &operands);
    return (operands.rdx << 32) | (uint32_t)operands.rax;
}

static inline uint64_t dd_rdtscp(uint32_t *auxiliary)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_RDTSCP, &operands);
    *auxiliary = (uint32_t)operands.rcx;
    return (operands.rdx << 32) | (uint32_t)operands.rax;
}

static inline bool dd_rdrand(uint64_t *value)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_RDRAND, &operands);
    *value = operands.rax;
    return (operands.rdx & 1) != 0;
}

static inline bool dd_rdseed(uint64_t *value)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_RDSEED, &operands);
    *value = operands.rax;
    return (operands.rdx & 1) != 0;
}

/* ---- Identification: CPUID ---- */

static inline struct dd_cpuid dd_cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct dd_hosted_operands operands = {.rax = leaf, .rcx = subleaf};

    dd_hosted_execute(DD_HOSTED_CPUID, &operands);
    return (struct dd_cpuid){(uint32_t)operands.rax, (uint32_t)operands.rbx, (uint32_t)operands.rcx,
                             (uint32_t)operands.rdx};
}

static inline dd_vaddr dd_read_rip(void)
{
    struct dd_hosted_operands operands = {0};

    dd_hosted_execute(DD_HOSTED_READ_RIP, &operands);
    return dd_vaddr_from(operands.rax);
}

#endif
