/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/processor/register*.c. */
#include <string.h>

#include "drydock/register.h"
#include "tests/unit/fake_registers.h"
#include "tests/unit/unit.h"

/* Masks typed from the manual's figures: [SDM 3A] 2.5, [SDM 3B] 17.2, [SDM 4] table 2-2, … */
static const struct {
    enum dd_register reg;
    const char *name;
    uint64_t writable;
} masks[] = {
    {DD_REGISTER_CR0, "CR0", 0xE005002F},
    {DD_REGISTER_CR2, "CR2", 0xFFFFFFFFFFFFFFFF},
    {DD_REGISTER_CR4, "CR4", 0x11BFF7FFF},
    {DD_REGISTER_CR8, "CR8", 0xF},
    {DD_REGISTER_XCR0, "XCR0", 0x40000000000E02FF},
    {DD_REGISTER_RFLAGS, "RFLAGS", 0x247FD5},
    {DD_REGISTER_MXCSR, "MXCSR", 0xFFFF},
    {DD_REGISTER_PKRU, "PKRU", 0xFFFFFFFF},
    {DD_REGISTER_DR3, "DR3", 0xFFFFFFFFFFFFFFFF},
    {DD_REGISTER_DR6, "DR6", 0x1E80F},
    {DD_REGISTER_DR7, "DR7", 0xFFFF2BFF},
    {DD_REGISTER_APIC_BASE, "IA32_APIC_BASE", 0xFFFFFFFFFFC00},
    {DD_REGISTER_PAT, "IA32_PAT", 0x0707070707070707},
    {DD_REGISTER_EFER, "IA32_EFER", 0x36F901},
    {DD_REGISTER_FMASK, "IA32_FMASK", 0xFFFFFFFF},
    {DD_REGISTER_S_CET, "IA32_S_CET", 0xFFFFFFFFFFFFFC3F},
    {DD_REGISTER_MTRR_DEF_TYPE, "IA32_MTRR_DEF_TYPE", 0xCFF},
    {DD_REGISTER_MTRR_PHYSMASK, "IA32_MTRR_PHYSMASK0", 0xFFFFFFFFFF800},
    {DD_REGISTER_MTRRCAP, "IA32_MTRRCAP", 0},
    {DD_REGISTER_MISC_ENABLE, "IA32_MISC_ENABLE", 0x400C50009},
    {DD_REGISTER_DEBUGCTL, "IA32_DEBUGCTL", 0xFFC7},
    {DD_REGISTER_SPEC_CTRL, "IA32_SPEC_CTRL", 0x5FF},
    {DD_REGISTER_PRED_CMD, "IA32_PRED_CMD", 1},
    {DD_REGISTER_XSS, "IA32_XSS", 0x1FD00},
    {DD_REGISTER_TSC_AUX, "IA32_TSC_AUX", 0xFFFFFFFF},
    {DD_REGISTER_PL0_SSP, "IA32_PL0_SSP", 0xFFFFFFFFFFFFFFFC},
    {DD_REGISTER_MC_STATUS, "IA32_MC0_STATUS", 0},
    {DD_REGISTER_VM_CR, "VM_CR", 0x1F},
    {DD_REGISTER_VM_HSAVE_PA, "VM_HSAVE_PA", 0xFFFFFFFFFF000},
};

START_TEST(writable_bits_are_those_of_the_manual)
{
    ck_assert_uint_eq(dd_register_writable(masks[_i].reg), masks[_i].writable);
    ck_assert_str_eq(dd_register_name(masks[_i].reg), masks[_i].name);
}
END_TEST

START_TEST(fields_have_names_and_stand_in_order)
{
    unsigned int count = 0;
    const struct dd_register_field *fields = dd_register_fields((enum dd_register)_i, &count);
    unsigned int next = 0;

    ck_assert_uint_gt(count, 0);
    for (unsigned int i = 0; i < count; i++) {
        ck_assert_uint_eq(fields[i].lo, next);
        ck_assert_uint_ge(fields[i].hi, fields[i].lo);
        ck_assert_int_eq(strncmp(fields[i].name, "DD_", 3), 0);
        next = fields[i].hi + 1u;
    }
    ck_assert(next == 64 || next == 32);
}
END_TEST

