/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dd_hosted_execute() for the simulated machine. The encodings are typed from
 * [SDM 2], not assembled: operands are always the registers the list of
 * hosted_machine.h names. Memory operands live in the machine's scratch memory,
 * which %rdi and %rsi point to.
 */
#include "sim/machine/seam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/arch/hosted_machine.h"

struct encoding {
    uint8_t size;
    uint8_t bytes[15];
};

#define ENCODING(...)                           \
    {                                           \
        sizeof((const uint8_t[]){__VA_ARGS__}), \
        {                                       \
            __VA_ARGS__                         \
        }                                       \
    }

static const struct encoding encodings[DD_HOSTED_INSN_COUNT] = {
    [DD_HOSTED_IN8] = ENCODING(0xEC),
    [DD_HOSTED_IN16] = ENCODING(0x66, 0xED),
    [DD_HOSTED_IN32] = ENCODING(0xED),
    [DD_HOSTED_OUT8] = ENCODING(0xEE),
    [DD_HOSTED_OUT16] = ENCODING(0x66, 0xEF),
    [DD_HOSTED_OUT32] = ENCODING(0xEF),
    [DD_HOSTED_READ8] = ENCODING(0x8A, 0x02),
    [DD_HOSTED_READ16] = ENCODING(0x66, 0x8B, 0x02),
    [DD_HOSTED_READ32] = ENCODING(0x8B, 0x02),
    [DD_HOSTED_READ64] = ENCODING(0x48, 0x8B, 0x02),
    [DD_HOSTED_WRITE8] = ENCODING(0x88, 0x02),
    [DD_HOSTED_WRITE16] = ENCODING(0x66, 0x89, 0x02),
    [DD_HOSTED_WRITE32] = ENCODING(0x89, 0x02),
    [DD_HOSTED_WRITE64] = ENCODING(0x48, 0x89, 0x02),
    [DD_HOSTED_READ_CR0] = ENCODING(0x0F, 0x20, 0xC0),
    [DD_HOSTED_READ_CR2] = ENCODING(0x0F, 0x20, 0xD0),
    [DD_HOSTED_READ_CR3] = ENCODING(0x0F, 0x20, 0xD8),
    [DD_HOSTED_READ_CR4] = ENCODING(0x0F, 0x20, 0xE0),
    [DD_HOSTED_WRITE_CR0] = ENCODING(0x0F, 0x22, 0xC0),
    [DD_HOSTED_WRITE_CR3] = ENCODING(0x0F, 0x22, 0xD8),
    [DD_HOSTED_WRITE_CR4] = ENCODING(0x0F, 0x22, 0xE0),
    [DD_HOSTED_RDMSR] = ENCODING(0x0F, 0x32),
    [DD_HOSTED_WRMSR] = ENCODING(0x0F, 0x30),
    [DD_HOSTED_INVLPG] = ENCODING(0x0F, 0x01, 0x3A),
    [DD_HOSTED_LGDT] = ENCODING(0x0F, 0x01, 0x17),
    [DD_HOSTED_SGDT] = ENCODING(0x0F, 0x01, 0x07),
    [DD_HOSTED_LIDT] = ENCODING(0x0F, 0x01, 0x1F),
    [DD_HOSTED_SIDT] = ENCODING(0x0F, 0x01, 0x0F),
    [DD_HOSTED_LTR] = ENCODING(0x0F, 0x00, 0xD8),
    [DD_HOSTED_STR] = ENCODING(0x0F, 0x00, 0xC8),
    [DD_HOSTED_READ_CS] = ENCODING(0x8C, 0xC8),
    [DD_HOSTED_READ_SS] = ENCODING(0x8C, 0xD0),
    /* pushq %rax; leaq 3(%rip), %rax; pushq %rax; lretq */
    [DD_HOSTED_WRITE_CS] =
        ENCODING(0x50, 0x48, 0x8D, 0x05, 0x03, 0x00, 0x00, 0x00, 0x50, 0x48, 0xCB),
    [DD_HOSTED_WRITE_SS] = ENCODING(0x8E, 0xD0),
    [DD_HOSTED_WRITE_DS] = ENCODING(0x8E, 0xD8),
    [DD_HOSTED_WRITE_ES] = ENCODING(0x8E, 0xC0),
    [DD_HOSTED_INT3] = ENCODING(0xCC),
    [DD_HOSTED_CLI] = ENCODING(0xFA),
    [DD_HOSTED_STI] = ENCODING(0xFB),
    [DD_HOSTED_HLT] = ENCODING(0xF4),
    [DD_HOSTED_PAUSE] = ENCODING(0xF3, 0x90),
    [DD_HOSTED_INS8] = ENCODING(0xF3, 0x6C),
    [DD_HOSTED_INS16] = ENCODING(0xF3, 0x66, 0x6D),
    [DD_HOSTED_INS32] = ENCODING(0xF3, 0x6D),
    [DD_HOSTED_OUTS8] = ENCODING(0xF3, 0x6E),
    [DD_HOSTED_OUTS16] = ENCODING(0xF3, 0x66, 0x6F),
    [DD_HOSTED_OUTS32] = ENCODING(0xF3, 0x6F),
    [DD_HOSTED_WRITE_CR2] = ENCODING(0x0F, 0x22, 0xD0),
    [DD_HOSTED_READ_CR8] = ENCODING(0x44, 0x0F, 0x20, 0xC0),
    [DD_HOSTED_WRITE_CR8] = ENCODING(0x44, 0x0F, 0x22, 0xC0),
    [DD_HOSTED_CLTS] = ENCODING(0x0F, 0x06),
    [DD_HOSTED_SMSW] = ENCODING(0x0F, 0x01, 0xE0),
    [DD_HOSTED_LMSW] = ENCODING(0x0F, 0x01, 0xF0),
    [DD_HOSTED_XGETBV] = ENCODING(0x0F, 0x01, 0xD0),
    [DD_HOSTED_XSETBV] = ENCODING(0x0F, 0x01, 0xD1),
    [DD_HOSTED_READ_RFLAGS] = ENCODING(0x9C, 0x58),
    [DD_HOSTED_WRITE_RFLAGS] = ENCODING(0x50, 0x9D),
    [DD_HOSTED_STAC] = ENCODING(0x0F, 0x01, 0xCB),
    [DD_HOSTED_CLAC] = ENCODING(0x0F, 0x01, 0xCA),
    [DD_HOSTED_RDPKRU] = ENCODING(0x0F, 0x01, 0xEE),
    [DD_HOSTED_WRPKRU] = ENCODING(0x0F, 0x01, 0xEF),
    [DD_HOSTED_STMXCSR] = ENCODING(0x0F, 0xAE, 0x1F),
    [DD_HOSTED_LDMXCSR] = ENCODING(0x0F, 0xAE, 0x17),
    [DD_HOSTED_FXSAVE] = ENCODING(0x48, 0x0F, 0xAE, 0x07),
    [DD_HOSTED_FXRSTOR] = ENCODING(0x48, 0x0F, 0xAE, 0x0F),
    [DD_HOSTED_XSAVE] = ENCODING(0x48, 0x0F, 0xAE, 0x27),
    [DD_HOSTED_XSAVEOPT] = ENCODING(0x48, 0x0F, 0xAE, 0x37),
    [DD_HOSTED_XRSTOR] = ENCODING(0x48, 0x0F, 0xAE, 0x2F),
    [DD_HOSTED_XSAVES] = ENCODING(0x48, 0x0F, 0xC7, 0x2F),
    [DD_HOSTED_XRSTORS] = ENCODING(0x48, 0x0F, 0xC7, 0x1F),
    [DD_HOSTED_READ_DR0] = ENCODING(0x0F, 0x21, 0xC0),
    [DD_HOSTED_READ_DR1] = ENCODING(0x0F, 0x21, 0xC8),
    [DD_HOSTED_READ_DR2] = ENCODING(0x0F, 0x21, 0xD0),
    [DD_HOSTED_READ_DR3] = ENCODING(0x0F, 0x21, 0xD8),
    [DD_HOSTED_READ_DR6] = ENCODING(0x0F, 0x21, 0xF0),
    [DD_HOSTED_READ_DR7] = ENCODING(0x0F, 0x21, 0xF8),
    [DD_HOSTED_WRITE_DR0] = ENCODING(0x0F, 0x23, 0xC0),
    [DD_HOSTED_WRITE_DR1] = ENCODING(0x0F, 0x23, 0xC8),
    [DD_HOSTED_WRITE_DR2] = ENCODING(0x0F, 0x23, 0xD0),
    [DD_HOSTED_WRITE_DR3] = ENCODING(0x0F, 0x23, 0xD8),
    [DD_HOSTED_WRITE_DR6] = ENCODING(0x0F, 0x23, 0xF0),
    [DD_HOSTED_WRITE_DR7] = ENCODING(0x0F, 0x23, 0xF8),
    [DD_HOSTED_RDPMC] = ENCODING(0x0F, 0x33),
    [DD_HOSTED_INVPCID] = ENCODING(0x66, 0x0F, 0x38, 0x82, 0x07),
    [DD_HOSTED_INVLPGB] = ENCODING(0x0F, 0x01, 0xFE),
    [DD_HOSTED_TLBSYNC] = ENCODING(0x0F, 0x01, 0xFF),
    [DD_HOSTED_INVLPGA] = ENCODING(0x0F, 0x01, 0xDF),
    [DD_HOSTED_LLDT] = ENCODING(0x0F, 0x00, 0xD0),
    [DD_HOSTED_SLDT] = ENCODING(0x0F, 0x00, 0xC0),
    [DD_HOSTED_READ_DS] = ENCODING(0x8C, 0xD8),
    [DD_HOSTED_READ_ES] = ENCODING(0x8C, 0xC0),
    [DD_HOSTED_READ_FS] = ENCODING(0x8C, 0xE0),
    [DD_HOSTED_READ_GS] = ENCODING(0x8C, 0xE8),
    [DD_HOSTED_WRITE_FS] = ENCODING(0x8E, 0xE0),
    [DD_HOSTED_WRITE_GS] = ENCODING(0x8E, 0xE8),
    [DD_HOSTED_RDFSBASE] = ENCODING(0xF3, 0x48, 0x0F, 0xAE, 0xC0),
    [DD_HOSTED_RDGSBASE] = ENCODING(0xF3, 0x48, 0x0F, 0xAE, 0xC8),
    [DD_HOSTED_WRFSBASE] = ENCODING(0xF3, 0x48, 0x0F, 0xAE, 0xD0),
    [DD_HOSTED_WRGSBASE] = ENCODING(0xF3, 0x48, 0x0F, 0xAE, 0xD8),
    [DD_HOSTED_SWAPGS] = ENCODING(0x0F, 0x01, 0xF8),
    [DD_HOSTED_STI_HLT] = ENCODING(0xFB, 0xF4),
    [DD_HOSTED_UD2] = ENCODING(0x0F, 0x0B),
    [DD_HOSTED_NOP] = ENCODING(0x90),
    [DD_HOSTED_BOCHS_BREAKPOINT] = ENCODING(0x66, 0x87, 0xDB),
    [DD_HOSTED_MONITOR] = ENCODING(0x0F, 0x01, 0xC8),
    [DD_HOSTED_MWAIT] = ENCODING(0x0F, 0x01, 0xC9),
    [DD_HOSTED_MFENCE] = ENCODING(0x0F, 0xAE, 0xF0),
    [DD_HOSTED_LFENCE] = ENCODING(0x0F, 0xAE, 0xE8),
    [DD_HOSTED_SFENCE] = ENCODING(0x0F, 0xAE, 0xF8),
    [DD_HOSTED_CLFLUSH] = ENCODING(0x0F, 0xAE, 0x3A),
    [DD_HOSTED_CLFLUSHOPT] = ENCODING(0x66, 0x0F, 0xAE, 0x3A),
    [DD_HOSTED_CLWB] = ENCODING(0x66, 0x0F, 0xAE, 0x32),
    [DD_HOSTED_WBINVD] = ENCODING(0x0F, 0x09),
    [DD_HOSTED_INVD] = ENCODING(0x0F, 0x08),
    [DD_HOSTED_RDTSC] = ENCODING(0x0F, 0x31),
    [DD_HOSTED_RDTSCP] = ENCODING(0x0F, 0x01, 0xF9),
    [DD_HOSTED_RDRAND] = ENCODING(0x48, 0x0F, 0xC7, 0xF0, 0x0F, 0x92, 0xC2),
    [DD_HOSTED_RDSEED] = ENCODING(0x48, 0x0F, 0xC7, 0xF8, 0x0F, 0x92, 0xC2),
    [DD_HOSTED_READ_RIP] = ENCODING(0x48, 0x8D, 0x05, 0x00, 0x00, 0x00, 0x00),
    [DD_HOSTED_INT] = ENCODING(0xCD, 0x00), /* the vector is filled in */
    [DD_HOSTED_CPUID] = ENCODING(0x0F, 0xA2),
};

