/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions of the hosted insn.h, for test_seam.c: debug registers, translation caches, descriptor tables, segments. */
#include <stdlib.h>
#include <string.h>

#include "drydock/arch/insn.h"
#include "tests/unit/machine_case.h"
#include "tests/unit/seam_case.h"

static void test_dr0(void)
{
    dd_write_dr0(0x1110);
    dd_write_dr1(0);
    ck_assert_uint_eq(dd_read_dr0(), 0x1110);
}

static void test_dr1(void)
{
    dd_write_dr1(0x2220);
    dd_write_dr0(0);
    ck_assert_uint_eq(dd_read_dr1(), 0x2220);
}

static void test_dr2(void)
{
    dd_write_dr2(0x3330);
    dd_write_dr3(0);
    ck_assert_uint_eq(dd_read_dr2(), 0x3330);
}

static void test_dr3(void)
{
    dd_write_dr3(0x4440);
    dd_write_dr2(0);
    ck_assert_uint_eq(dd_read_dr3(), 0x4440);
}

static void test_dr6(void)
{
    dd_write_dr6(0xFFFF4FF1);
    ck_assert_uint_eq(dd_read_dr6(), 0xFFFF4FF1);
    dd_write_dr6(0xFFFF0FF0);
    ck_assert_uint_eq(dd_read_dr6(), 0xFFFF0FF0);
}

static void test_dr7(void)
{
    dd_write_dr7(0x00D00400);
    ck_assert_uint_eq(dd_read_dr7(), 0x00D00400);
}

/* CPUID leaf 0AH: no counters. */
static void test_rdpmc(void)
{
    check_stops((void)dd_rdpmc(0), 13);
}

/* One byte through a page whose entry is changed behind the TLB. */
static void make_stale(void)
{
    poke(0x300000, 1);
    poke(0x301000, 2);
    map_unmapped(0x300003);
    ck_assert_uint_eq(dd_mmio_read8(dd_vaddr_from(UNMAPPED)), 1);
    poke(0x202000, 0x301003);
    ck_assert_uint_eq(dd_mmio_read8(dd_vaddr_from(UNMAPPED)), 1);
}

static void test_invpcid(void)
{
    const struct dd_invpcid_descriptor elsewhere = {0, {UNMAPPED + 0x100000}};
    const struct dd_invpcid_descriptor here = {0, {UNMAPPED}};

    make_stale();
    dd_invpcid(0, &elsewhere);
    ck_assert_uint_eq(dd_mmio_read8(dd_vaddr_from(UNMAPPED)), 1);
    dd_invpcid(0, &here);
    ck_assert_uint_eq(dd_mmio_read8(dd_vaddr_from(UNMAPPED)), 2);
    check_stops(dd_invpcid(0, &(struct dd_invpcid_descriptor){1, {0}}), 13); /* PCIDE is 0 */
}

/* An Intel processor. */
static void test_invlpgb(void)
{
    check_stops(dd_invlpgb(0, 0, 0), 6);
}

static void test_tlbsync(void)
{
    check_stops(dd_tlbsync(), 6);
}

/* CPUID does not announce them, and the engine does not have them. */
static void test_xsaves(void)
{
    static _Alignas(64) uint8_t area[1024];

    check_stops(dd_xsaves(area, sizeof area, 2), 6);
}

static void test_xrstors(void)
{
    static const _Alignas(64) uint8_t area[1024];

    check_stops(dd_xrstors(area, sizeof area, 2), 6);
}

static void test_invlpga(void)
{
    check_stops(dd_invlpga(dd_vaddr_from(0), 0), 6);
}

/* Descriptor 30H is an LDT of 16 bytes at 300000H. */
static void test_lldt(void)
{
    dd_lgdt(&(struct dd_table_register){0x3F, {0x5000}});
    poke(0x5030, 0x000082300000000F);
    poke(0x5038, 0);
    dd_lldt(0x30);
    ck_assert_uint_eq(dd_sldt(), 0x30);
}