START_TEST(numbers_that_are_no_register_are_refused)
{
    enum dd_register none = (enum dd_register)(DD_REGISTER_COUNT + _i);
    struct dd_cpu cpu = {.features = {UINT64_MAX}};
    unsigned int count = 1;
    uint64_t value = 7;

    ck_assert_str_eq(dd_register_name(none), "no register");
    ck_assert_ptr_null(dd_register_fields(none, &count));
    ck_assert_uint_eq(count, 0);
    ck_assert_uint_eq(dd_register_writable(none), 0);
    ck_assert(!dd_register_exists(&cpu, none));
    ck_assert_int_eq(dd_register_read(none, &value), DD_EARG);
    ck_assert_int_eq(dd_register_write(none, 0), DD_EARG);
    ck_assert_int_eq(dd_register_update(none, 0, 0), DD_EARG);
    ck_assert_int_eq(dd_register_check(none, 0, 0, 48), DD_EARG);
    ck_assert_uint_eq(value, 7);
    ck_assert_str_eq(fake.log, "");
}
END_TEST

/* [SDM 3A] 2.5, 4.1.2; [SDM 1] 13.3; [SDM 3A] 11.11, 11.12; [SDM 2B] WRMSR. */
static const struct {
    enum dd_register reg;
    uint64_t from, to;
    unsigned int width;
    enum dd_status expected;
} changes[] = {
    {DD_REGISTER_CR0, 0x80010033, 0x80000033, 48, DD_OK},
    {DD_REGISTER_CR0, 0x80010033, 0x80010023, 48, DD_EARG},  /* ET */
    {DD_REGISTER_CR0, 0x80010033, 0x80010073, 48, DD_EARG},  /* reserved bit 6 */
    {DD_REGISTER_CR0, 0x80010033, 0x180010033, 48, DD_EARG}, /* reserved bit 32 */
    {DD_REGISTER_CR0, 0x80010073, 0x80000073, 48, DD_OK},    /* … that was set before */
    {DD_REGISTER_CR0, 0x80010033, 0x00010033, 48, DD_EARG},  /* PG */
    {DD_REGISTER_CR0, 0x80010033, 0x80010032, 48, DD_EARG},  /* PE */
    {DD_REGISTER_CR0, 0x80010033, 0xA0010033, 48, DD_EARG},  /* NW without CD */
    {DD_REGISTER_CR0, 0x80010033, 0xE0010033, 48, DD_OK},    /* NW and CD */
    {DD_REGISTER_CR4, 0x620, 0x600, 48, DD_EARG},            /* PAE */
    {DD_REGISTER_CR4, 0x620, 0x1620, 48, DD_EARG},           /* LA57 */
    {DD_REGISTER_CR4, 0x1620, 0x620, 48, DD_EARG},           /* LA57 */
    {DD_REGISTER_CR4, 0x620, 0x300620, 48, DD_OK},           /* SMEP, SMAP */
    {DD_REGISTER_CR4, 0x620, 0x8620, 48, DD_EARG},           /* reserved bit 15 */
    {DD_REGISTER_EFER, 0xD01, 0xC01, 48, DD_EARG},           /* LME */
    {DD_REGISTER_EFER, 0xD01, 0x901, 48, DD_EARG},           /* LMA */
    {DD_REGISTER_EFER, 0xD01, 0x500, 48, DD_OK},             /* NXE, SCE */
    {DD_REGISTER_CR8, 0, 15, 48, DD_OK},
    {DD_REGISTER_CR8, 0, 16, 48, DD_EARG},
    {DD_REGISTER_XCR0, 1, 7, 48, DD_OK},
    {DD_REGISTER_XCR0, 1, 5, 48, DD_EARG}, /* AVX without SSE */
    {DD_REGISTER_XCR0, 7, 6, 48, DD_EARG}, /* x87 */
    {DD_REGISTER_PAT, 0x0007040600070406, 0x0007040600070401, 48, DD_OK},
    {DD_REGISTER_PAT, 0x0007040600070406, 0x0007040600070402, 48, DD_EARG},
    {DD_REGISTER_PAT, 0x0007040600070406, 0x0307040600070406, 48, DD_EARG},
    {DD_REGISTER_PAT, 0x0007040600070406, 0x0007040600070486, 48, DD_EARG},
    {DD_REGISTER_MTRR_DEF_TYPE, 0, 0xC06, 48, DD_OK},
    {DD_REGISTER_MTRR_DEF_TYPE, 0, 0xC07, 48, DD_EARG}, /* UC- is the PAT's only */
    {DD_REGISTER_MTRR_PHYSBASE, 0, 0xC0000002, 48, DD_EARG},
    {DD_REGISTER_MTRR_PHYSBASE, 0, 0xC0000001, 48, DD_OK},
    {DD_REGISTER_MTRR_FIX, 0, 0x0606060606060606, 48, DD_OK},
    {DD_REGISTER_MTRR_FIX, 0, 0x0606060306060606, 48, DD_EARG},
    {DD_REGISTER_LSTAR, 0, 0x00007FFFFFFFFFFF, 48, DD_OK},
    {DD_REGISTER_LSTAR, 0, 0x0000800000000000, 48, DD_ECANONICAL},
    {DD_REGISTER_LSTAR, 0, 0x0000800000000000, 57, DD_OK},
    {DD_REGISTER_LSTAR, 0, 0x0100000000000000, 57, DD_ECANONICAL},
    {DD_REGISTER_FS_BASE, 0, 0xFFFF000000000000, 48, DD_ECANONICAL},
    {DD_REGISTER_FS_BASE, 0, 0xFFFF000000000000, 57, DD_OK},
    {DD_REGISTER_KERNEL_GS_BASE, 0, 0x1000000000000, 48, DD_ECANONICAL},
    {DD_REGISTER_SYSENTER_EIP, 0, 0x800000000000, 48, DD_ECANONICAL},
    {DD_REGISTER_PL0_SSP, 0, 0xFFFF800000001002, 48, DD_EARG},
    {DD_REGISTER_PL0_SSP, 0, 0xFFFF800000001008, 48, DD_OK},
    {DD_REGISTER_APIC_BASE, 0xFEE00900, 0xFEE01900, 48, DD_OK},
    {DD_REGISTER_APIC_BASE, 0xFEE00900, 0xFEE00800, 48, DD_EARG}, /* BSP */
    {DD_REGISTER_APIC_BASE, 0xFEE00900, 0xFEE00D00, 48, DD_OK},   /* into x2APIC mode */
    {DD_REGISTER_APIC_BASE, 0xFEE00900, 0xFEE00100, 48, DD_OK},   /* disabled */
    {DD_REGISTER_APIC_BASE, 0xFEE00100, 0xFEE00900, 48, DD_OK},   /* and enabled again */
    {DD_REGISTER_APIC_BASE, 0xFEE00D00, 0xFEE00100, 48, DD_OK},   /* out of x2APIC mode */
    {DD_REGISTER_APIC_BASE, 0xFEE00D00, 0xFEE00900, 48, DD_EARG}, /* … but not into xAPIC mode */
    {DD_REGISTER_APIC_BASE, 0xFEE00100, 0xFEE00D00, 48, DD_EARG}, /* nor from disabled into it */
    {DD_REGISTER_APIC_BASE, 0xFEE00900, 0xFEE00500, 48, DD_EARG}, /* EXTD without EN */
    {DD_REGISTER_FEATURE_CONTROL, 0x4, 0x5, 48, DD_OK},
    {DD_REGISTER_FEATURE_CONTROL, 0x5, 0x5, 48, DD_OK},
    {DD_REGISTER_FEATURE_CONTROL, 0x5, 0x1, 48, DD_EARG}, /* locked */
    {DD_REGISTER_S_CET, 0x4, 0x804, 48, DD_OK},
    {DD_REGISTER_S_CET, 0x4, 0xC04, 48, DD_EARG}, /* SUPPRESS while TRACKER waits */
    {DD_REGISTER_U_CET, 0x4, 0x404, 48, DD_OK},
    {DD_REGISTER_U_CET, 0x4, 0xC04, 48, DD_EARG},
    {DD_REGISTER_MC_STATUS, 0xBE00000000800400, 0, 48, DD_OK},
    {DD_REGISTER_MC_STATUS, 0xBE00000000800400, 0x3E00000000800400, 48, DD_EARG},
    {DD_REGISTER_MC_ADDR, 0x1000, 0, 48, DD_OK},
    {DD_REGISTER_MC_MISC, 0x86, 0, 48, DD_OK},
    {DD_REGISTER_MC_MISC, 0x86, 0x80, 48, DD_EARG},
    {DD_REGISTER_MTRRCAP, 0x508, 0x509, 48, DD_EARG},
    {DD_REGISTER_MTRRCAP, 0x508, 0, 48, DD_EARG},
    {DD_REGISTER_LSTAR, 0, 0, 52, DD_EARG},
};

