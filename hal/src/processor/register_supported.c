/* SPDX-License-Identifier: MIT */
/*
 * A bit of a control register exists when the feature it turns on does; setting it
 * on another processor raises #GP. Where features of AMD and Intel share a register,
 * as in IA32_EFER, this is also what tells them apart.
 */
#include <stddef.h>

#include "drydock/register.h"

struct bit {
    uint64_t mask;
    enum dd_cpu_feature feature;
};

/* [SDM 3A] 2.5. */
static const struct bit cr4_bits[] = {
    {DD_BITS(DD_CR4_VME), DD_CPU_VME},        {DD_BITS(DD_CR4_PVI), DD_CPU_VME},
    {DD_BITS(DD_CR4_TSD), DD_CPU_TSC},        {DD_BITS(DD_CR4_DE), DD_CPU_DE},
    {DD_BITS(DD_CR4_PSE), DD_CPU_PSE},        {DD_BITS(DD_CR4_PAE), DD_CPU_PAE},
    {DD_BITS(DD_CR4_MCE), DD_CPU_MCE},        {DD_BITS(DD_CR4_PGE), DD_CPU_PGE},
    {DD_BITS(DD_CR4_PCE), DD_CPU_MSR},        {DD_BITS(DD_CR4_OSFXSR), DD_CPU_FXSR},
    {DD_BITS(DD_CR4_OSXMMEXCPT), DD_CPU_SSE}, {DD_BITS(DD_CR4_UMIP), DD_CPU_UMIP},
    {DD_BITS(DD_CR4_LA57), DD_CPU_LA57},      {DD_BITS(DD_CR4_VMXE), DD_CPU_VMX},
    {DD_BITS(DD_CR4_SMXE), DD_CPU_SMX},       {DD_BITS(DD_CR4_FSGSBASE), DD_CPU_FSGSBASE},
    {DD_BITS(DD_CR4_PCIDE), DD_CPU_PCID},     {DD_BITS(DD_CR4_OSXSAVE), DD_CPU_XSAVE},
    {DD_BITS(DD_CR4_KL), DD_CPU_KL},          {DD_BITS(DD_CR4_SMEP), DD_CPU_SMEP},
    {DD_BITS(DD_CR4_SMAP), DD_CPU_SMAP},      {DD_BITS(DD_CR4_PKE), DD_CPU_PKU},
    {DD_BITS(DD_CR4_CET), DD_CPU_CET_SS},     {DD_BITS(DD_CR4_CET), DD_CPU_CET_IBT},
    {DD_BITS(DD_CR4_PKS), DD_CPU_PKS},        {DD_BITS(DD_CR4_UINTR), DD_CPU_UINTR},
    {DD_BITS(DD_CR4_LASS), DD_CPU_LASS},      {DD_BITS(DD_CR4_LAM_SUP), DD_CPU_LAM},
    {DD_BITS(DD_CR4_FRED), DD_CPU_FRED},
};

/* [SDM 3A] 2.2.1; [AMD64 v2] 3.1.7. */
static const struct bit efer_bits[] = {
    {DD_BITS(DD_EFER_SCE), DD_CPU_SYSCALL},
    {DD_BITS(DD_EFER_LME), DD_CPU_LM},
    {DD_BITS(DD_EFER_NXE), DD_CPU_NX},
    {DD_BITS(DD_EFER_SVME), DD_CPU_SVM},
    {DD_BITS(DD_EFER_FFXSR), DD_CPU_FFXSR},
    {DD_BITS(DD_EFER_TCE), DD_CPU_TCE},
    {DD_BITS(DD_EFER_MCOMMIT), DD_CPU_MCOMMIT},
    {DD_BITS(DD_EFER_INTWB), DD_CPU_INT_WBINVD},
    {DD_BITS(DD_EFER_UAIE), DD_CPU_UPPER_ADDRESS_IGNORE},
    {DD_BITS(DD_EFER_AIBRSE), DD_CPU_AUTOMATIC_IBRS},
};

/*
 * Bits of other registers that only some processors with the register have: those with one of two
 * features. The rest of the register they all have.
 */
static const struct {
    enum dd_register reg;
    uint64_t mask;
    enum dd_cpu_feature feature;
    enum dd_cpu_feature other;
} single_bits[] = {
#define B(reg, field, feature, other) \
    {DD_REGISTER_##reg, DD_BITS(DD_##reg##_##field), DD_CPU_##feature, DD_CPU_##other},
#include "drydock/register_bits.def"
#undef B
};

static uint64_t all_but_missing(const struct dd_cpu *cpu, enum dd_register reg)
{
    uint64_t mask = dd_register_writable(reg);

    for (size_t i = 0; i < sizeof single_bits / sizeof single_bits[0]; i++) {
        if (single_bits[i].reg == reg && !dd_cpu_has(cpu, single_bits[i].feature) &&
            !dd_cpu_has(cpu, single_bits[i].other)) {
            mask &= ~single_bits[i].mask;
        }
    }
    return mask;
}

/* Bits from MAXPHYADDR up are reserved in an address. [SDM 3A] 10.4.4, 11.11.2.3. */
static uint64_t in_physical_width(const struct dd_cpu *cpu, enum dd_register reg)
{
    uint64_t mask = all_but_missing(cpu, reg);

    return cpu->physical_bits < 64 ? mask & ((UINT64_C(1) << cpu->physical_bits) - 1) : mask;
}

static uint64_t collect(const struct dd_cpu *cpu, const struct bit *bits, size_t count)
{
    uint64_t mask = 0;

    for (size_t i = 0; i < count; i++) {
        if (dd_cpu_has(cpu, bits[i].feature)) {
            mask |= bits[i].mask;
        }
    }
    return mask;
}

/* LMSLE came before there was a feature bit, and a later bit says that it is gone again. */
static uint64_t efer(const struct dd_cpu *cpu)
{
    bool has_lmsle = cpu->vendor == DD_CPU_VENDOR_AMD && dd_cpu_has(cpu, DD_CPU_SVM) &&
                     !dd_cpu_has(cpu, DD_CPU_EFER_LMSLE_UNSUPPORTED);

    return collect(cpu, efer_bits, sizeof efer_bits / sizeof efer_bits[0]) |
           (has_lmsle ? DD_BITS(DD_EFER_LMSLE) : 0);
}

uint64_t dd_register_supported(const struct dd_cpu *cpu, enum dd_register reg)
{
    switch (reg) {
    case DD_REGISTER_CR4:
        return collect(cpu, cr4_bits, sizeof cr4_bits / sizeof cr4_bits[0]);
    case DD_REGISTER_EFER:
        return efer(cpu);
    case DD_REGISTER_XCR0:
        return cpu->xsave.xcr0;
    case DD_REGISTER_XSS:
        return cpu->xsave.xss;
    case DD_REGISTER_APIC_BASE:
    case DD_REGISTER_MTRR_PHYSBASE:
    case DD_REGISTER_MTRR_PHYSMASK:
    case DD_REGISTER_VM_HSAVE_PA:
        return in_physical_width(cpu, reg);
    default:
        return all_but_missing(cpu, reg);
    }
}
