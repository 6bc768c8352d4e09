/* SPDX-License-Identifier: MIT */
/*
 * One register is like another: an instruction reads it, an instruction writes it,
 * some bits are software's and the rest has to stay. The list says which instruction
 * and the tables of regs/ which bits; what remains are the rules that connect two
 * registers with each other, since a processor checks them when either changes.
 */
#include "drydock/register.h"

#include <stddef.h>

#include "drydock/arch/insn.h"
#include "register_tables.h"

enum source {
    SOURCE_CR0,
    SOURCE_CR2,
    SOURCE_CR4,
    SOURCE_CR8,
    SOURCE_XCR0,
    SOURCE_RFLAGS,
    SOURCE_MXCSR,
    SOURCE_PKRU,
    SOURCE_DR0,
    SOURCE_DR1,
    SOURCE_DR2,
    SOURCE_DR3,
    SOURCE_DR6,
    SOURCE_DR7,
    SOURCE_MSR
};

static const struct {
    const char *name;
    enum source source;
    uint32_t number; /* of a model-specific register */
    enum dd_cpu_feature feature;
    enum dd_cpu_feature other;
} registers[DD_REGISTER_COUNT] = {
#define R(name, text, source, number, feature, other) \
    {text, SOURCE_##source, number, DD_CPU_##feature, DD_CPU_##other},
#include "drydock/register_list.def"
#undef R
};

static bool is_register(enum dd_register reg)
{
    return (unsigned int)reg < DD_REGISTER_COUNT;
}

const char *dd_register_name(enum dd_register reg)
{
    return is_register(reg) ? registers[reg].name : "no register";
}

const struct dd_register_field *dd_register_fields(enum dd_register reg, unsigned int *count)
{
    *count = is_register(reg) ? dd_register_tables[reg].count : 0;
    return is_register(reg) ? dd_register_tables[reg].fields : NULL;
}

bool dd_register_exists(const struct dd_cpu *cpu, enum dd_register reg)
{
    if (!is_register(reg) ||
        !(dd_cpu_has(cpu, registers[reg].feature) || dd_cpu_has(cpu, registers[reg].other))) {
        return false;
    }
    switch (reg) {
    case DD_REGISTER_MISC_ENABLE:
        return cpu->vendor == DD_CPU_VENDOR_INTEL;
    case DD_REGISTER_SPEC_CTRL: /* it came with whichever of its bits came first */
        return dd_register_supported(cpu, reg) != 0;
    case DD_REGISTER_MCG_CTL:
        return DD_GET(dd_rdmsr(DD_MSR_MCG_CAP), DD_MCG_CAP_CTL_P) != 0;
    case DD_REGISTER_MC_CTL:
    case DD_REGISTER_MC_STATUS:
    case DD_REGISTER_MC_ADDR:
    case DD_REGISTER_MC_MISC:
        return DD_GET(dd_rdmsr(DD_MSR_MCG_CAP), DD_MCG_CAP_COUNT) != 0;
    case DD_REGISTER_MTRR_PHYSBASE:
    case DD_REGISTER_MTRR_PHYSMASK:
        return DD_GET(dd_rdmsr(DD_MSR_MTRRCAP), DD_MTRRCAP_VCNT) != 0;
    case DD_REGISTER_MTRR_FIX:
        return DD_GET(dd_rdmsr(DD_MSR_MTRRCAP), DD_MTRRCAP_FIX) != 0;
    default:
        return true;
    }
}

static uint64_t read(enum dd_register reg)
{
    switch (registers[reg].source) {
    case SOURCE_CR0:
        return dd_read_cr0();
    case SOURCE_CR2:
        return dd_read_cr2();
    case SOURCE_CR4:
        return dd_read_cr4();
    case SOURCE_CR8:
        return dd_read_cr8();
    case SOURCE_XCR0:
        return dd_xgetbv(0);
    case SOURCE_RFLAGS:
        return dd_read_rflags();
    case SOURCE_MXCSR:
        return dd_stmxcsr();
    case SOURCE_PKRU:
        return dd_rdpkru();
    case SOURCE_DR0:
        return dd_read_dr0();
    case SOURCE_DR1:
        return dd_read_dr1();
    case SOURCE_DR2:
        return dd_read_dr2();
    case SOURCE_DR3:
        return dd_read_dr3();
    case SOURCE_DR6:
        return dd_read_dr6();
    case SOURCE_DR7:
        return dd_read_dr7();
    case SOURCE_MSR:
        break;
    }
    return dd_rdmsr(registers[reg].number);
}

static void write_debug(enum source source, uint64_t value)
{
    switch (source) {
    case SOURCE_DR0:
        dd_write_dr0(value);
        break;
    case SOURCE_DR1:
        dd_write_dr1(value);
        break;
    case SOURCE_DR2:
        dd_write_dr2(value);
        break;
    case SOURCE_DR3:
        dd_write_dr3(value);
        break;
    case SOURCE_DR6:
        dd_write_dr6(value);
        break;
    default:
        dd_write_dr7(value);
        break;
    }
}

static void write(enum dd_register reg, uint64_t value)
{
    switch (registers[reg].source) {
    case SOURCE_CR0:
        dd_write_cr0(value);
        break;
    case SOURCE_CR2:
        dd_write_cr2(value);
        break;
    case SOURCE_CR4:
        dd_write_cr4(value);
        break;
    case SOURCE_CR8:
        dd_write_cr8(value);
        break;
    case SOURCE_XCR0:
        dd_xsetbv(0, value);
        break;
    case SOURCE_RFLAGS:
        dd_write_rflags(value);
        break;
    case SOURCE_MXCSR:
        dd_ldmxcsr((uint32_t)value);
        break;
    case SOURCE_PKRU:
        dd_wrpkru((uint32_t)value);
        break;
    case SOURCE_MSR:
        dd_wrmsr(registers[reg].number, value);
        break;
    default:
        write_debug(registers[reg].source, value);
        break;
    }
}

static bool is_write_only(enum dd_register reg)
{
    return reg == DD_REGISTER_PRED_CMD;
}

/* Rules between two registers. [SDM 3A] 2.5 (WP and CET), 4.10.1 (PCIDE). */
static bool is_against_another(enum dd_register reg, uint64_t from, uint64_t to)
{
    uint64_t rises = to & ~from;
    uint64_t falls = from & ~to;

    if (reg == DD_REGISTER_CR0) {
        return DD_GET(falls, DD_CR0_WP) != 0 && DD_GET(dd_read_cr4(), DD_CR4_CET) != 0;
    }
    if (reg == DD_REGISTER_CR4) {
        return (DD_GET(rises, DD_CR4_PCIDE) != 0 && DD_GET(dd_read_cr3(), DD_CR3_PCID) != 0) ||
               (DD_GET(rises, DD_CR4_CET) != 0 && DD_GET(dd_read_cr0(), DD_CR0_WP) == 0);
    }
    return false;
}

static enum dd_status change(enum dd_register reg, uint64_t from, uint64_t to)
{
    unsigned int width = DD_GET(dd_read_cr4(), DD_CR4_LA57) != 0 ? 57 : 48;
    enum dd_status status = dd_register_check(reg, from, to, width);

    if (status != DD_OK) {
        return status;
    }
    if (is_against_another(reg, from, to)) {
        return DD_EARG;
    }
    write(reg, to);
    return DD_OK;
}

enum dd_status dd_register_read(enum dd_register reg, uint64_t *value)
{
    if (!is_register(reg)) {
        return DD_EARG;
    }
    if (is_write_only(reg)) {
        return DD_ENOTSUP;
    }
    *value = read(reg);
    return DD_OK;
}

enum dd_status dd_register_write(enum dd_register reg, uint64_t value)
{
    if (!is_register(reg)) {
        return DD_EARG;
    }
    return change(reg, is_write_only(reg) ? 0 : read(reg), value);
}

enum dd_status dd_register_update(enum dd_register reg, uint64_t set, uint64_t clear)
{
    uint64_t from = 0;

    if (!is_register(reg) || (set & clear) != 0) {
        return DD_EARG;
    }
    if (((set | clear) & ~dd_register_writable(reg)) != 0) {
        return DD_EARG;
    }
    from = is_write_only(reg) ? 0 : read(reg);
    return change(reg, from, (from | set) & ~clear);
}