START_TEST(a_change_is_checked_as_the_manual_says)
{
    ck_assert_int_eq(
        dd_register_check(changes[_i].reg, changes[_i].from, changes[_i].to, changes[_i].width),
        changes[_i].expected);
    ck_assert_str_eq(fake.log, "");
}
END_TEST

START_TEST(an_update_changes_the_bits_it_is_told_to)
{
    fake.cr4 = 0x40620;
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR4, 0x300000, 0x40000), DD_OK);
    ck_assert_uint_eq(fake.cr4, 0x300620);
    ck_assert_uint_eq(fake.writes, 1);
}
END_TEST

START_TEST(an_update_that_is_refused_writes_nothing)
{
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR4, 0x8000, 0), DD_EARG);
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR4, 0x80, 0x80), DD_EARG);
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR4, 0, 0x20), DD_EARG);
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR0, 0x10, 0),
                     DD_EARG); /* ET, though it is 1 */
    ck_assert_int_eq(dd_register_write(DD_REGISTER_CR0, 0x33), DD_EARG);
    ck_assert_uint_eq(fake.writes, 0);
}
END_TEST

/* [SDM 3A] 4.10.1: MOV to CR4 raises #GP if PCIDE becomes 1 and bits 11:0 of CR3 are not 0. */
START_TEST(pcide_waits_for_the_low_bits_of_cr3)
{
    fake.cr3 = 0x1018;
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR4, 0x20000, 0), DD_EARG);
    fake.cr3 = 0x1000;
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR4, 0x20000, 0), DD_OK);
    fake.cr3 = 0x1018;
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR4, 0x80, 0), DD_OK);
}
END_TEST

