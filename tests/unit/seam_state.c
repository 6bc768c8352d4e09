/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions of the hosted insn.h, for test_seam.c: what holds the processor's state: ports, control registers, flags, extended state. */
#include <stdlib.h>
#include <string.h>

#include "drydock/arch/insn.h"
#include "tests/unit/machine_case.h"
#include "tests/unit/seam_case.h"

/* The ports of open_seam() answer every width with its own value. */
static void test_ins8(void)
{
    uint8_t values[4] = {0xFF, 0xFF, 0xFF, 0xFF};

    dd_ins8(0x503, values, 3);
    ck_assert_mem_eq(values, "\x01\x01\x01\xFF", 4);
}

static void test_ins16(void)
{
    uint16_t values[3] = {0xFFFF, 0xFFFF, 0xFFFF};

    dd_ins16(0x503, values, 2);
    ck_assert_uint_eq(values[0], 0x0302);
    ck_assert_uint_eq(values[1], 0x0302);
    ck_assert_uint_eq(values[2], 0xFFFF);
}

static void test_ins32(void)
{
    uint32_t values[3] = {0, 0, 0};

    dd_ins32(0x503, values, 2);
    ck_assert_uint_eq(values[0], 0xC0DE0304);
    ck_assert_uint_eq(values[1], 0xC0DE0304);
    ck_assert_uint_eq(values[2], 0);
}

static void test_outs8(void)
{
    dd_outs8(0x504, (const uint8_t[]){1, 2, 0xAB}, 3);
    ck_assert_uint_eq(last_port_write, 0x01040000000000AB);
}

static void test_outs16(void)
{
    dd_outs16(0x504, (const uint16_t[]){1, 0xABCD}, 2);
    ck_assert_uint_eq(last_port_write, 0x020400000000ABCD);
}

static void test_outs32(void)
{
    dd_outs32(0x504, (const uint32_t[]){1, 0xABCDEF01}, 2);
    ck_assert_uint_eq(last_port_write, 0x04040000ABCDEF01);
}

static void test_write_cr2(void)
{
    dd_write_cr2(0x123456789ABCDEF0);
    ck_assert_uint_eq(dd_read_cr2(), 0x123456789ABCDEF0);
}

/* This machine has no local APIC, whose task priority CR8 is: it reads 0, and 16 is refused. */
static void test_cr8(void)
{
    dd_write_cr8(0xF);
    ck_assert_uint_eq(dd_read_cr8(), 0);
    check_stops(dd_write_cr8(0x10), 13);
}

static void test_clts(void)
{
    dd_write_cr0(0x8001003B);
    dd_clts();
    ck_assert_uint_eq(dd_read_cr0(), 0x80010033);
}

static void test_smsw(void)
{
    ck_assert_uint_eq(dd_smsw(), 0x0033);
}

static void test_lmsw(void)
{
    dd_lmsw(0x000B); /* PE, MP, TS */
    ck_assert_uint_eq(dd_read_cr0(), 0x8001003B);
}

static void enable_xsave(void)
{
    dd_write_cr4(dd_read_cr4() | UINT64_C(1) << 18);
}

static void test_xgetbv(void)
{
    enable_xsave();
    ck_assert_uint_eq(dd_xgetbv(0), 1);
}

static void test_xsetbv(void)
{
    enable_xsave();
    dd_xsetbv(0, 0x203);
    ck_assert_uint_eq(dd_xgetbv(0), 0x203);
    check_stops(dd_xsetbv(0, UINT64_C(1) << 62 | 1), 13);
}

static void test_rflags(void)
{
    dd_write_rflags(0x240002);
    ck_assert_uint_eq(dd_read_rflags() & 0x247200, 0x240000);
    dd_write_rflags(0x202);
    ck_assert_uint_eq(dd_read_rflags() & 0x247200, 0x200);
}

static void test_stac(void)
{
    dd_write_cr4(dd_read_cr4() | 0x200000);
    dd_stac();
    ck_assert_uint_eq(dd_read_rflags() & 0x40000, 0x40000);
}

