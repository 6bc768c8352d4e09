/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/fast_call.c. Expectations: [SDM 2] SYSCALL, SYSRET, SYSENTER, SYSEXIT. */
#include <stdio.h>
#include <string.h>

#include "sim/cpu/fast_call.h"
#include "tests/unit/unit.h"

static struct sim_cpu cpu;
static struct sim_registers registers;
static struct sim_fast_call call;
static struct sim_fast_call_result result;

/* 64-bit mode at CPL 3, about to call. */
static void setup(void)
{
    cpu = (struct sim_cpu){
        .rip = 0x401000,
        .rsp = 0x7FFFFFFFE000,
        .rflags = 0x10246, /* RF, IF, ZF, PF */
        .cr0 = 0x80000011,
        .efer = 0xD01,
        .cs = 0x33,
        .ss = 0x2B,
        .code = SIM_WIDTH_64,
        .stack = SIM_WIDTH_64,
    };
    registers = (struct sim_registers){
        .rcx = 0x1111, .rdx = 0x2222, .r11 = 0x3333, .rax = 0x4444, .rsp = cpu.rsp};
    call = (struct sim_fast_call){
        .operand = SIM_WIDTH_64,
        .next = 0x401002,
        .msrs =
            {
                .star = 0x0023001000000000, /* SYSRET base 0x23, SYSCALL base 0x10 */
                .lstar = 0xFFFFFFFF81000000,
                .fmask = 0x47700,
                .sysenter_cs = 0x10,
                .sysenter_esp = 0xFFFFC90000010000,
                .sysenter_eip = 0xFFFFFFFF82000000,
            },
    };
}

static void execute(enum sim_fast_call_kind kind)
{
    call.kind = kind;
    result = sim_fast_call(&call, &cpu, &registers);
}

static void at_cpl_0(void)
{
    cpu.cs = 0x10;
    cpu.ss = 0x18;
}

/* It faulted, and nothing has changed. */
static void check_fault(enum sim_fast_call_kind kind, unsigned int vector, const char *reason)
{
    unsigned char cpu_before[sizeof cpu];
    unsigned char registers_before[sizeof registers];

    memcpy(cpu_before, &cpu, sizeof cpu);
    memcpy(registers_before, &registers, sizeof registers);
    execute(kind);
    ck_assert(result.faults);
    ck_assert_uint_eq(result.exception.vector, vector);
    ck_assert_int_eq(result.exception.has_error_code, vector == 13);
    ck_assert_uint_eq(result.exception.error_code, 0);
    ck_assert_int_eq(result.exception.source, SIM_SOURCE_EXCEPTION);
    ck_assert_str_eq(result.reason, reason);
    ck_assert_mem_eq(cpu_before, (const unsigned char *)&cpu, sizeof cpu);
    ck_assert_mem_eq(registers_before, (const unsigned char *)&registers, sizeof registers);
}

START_TEST(syscall_saves_rip_and_rflags_and_enters_through_lstar)
{
    execute(SIM_SYSCALL);
    ck_assert(!result.faults);
    ck_assert_uint_eq(registers.rcx, 0x401002);
    ck_assert_uint_eq(registers.r11, 0x10246);
    ck_assert_uint_eq(cpu.rip, 0xFFFFFFFF81000000);
    ck_assert_uint_eq(cpu.rflags, 0x46); /* IF masked, RF cleared */
    ck_assert_uint_eq(cpu.rsp, 0x7FFFFFFFE000);
    ck_assert_uint_eq(cpu.cs, 0x10);
    ck_assert_uint_eq(cpu.ss, 0x18);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_64);
    ck_assert_uint_eq(registers.rip, 0xFFFFFFFF81000000);
    ck_assert_uint_eq(registers.rflags, 0x46);
    ck_assert_uint_eq(registers.rax, 0x4444);
}
END_TEST

START_TEST(syscall_forces_only_the_rpl_of_cs)
{
    call.msrs.star = 0x0000001300000000;
    execute(SIM_SYSCALL);
    ck_assert_uint_eq(cpu.cs, 0x10);
    ck_assert_uint_eq(cpu.ss, 0x1B); /* IA32_STAR[47:32] + 8, as it is */
}
END_TEST