/* [SDM 3A] 2.5: CR4.CET is 1 only while CR0.WP is. */
START_TEST(cet_and_wp_go_together)
{
    fake.cr0 = 0x80000033;
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR4, 0x800000, 0), DD_EARG);
    fake.cr0 = 0x80010033;
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR4, 0x800000, 0), DD_OK);
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR0, 0, 0x10000), DD_EARG);
    fake.cr4 = 0x620;
    ck_assert_int_eq(dd_register_update(DD_REGISTER_CR0, 0, 0x10000), DD_OK);
}
END_TEST

/* IA32_APIC_BASE is replaced, not ORed with what it was. [SDM 3A] 10.4.5. */
START_TEST(a_new_apic_base_is_not_mixed_with_the_old_one)
{
    fake.msr_index[0] = 0x1B;
    fake.msr[0] = 0xFEE00900;
    ck_assert_int_eq(dd_register_write(DD_REGISTER_APIC_BASE, 0xD0000900), DD_OK);
    ck_assert_uint_eq(fake.msr[0], 0xD0000900);
}
END_TEST

START_TEST(addresses_are_canonical_for_the_width_in_use)
{
    fake.msr_index[0] = 0xC0000082;
    ck_assert_int_eq(dd_register_write(DD_REGISTER_LSTAR, 0xFF00000000001000), DD_ECANONICAL);
    fake.cr4 = 0x1620;
    ck_assert_int_eq(dd_register_write(DD_REGISTER_LSTAR, 0xFF00000000001000), DD_OK);
    ck_assert_uint_eq(fake.msr[0], 0xFF00000000001000);
}
END_TEST

START_TEST(a_write_only_register_is_written_without_a_read)
{
    uint64_t value = 7;

    fake.msr_index[0] = 0x49;
    ck_assert_int_eq(dd_register_read(DD_REGISTER_PRED_CMD, &value), DD_ENOTSUP);
    ck_assert_uint_eq(value, 7);
    ck_assert_int_eq(dd_register_write(DD_REGISTER_PRED_CMD, 1), DD_OK);
    ck_assert_int_eq(dd_register_update(DD_REGISTER_PRED_CMD, 1, 0), DD_OK);
    ck_assert_uint_eq(fake.msr[0], 1);
    ck_assert_str_eq(fake.log, "READ_CR4 WRMSR READ_CR4 WRMSR ");
}
END_TEST

