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

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/arch/hosted_machine.h"
#include "drydock/insn_types.h"

/* ---- Port I/O: IN, OUT ---- */

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

/* ---- Control registers: MOV to and from CRn ---- */

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

/* ---- Model-specific registers: RDMSR, WRMSR ---- */

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

/* ---- Translation caches: INVLPG ---- */

static inline void dd_invlpg(dd_vaddr address)
{
    struct dd_hosted_operands operands = {.rdx = address.raw};

    dd_hosted_execute(DD_HOSTED_INVLPG, &operands);
}

/* ---- Descriptor tables: LGDT, SGDT, LIDT, SIDT, LTR, STR ---- */

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

/* ---- Segment registers: far return for CS, MOV for the others ---- */

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

/* ---- Interrupts and waiting: INT3, CLI, STI, HLT, PAUSE ---- */

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

/* ---- Identification: CPUID ---- */

static inline struct dd_cpuid dd_cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct dd_hosted_operands operands = {.rax = leaf, .rcx = subleaf};

    dd_hosted_execute(DD_HOSTED_CPUID, &operands);
    return (struct dd_cpuid){(uint32_t)operands.rax, (uint32_t)operands.rbx, (uint32_t)operands.rcx,
                             (uint32_t)operands.rdx};
}

#endif