START_TEST(syscall_needs_64_bit_mode_and_sce)
{
    cpu.code = SIM_WIDTH_32;
    check_fault(SIM_SYSCALL, 6, "SYSCALL: not in 64-bit mode");
    cpu.code = SIM_WIDTH_64;
    cpu.efer = 0xD00;
    check_fault(SIM_SYSCALL, 6, "SYSCALL: EFER.SCE is 0");
    cpu.efer = 0x1;
    check_fault(SIM_SYSCALL, 6, "SYSCALL: not in 64-bit mode");
}
END_TEST

START_TEST(a_single_step_follows_if_tf_survives)
{
    cpu.rflags = 0x302;
    execute(SIM_SYSCALL);
    ck_assert(!result.single_step); /* IA32_FMASK has TF */
    setup();
    cpu.rflags = 0x302;
    call.msrs.fmask = 0x200;
    execute(SIM_SYSCALL);
    ck_assert(result.single_step);
    ck_assert_uint_eq(cpu.rflags, 0x102);
    setup();
    at_cpl_0();
    registers.r11 = 0x302;
    execute(SIM_SYSRET); /* TF was 0 before */
    ck_assert(result.single_step);
    setup();
    cpu.rflags = 0x302;
    execute(SIM_SYSENTER); /* does not clear TF */
    ck_assert(result.single_step);
    ck_assert_uint_eq(cpu.rflags, 0x102);
}
END_TEST

START_TEST(sysret_to_64_bit_mode)
{
    at_cpl_0();
    registers.rcx = 0x00007FFFFFFFFFFF;
    registers.r11 = UINT64_MAX;
    execute(SIM_SYSRET);
    ck_assert(!result.faults);
    ck_assert_uint_eq(cpu.rip, 0x00007FFFFFFFFFFF);
    ck_assert_uint_eq(cpu.rflags, 0x3C7FD7); /* no RF, VM or reserved bits */
    ck_assert_uint_eq(cpu.cs, 0x33);
    ck_assert_uint_eq(cpu.ss, 0x2B);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_64);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_64);
    registers.r11 = 0;
    at_cpl_0();
    execute(SIM_SYSRET);
    ck_assert_uint_eq(cpu.rflags, 0x2);
}
END_TEST

START_TEST(sysret_to_compatibility_mode)
{
    at_cpl_0();
    call.operand = SIM_WIDTH_32;
    call.msrs.star = 0x0020001000000000;
    registers.rcx = 0x8000123400001000; /* ECX counts */
    execute(SIM_SYSRET);
    ck_assert(!result.faults);
    ck_assert_uint_eq(cpu.rip, 0x1000);
    ck_assert_uint_eq(cpu.rsp, 0x7FFFFFFFE000);
    ck_assert_uint_eq(cpu.cs, 0x23);
    ck_assert_uint_eq(cpu.ss, 0x2B);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_32);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_32);
}
END_TEST

START_TEST(sysret_refuses)
{
    check_fault(SIM_SYSRET, 13, "SYSRET: CPL is 3, not 0");
    at_cpl_0();
    registers.rcx = 0x0000800000000000;
    check_fault(SIM_SYSRET, 13, "SYSRET: RCX 0x800000000000 is not canonical");
    cpu.efer = 0xD00;
    check_fault(SIM_SYSRET, 6, "SYSRET: EFER.SCE is 0");
    cpu.code = SIM_WIDTH_32;
    check_fault(SIM_SYSRET, 6, "SYSRET: not in 64-bit mode");
}
END_TEST

START_TEST(sysenter_from_64_bit_and_compatibility_mode)
{
    cpu.code = _i == 0 ? SIM_WIDTH_64 : SIM_WIDTH_32;
    call.msrs.sysenter_cs = 0xFFFF0013;
    execute(SIM_SYSENTER);
    ck_assert(!result.faults);
    ck_assert_uint_eq(cpu.rip, 0xFFFFFFFF82000000);
    ck_assert_uint_eq(cpu.rsp, 0xFFFFC90000010000);
    ck_assert_uint_eq(registers.rsp, 0xFFFFC90000010000);
    ck_assert_uint_eq(cpu.rflags, 0x46);
    ck_assert_uint_eq(cpu.cs, 0x10);
    ck_assert_uint_eq(cpu.ss, 0x18);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_64);
    ck_assert_uint_eq(registers.rcx, 0x1111); /* saves nothing */
    ck_assert_uint_eq(registers.r11, 0x3333);
}
END_TEST