/* Each instruction with its own register: a value of its own in each. */
START_TEST(every_register_is_read_and_written_by_its_instruction)
{
    static const struct {
        enum dd_register reg;
        uint64_t value;
    } values[] = {
        {DD_REGISTER_CR0, 0x8001003B},   {DD_REGISTER_CR2, 0x1234},
        {DD_REGISTER_CR4, 0x6A0},        {DD_REGISTER_CR8, 9},
        {DD_REGISTER_XCR0, 3},           {DD_REGISTER_RFLAGS, 0x202},
        {DD_REGISTER_MXCSR, 0x3F80},     {DD_REGISTER_PKRU, 0x55555554},
        {DD_REGISTER_DR0, 0x1000},       {DD_REGISTER_DR1, 0x2000},
        {DD_REGISTER_DR2, 0x3000},       {DD_REGISTER_DR3, 0x4000},
        {DD_REGISTER_DR6, 0xFFFF4FF0},   {DD_REGISTER_DR7, 0x401},
        {DD_REGISTER_SYSENTER_CS, 0x10},
    };
    uint64_t value = 0;

    fake.msr_index[0] = 0x174;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        ck_assert_int_eq(dd_register_write(values[i].reg, values[i].value), DD_OK);
    }
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        ck_assert_int_eq(dd_register_read(values[i].reg, &value), DD_OK);
        ck_assert_uint_eq(value, values[i].value);
        fake.log[0] = '\0';
    }
    ck_assert_uint_eq(fake.dr[1], 0x2000);
    ck_assert_uint_eq(fake.mxcsr, 0x3F80);
}
END_TEST

static void set_feature(struct dd_cpu *cpu, enum dd_cpu_feature feature)
{
    cpu->features[(unsigned int)feature / 64] |= UINT64_C(1) << ((unsigned int)feature % 64);
}

START_TEST(a_register_exists_with_one_of_its_features)
{
    struct dd_cpu cpu = {.vendor = DD_CPU_VENDOR_AMD};

    ck_assert(!dd_register_exists(&cpu, DD_REGISTER_CR0));
    set_feature(&cpu, DD_CPU_LM);
    ck_assert(!dd_register_exists(&cpu, DD_REGISTER_SPEC_CTRL));
    set_feature(&cpu, DD_CPU_AMD_IBRS);
    ck_assert(dd_register_exists(&cpu, DD_REGISTER_SPEC_CTRL));
    ck_assert(!dd_register_exists(&cpu, DD_REGISTER_PRED_CMD));
    ck_assert(dd_register_exists(&cpu, DD_REGISTER_CR0));
    ck_assert(!dd_register_exists(&cpu, DD_REGISTER_MISC_ENABLE));
    cpu.vendor = DD_CPU_VENDOR_INTEL;
    ck_assert(dd_register_exists(&cpu, DD_REGISTER_MISC_ENABLE));
}
END_TEST

/* [SDM 3B] 15.3.1.1: COUNT and CTL_P; [SDM 3A] 11.11.1: VCNT and FIX. */
START_TEST(capability_registers_say_what_exists)
{
    struct dd_cpu cpu = {.vendor = DD_CPU_VENDOR_INTEL};

    set_feature(&cpu, DD_CPU_MCA);
    set_feature(&cpu, DD_CPU_MTRR);
    fake.msr_index[0] = 0x179;
    fake.msr_index[1] = 0xFE;
    ck_assert(!dd_register_exists(&cpu, DD_REGISTER_MCG_CTL));
    ck_assert(!dd_register_exists(&cpu, DD_REGISTER_MC_STATUS));
    ck_assert(!dd_register_exists(&cpu, DD_REGISTER_MTRR_FIX));
    ck_assert(!dd_register_exists(&cpu, DD_REGISTER_MTRR_PHYSMASK));
    fake.msr[0] = 0x101;
    fake.msr[1] = 0x108;
    ck_assert(dd_register_exists(&cpu, DD_REGISTER_MCG_CTL));
    ck_assert(dd_register_exists(&cpu, DD_REGISTER_MC_STATUS));
    ck_assert(dd_register_exists(&cpu, DD_REGISTER_MTRR_FIX));
    ck_assert(dd_register_exists(&cpu, DD_REGISTER_MTRR_PHYSMASK));
}
END_TEST

/* [SDM 3A] 2.5; [AMD64 v2] 3.1.7. */
START_TEST(bits_of_control_registers_follow_from_features)
{
    struct dd_cpu cpu = {.vendor = DD_CPU_VENDOR_AMD, .xsave = {.xcr0 = 0x207, .xss = 0x1800}};

    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_CR4), 0);
    set_feature(&cpu, DD_CPU_SMAP);
    set_feature(&cpu, DD_CPU_VME);
    set_feature(&cpu, DD_CPU_CET_IBT);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_CR4), 0xA00003);
    set_feature(&cpu, DD_CPU_NX);
    set_feature(&cpu, DD_CPU_SVM);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_EFER), 0x3800);
    set_feature(&cpu, DD_CPU_EFER_LMSLE_UNSUPPORTED);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_EFER), 0x1800);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_XCR0), 0x207);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_XSS), 0x1800);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_CR8), 0xF);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_DR6), 0xE00F);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_DR7), 0xFFFF23FF);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_DEBUGCTL), 0x3);
    set_feature(&cpu, DD_CPU_RTM);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_DR7), 0xFFFF2BFF);
}
END_TEST