/* A descriptor table that was loaded by a pointer: what SGDT and SIDT turn back. */
struct loaded_table {
    uint64_t pointer;
    uint64_t physical;
    bool valid;
};

static _Thread_local struct {
    struct sim_machine *machine;
    sim_seam_on_stop *on_stop;
    void *context;
    struct loaded_table gdt, idt;
} seam;

void sim_seam_use(struct sim_machine *machine, sim_seam_on_stop *on_stop, void *context)
{
    seam.machine = machine;
    seam.on_stop = on_stop;
    seam.context = context;
    seam.gdt.valid = false;
    seam.idt.valid = false;
}

/* The base the processor is to load, remembering what it stands for. */
static dd_vaddr to_machine(struct loaded_table *table, dd_vaddr base)
{
    const void *pointer = (const void *)(uintptr_t)base.raw;

    table->pointer = base.raw;
    table->valid = sim_machine_ram_address(seam.machine, pointer, &table->physical);
    return table->valid ? dd_vaddr_from(table->physical) : base;
}

static dd_vaddr to_host(const struct loaded_table *table, dd_vaddr base)
{
    bool known = table->valid && table->physical == base.raw;

    return known ? dd_vaddr_from(table->pointer) : base;
}

static void *scratch(uint64_t size)
{
    return sim_machine_ram(seam.machine, sim_machine_scratch(seam.machine), size);
}

