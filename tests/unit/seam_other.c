/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions of the hosted insn.h, for test_seam.c: interrupts, caches, time, random numbers. */
#include <stdlib.h>
#include <string.h>

#include "drydock/arch/insn.h"
#include "tests/unit/machine_case.h"
#include "tests/unit/seam_case.h"

static void test_sti_hlt(void)
{
    if (setjmp(escape) == 0) {
        dd_sti_hlt();
    }
    ck_assert_int_eq(stopped.stop, SIM_STOP_HALTED);
    ck_assert_uint_eq(dd_read_rflags() & 0x200, 0x200);
}

static void test_ud2(void)
{
    check_stops(dd_ud2(), 6);
}

static void test_int(void)
{
    check_stops(DD_INT(0x83), 0x83);
}

static void test_monitor(void)
{
    check_stops(dd_monitor(dd_vaddr_from(0x300000), 0, 0), 6); /* CPUID.01H:ECX.3 is 0 */
}

static void test_mwait(void)
{
    check_stops(dd_mwait(0, 0), 6);
}

/* What reads no register and changes none: it completes. */
static void test_nop(void)
{
    dd_nop();
}

static void test_bochs_breakpoint(void)
{
    dd_bochs_breakpoint();
}

static void test_mfence(void)
{
    dd_mfence();
}

static void test_lfence(void)
{
    dd_lfence();
}

static void test_sfence(void)
{
    dd_sfence();
}

static void test_clflush(void)
{
    dd_clflush(dd_vaddr_from(0x300000));
}

static void test_clflushopt(void)
{
    dd_clflushopt(dd_vaddr_from(0x300000));
}

static void test_clwb(void)
{
    dd_clwb(dd_vaddr_from(0x300000));
}

static void test_wbinvd(void)
{
    dd_wbinvd();
}

static void test_invd(void)
{
    dd_invd();
}

static void test_rdtsc(void)
{
    dd_wrmsr(0x10, 0x123456780000);
    ck_assert_uint_eq(dd_rdtsc() >> 16, 0x12345678);
}

static void test_rdtscp(void)
{
    uint32_t auxiliary = 0;

    dd_wrmsr(0x10, 0x123456780000);
    dd_wrmsr(0xC0000103, 0xABCDEF01);
    ck_assert_uint_eq(dd_rdtscp(&auxiliary) >> 16, 0x12345678);
    ck_assert_uint_eq(auxiliary, 0xABCDEF01);
}

static void check_random(bool (*instruction)(uint64_t *value))
{
    uint64_t first = 0;
    uint64_t second = 0;

    ck_assert(instruction(&first));
    ck_assert(instruction(&second));
    ck_assert_uint_ne(first, second);
    ck_assert_uint_ne(first >> 32, 0);
}

static void test_rdrand(void)
{
    check_random(dd_rdrand);
}

static void test_rdseed(void)
{
    check_random(dd_rdseed);
}

/* The machine executes at 7000H; the instruction is 7 bytes long. */
static void test_read_rip(void)
{
    ck_assert_uint_eq(dd_read_rip().raw, 0x7007);
}

const struct seam_test seam_other_tests[] = {
    {DD_HOSTED_STI_HLT, test_sti_hlt},
    {DD_HOSTED_UD2, test_ud2},
    {DD_HOSTED_NOP, test_nop},
    {DD_HOSTED_BOCHS_BREAKPOINT, test_bochs_breakpoint},
    {DD_HOSTED_MONITOR, test_monitor},
    {DD_HOSTED_MWAIT, test_mwait},
    {DD_HOSTED_MFENCE, test_mfence},
    {DD_HOSTED_LFENCE, test_lfence},
    {DD_HOSTED_SFENCE, test_sfence},
    {DD_HOSTED_CLFLUSH, test_clflush},
    {DD_HOSTED_CLFLUSHOPT, test_clflushopt},
    {DD_HOSTED_CLWB, test_clwb},
    {DD_HOSTED_WBINVD, test_wbinvd},
    {DD_HOSTED_INVD, test_invd},
    {DD_HOSTED_RDTSC, test_rdtsc},
    {DD_HOSTED_RDTSCP, test_rdtscp},
    {DD_HOSTED_RDRAND, test_rdrand},
    {DD_HOSTED_RDSEED, test_rdseed},
    {DD_HOSTED_READ_RIP, test_read_rip},
    {DD_HOSTED_INT, test_int},
    {DD_HOSTED_INSN_COUNT, NULL},
};