/* [SDM 4] table 2-2, rows 48H, 6A0H, 6A2H; [AMD64 v3] E.4.7. */
START_TEST(bits_of_model_specific_registers_follow_from_features)
{
    struct dd_cpu cpu = {.vendor = DD_CPU_VENDOR_AMD, .physical_bits = 52};

    set_feature(&cpu, DD_CPU_LM);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_SPEC_CTRL), 0);
    set_feature(&cpu, DD_CPU_AMD_SSBD);
    ck_assert(dd_register_exists(&cpu, DD_REGISTER_SPEC_CTRL));
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_SPEC_CTRL), 0x4);
    set_feature(&cpu, DD_CPU_AMD_PSFD);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_SPEC_CTRL), 0x84);
    set_feature(&cpu, DD_CPU_SPEC_CTRL);
    set_feature(&cpu, DD_CPU_STIBP);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_SPEC_CTRL), 0x87);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_U_CET), 0);
    set_feature(&cpu, DD_CPU_CET_SS);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_U_CET), 0x3);
    set_feature(&cpu, DD_CPU_CET_IBT);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_S_CET), 0xFFFFFFFFFFFFFC3F);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_APIC_BASE), 0xFFFFFFFFFF800);
    set_feature(&cpu, DD_CPU_X2APIC);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_APIC_BASE), 0xFFFFFFFFFFC00);
}
END_TEST

/* [SDM 3A] 10.4.4, 11.11.2.3; [AMD64 v2] 15.30.4: bits from MAXPHYADDR up are reserved. */
START_TEST(physical_addresses_in_registers_end_at_their_width)
{
    struct dd_cpu cpu = {.vendor = DD_CPU_VENDOR_AMD, .physical_bits = 40};

    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_APIC_BASE), 0xFFFFFFF800);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_MTRR_PHYSBASE), 0xFFFFFFF0FF);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_MTRR_PHYSMASK), 0xFFFFFFF800);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_VM_HSAVE_PA), 0xFFFFFFF000);
    ck_assert_uint_eq(dd_register_supported(&cpu, DD_REGISTER_LSTAR), UINT64_MAX);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("register");
    TCase *tables = tcase_create("tables");
    TCase *rules = tcase_create("rules");
    TCase *access = tcase_create("access");
    TCase *existence = tcase_create("existence");

    tcase_add_checked_fixture(tables, fake_registers_reset, NULL);
    tcase_add_loop_test(tables, writable_bits_are_those_of_the_manual, 0,
                        sizeof masks / sizeof masks[0]);
    tcase_add_loop_test(tables, fields_have_names_and_stand_in_order, 0, DD_REGISTER_COUNT);
    tcase_add_loop_test(tables, numbers_that_are_no_register_are_refused, 0, 2);
    suite_add_tcase(suite, tables);

    tcase_add_checked_fixture(rules, fake_registers_reset, NULL);
    tcase_add_loop_test(rules, a_change_is_checked_as_the_manual_says, 0,
                        sizeof changes / sizeof changes[0]);
    tcase_add_test(rules, pcide_waits_for_the_low_bits_of_cr3);
    tcase_add_test(rules, cet_and_wp_go_together);
    suite_add_tcase(suite, rules);

    tcase_add_checked_fixture(access, fake_registers_reset, NULL);
    tcase_add_test(access, an_update_changes_the_bits_it_is_told_to);
    tcase_add_test(access, an_update_that_is_refused_writes_nothing);
    tcase_add_test(access, a_new_apic_base_is_not_mixed_with_the_old_one);
    tcase_add_test(access, addresses_are_canonical_for_the_width_in_use);
    tcase_add_test(access, a_write_only_register_is_written_without_a_read);
    tcase_add_test(access, every_register_is_read_and_written_by_its_instruction);
    suite_add_tcase(suite, access);

    tcase_add_checked_fixture(existence, fake_registers_reset, NULL);
    tcase_add_test(existence, a_register_exists_with_one_of_its_features);
    tcase_add_test(existence, capability_registers_say_what_exists);
    tcase_add_test(existence, bits_of_control_registers_follow_from_features);
    tcase_add_test(existence, bits_of_model_specific_registers_follow_from_features);
    tcase_add_test(existence, physical_addresses_in_registers_end_at_their_width);
    suite_add_tcase(suite, existence);
    return suite;
}