static void store_table(enum dd_hosted_insn insn, struct dd_table_register operand)
{
    if (insn == DD_HOSTED_LGDT) {
        operand.base = to_machine(&seam.gdt, operand.base);
    } else if (insn == DD_HOSTED_LIDT) {
        operand.base = to_machine(&seam.idt, operand.base);
    }
    memcpy(scratch(sizeof operand), &operand, sizeof operand);
}

static void fetch_table(enum dd_hosted_insn insn, struct dd_table_register *operand)
{
    if (insn == DD_HOSTED_SGDT || insn == DD_HOSTED_SIDT) {
        memcpy(operand, scratch(sizeof *operand), sizeof *operand);
        operand->base = to_host(insn == DD_HOSTED_SGDT ? &seam.gdt : &seam.idt, operand->base);
    }
}

static void store_operand(enum dd_hosted_insn insn, const struct dd_hosted_operands *operands)
{
    if (operands->memory_size > DD_HOSTED_MEMORY_MAX) {
        (void)fprintf(stderr, "an operand of %llu bytes is too large for the machine\n",
                      (unsigned long long)operands->memory_size);
        abort();
    }
    if (operands->input != NULL) {
        memcpy(scratch(operands->memory_size), operands->input, operands->memory_size);
    } else if (operands->output == NULL) {
        store_table(insn, operands->table);
    }
}

static void fetch_operand(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    if (operands->output != NULL) {
        memcpy(operands->output, scratch(operands->memory_size), operands->memory_size);
    } else {
        fetch_table(insn, &operands->table);
    }
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    struct encoding encoding = encodings[insn];
    struct sim_registers registers = {
        .rax = operands->rax, .rbx = operands->rbx, .rcx = operands->rcx, .rdx = operands->rdx};
    struct sim_result result;

    if (seam.machine == NULL) {
        (void)fprintf(stderr, "an instruction was executed without a machine\n");
        abort();
    }
    store_operand(insn, operands);
    registers.rdi = registers.rsi = sim_machine_scratch(seam.machine);
    if (insn == DD_HOSTED_INT) {
        encoding.bytes[1] = (uint8_t)operands->rax;
    }
    result = sim_machine_execute(seam.machine, encoding.bytes, encoding.size, &registers);
    if (result.stop != SIM_STOP_RETURNED) {
        seam.on_stop(seam.context, &result);
        abort();
    }
    fetch_operand(insn, operands);
    operands->rax = registers.rax;
    operands->rbx = registers.rbx;
    operands->rcx = registers.rcx;
    operands->rdx = registers.rdx;
}