START_TEST(sysenter_in_protected_mode)
{
    cpu.efer = 0;
    cpu.code = SIM_WIDTH_32;
    cpu.stack = SIM_WIDTH_32;
    cpu.rflags = 0x20202; /* VM */
    execute(SIM_SYSENTER);
    ck_assert(!result.faults);
    ck_assert_uint_eq(cpu.rip, 0x82000000);
    ck_assert_uint_eq(cpu.rsp, 0x00010000);
    ck_assert_uint_eq(cpu.rflags, 0x2);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_32);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_32);
}
END_TEST

START_TEST(sysenter_and_sysexit_need_a_selector_and_protected_mode)
{
    enum sim_fast_call_kind kind = _i == 0 ? SIM_SYSENTER : SIM_SYSEXIT;
    char text[80];

    at_cpl_0();
    call.msrs.sysenter_cs = 0x10003;
    (void)snprintf(text, sizeof text, "%s: the selector in IA32_SYSENTER_CS is null",
                   _i == 0 ? "SYSENTER" : "SYSEXIT");
    check_fault(kind, 13, text);
    cpu.cr0 = 0x10;
    (void)snprintf(text, sizeof text, "%s: CR0.PE is 0", _i == 0 ? "SYSENTER" : "SYSEXIT");
    call.msrs.sysenter_cs = 0x10;
    check_fault(kind, 13, text);
}
END_TEST

START_TEST(sysexit_to_64_bit_mode)
{
    at_cpl_0();
    execute(SIM_SYSEXIT);
    ck_assert(!result.faults);
    ck_assert_uint_eq(cpu.rip, 0x2222);
    ck_assert_uint_eq(cpu.rsp, 0x1111);
    ck_assert_uint_eq(cpu.cs, 0x33);
    ck_assert_uint_eq(cpu.ss, 0x3B);
    ck_assert_uint_eq(cpu.rflags, 0x246);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_64);
}
END_TEST

START_TEST(sysexit_to_32_bit_code)
{
    at_cpl_0();
    call.operand = SIM_WIDTH_32;
    registers.rcx = 0xABCD000000001111;
    registers.rdx = 0xABCD000000002222;
    execute(SIM_SYSEXIT);
    ck_assert(!result.faults);
    ck_assert_uint_eq(cpu.rip, 0x2222);
    ck_assert_uint_eq(cpu.rsp, 0x1111);
    ck_assert_uint_eq(cpu.cs, 0x23);
    ck_assert_uint_eq(cpu.ss, 0x2B);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_32);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_32);
}
END_TEST

START_TEST(sysexit_refuses)
{
    check_fault(SIM_SYSEXIT, 13, "SYSEXIT: CPL is 3, not 0");
    at_cpl_0();
    cpu.rflags |= 0x20000; /* VM */
    check_fault(SIM_SYSEXIT, 13, "SYSEXIT: CPL is 3, not 0");
    cpu.rflags = 0x202;
    registers.rdx = 0x0000800000000000;
    check_fault(SIM_SYSEXIT, 13, "SYSEXIT: RDX 0x800000000000 is not canonical");
    registers.rcx = 0xFFFF7FFFFFFFFFFF;
    check_fault(SIM_SYSEXIT, 13, "SYSEXIT: RCX 0xffff7fffffffffff is not canonical");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("fast_call");
    TCase *tcase = tcase_create("fast_call");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, syscall_saves_rip_and_rflags_and_enters_through_lstar);
    tcase_add_test(tcase, syscall_forces_only_the_rpl_of_cs);
    tcase_add_test(tcase, syscall_needs_64_bit_mode_and_sce);
    tcase_add_test(tcase, a_single_step_follows_if_tf_survives);
    tcase_add_test(tcase, sysret_to_64_bit_mode);
    tcase_add_test(tcase, sysret_to_compatibility_mode);
    tcase_add_test(tcase, sysret_refuses);
    tcase_add_loop_test(tcase, sysenter_from_64_bit_and_compatibility_mode, 0, 2);
    tcase_add_test(tcase, sysenter_in_protected_mode);
    tcase_add_loop_test(tcase, sysenter_and_sysexit_need_a_selector_and_protected_mode, 0, 2);
    tcase_add_test(tcase, sysexit_to_64_bit_mode);
    tcase_add_test(tcase, sysexit_to_32_bit_code);
    tcase_add_test(tcase, sysexit_refuses);
    suite_add_tcase(suite, tcase);
    return suite;
}