static void test_clac(void)
{
    test_stac();
    dd_clac();
    ck_assert_uint_eq(dd_read_rflags() & 0x40000, 0);
}

static void test_pkru(void)
{
    dd_write_cr4(dd_read_cr4() | 0x400000);
    dd_wrpkru(0x55555554);
    ck_assert_uint_eq(dd_rdpkru(), 0x55555554);
}

static void test_mxcsr(void)
{
    dd_ldmxcsr(0x3F80);
    ck_assert_uint_eq(dd_stmxcsr(), 0x3F80);
}

/* [SDM 1] table 10-2: FCW at 0, MXCSR at 24. */
static void test_fxsave(void)
{
    struct dd_fxsave_area area = {.bytes = {[0] = 0xEE, [24] = 0xEE}};

    dd_ldmxcsr(0x1FA0);
    dd_fxsave(&area);
    ck_assert_uint_ne(area.bytes[0], 0xEE);
    ck_assert_mem_eq(area.bytes + 24, "\xA0\x1F", 2);
}

static void test_fxrstor(void)
{
    struct dd_fxsave_area area = {.bytes = {[0] = 0x7F, [1] = 2, [24] = 0x81, [25] = 0x1F}};

    dd_fxrstor(&area);
    ck_assert_uint_eq(dd_stmxcsr(), 0x1F81);
    dd_fxsave(&area);
    ck_assert_uint_eq(area.bytes[1], 2);
}

/* [SDM 1] 13.4.2: XSTATE_BV at 512; PKRU at A80H, as CPUID leaf 0DH, subleaf 9 says. */
static void save_pkru(void (*save)(void *area, size_t size, uint64_t mask))
{
    _Alignas(64) uint8_t area[0xA88] = {0};

    enable_xsave();
    dd_xsetbv(0, 0x203);
    test_pkru();
    save(area, sizeof area, 0x200);
    ck_assert_uint_eq(area[513] & 2, 2);
    ck_assert_uint_eq(area[0xA80], 0x54);
    area[0xA80] = 0x58;
    dd_xrstor(area, sizeof area, 0x200);
    ck_assert_uint_eq(dd_rdpkru(), 0x55555558);
}

static void test_xsave(void)
{
    save_pkru(dd_xsave);
}

static void test_xsaveopt(void)
{
    save_pkru(dd_xsaveopt);
}

const struct seam_test seam_state_tests[] = {
    {DD_HOSTED_INS8, test_ins8},           {DD_HOSTED_INS16, test_ins16},
    {DD_HOSTED_INS32, test_ins32},         {DD_HOSTED_OUTS8, test_outs8},
    {DD_HOSTED_OUTS16, test_outs16},       {DD_HOSTED_OUTS32, test_outs32},
    {DD_HOSTED_WRITE_CR2, test_write_cr2}, {DD_HOSTED_READ_CR8, test_cr8},
    {DD_HOSTED_WRITE_CR8, test_cr8},       {DD_HOSTED_CLTS, test_clts},
    {DD_HOSTED_SMSW, test_smsw},           {DD_HOSTED_LMSW, test_lmsw},
    {DD_HOSTED_XGETBV, test_xgetbv},       {DD_HOSTED_XSETBV, test_xsetbv},
    {DD_HOSTED_READ_RFLAGS, test_rflags},  {DD_HOSTED_WRITE_RFLAGS, test_rflags},
    {DD_HOSTED_STAC, test_stac},           {DD_HOSTED_CLAC, test_clac},
    {DD_HOSTED_RDPKRU, test_pkru},         {DD_HOSTED_WRPKRU, test_pkru},
    {DD_HOSTED_STMXCSR, test_mxcsr},       {DD_HOSTED_LDMXCSR, test_mxcsr},
    {DD_HOSTED_FXSAVE, test_fxsave},       {DD_HOSTED_FXRSTOR, test_fxrstor},
    {DD_HOSTED_XSAVE, test_xsave},         {DD_HOSTED_XSAVEOPT, test_xsaveopt},
    {DD_HOSTED_XRSTOR, test_xsave},        {DD_HOSTED_INSN_COUNT, NULL},
};