static void test_sldt(void)
{
    ck_assert_uint_eq(dd_sldt(), 0);
}

static void test_ds(void)
{
    dd_write_ds(0x1B);
    dd_write_es(0x10);
    ck_assert_uint_eq(dd_read_ds(), 0x1B);
}

static void test_es(void)
{
    dd_write_es(0x1B);
    dd_write_ds(0x10);
    ck_assert_uint_eq(dd_read_es(), 0x1B);
}

static void test_fs(void)
{
    dd_write_fs(0x1B);
    dd_write_gs(0x10);
    ck_assert_uint_eq(dd_read_fs(), 0x1B);
}

static void test_gs(void)
{
    dd_write_gs(0x1B);
    dd_write_fs(0x10);
    ck_assert_uint_eq(dd_read_gs(), 0x1B);
}

static void test_fsbase(void)
{
    dd_write_cr4(dd_read_cr4() | 0x10000);
    dd_wrfsbase(0x123456789000);
    dd_wrgsbase(0);
    ck_assert_uint_eq(dd_rdfsbase(), 0x123456789000);
    ck_assert_uint_eq(dd_rdmsr(0xC0000100), 0x123456789000);
}

static void test_gsbase(void)
{
    dd_write_cr4(dd_read_cr4() | 0x10000);
    dd_wrgsbase(0x123456789000);
    dd_wrfsbase(0);
    ck_assert_uint_eq(dd_rdgsbase(), 0x123456789000);
    ck_assert_uint_eq(dd_rdmsr(0xC0000101), 0x123456789000);
}

static void test_swapgs(void)
{
    dd_wrmsr(0xC0000101, 0x1000);
    dd_wrmsr(0xC0000102, 0x2000);
    dd_swapgs();
    ck_assert_uint_eq(dd_rdmsr(0xC0000101), 0x2000);
    ck_assert_uint_eq(dd_rdmsr(0xC0000102), 0x1000);
}

const struct seam_test seam_system_tests[] = {
    {DD_HOSTED_READ_DR0, test_dr0},    {DD_HOSTED_READ_DR1, test_dr1},
    {DD_HOSTED_READ_DR2, test_dr2},    {DD_HOSTED_READ_DR3, test_dr3},
    {DD_HOSTED_READ_DR6, test_dr6},    {DD_HOSTED_READ_DR7, test_dr7},
    {DD_HOSTED_WRITE_DR0, test_dr0},   {DD_HOSTED_WRITE_DR1, test_dr1},
    {DD_HOSTED_WRITE_DR2, test_dr2},   {DD_HOSTED_WRITE_DR3, test_dr3},
    {DD_HOSTED_WRITE_DR6, test_dr6},   {DD_HOSTED_WRITE_DR7, test_dr7},
    {DD_HOSTED_RDPMC, test_rdpmc},     {DD_HOSTED_INVPCID, test_invpcid},
    {DD_HOSTED_INVLPGB, test_invlpgb}, {DD_HOSTED_TLBSYNC, test_tlbsync},
    {DD_HOSTED_INVLPGA, test_invlpga}, {DD_HOSTED_LLDT, test_lldt},
    {DD_HOSTED_SLDT, test_sldt},       {DD_HOSTED_READ_DS, test_ds},
    {DD_HOSTED_READ_ES, test_es},      {DD_HOSTED_READ_FS, test_fs},
    {DD_HOSTED_READ_GS, test_gs},      {DD_HOSTED_WRITE_FS, test_fs},
    {DD_HOSTED_WRITE_GS, test_gs},     {DD_HOSTED_RDFSBASE, test_fsbase},
    {DD_HOSTED_RDGSBASE, test_gsbase}, {DD_HOSTED_WRFSBASE, test_fsbase},
    {DD_HOSTED_WRGSBASE, test_gsbase}, {DD_HOSTED_SWAPGS, test_swapgs},
    {DD_HOSTED_XSAVES, test_xsaves},   {DD_HOSTED_XRSTORS, test_xrstors},
    {DD_HOSTED_INSN_COUNT, NULL},
};
