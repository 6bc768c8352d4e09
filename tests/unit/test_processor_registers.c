/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the processors of sim/cpu/processor.h: which registers each has, and what they take. */
#include "sim/cpu/cpuid.h"
#include "sim/cpu/msr.h"
#include "tests/unit/instruction_case.h"
#include "tests/unit/unit.h"

#define BIT(n) (UINT64_C(1) << (n))

static struct sim_error reason;

static void be(enum sim_processor processor)
{
    sim_system_init(&case_system, processor, 1, &case_clock);
}

static bool shows_monitor(void)
{
    const struct sim_cpuid_processor processor = {&case_cpu, &case_system, true};

    return (sim_cpuid(&processor, 1, 0).ecx >> 3 & 1) != 0;
}

static enum sim_msr_outcome write(uint32_t index, uint64_t value)
{
    reason.text[0] = 0;
    return sim_msr_write(&case_system, &case_cpu, index, value, &reason);
}

static uint64_t read(uint32_t index)
{
    uint64_t value = 0;

    ck_assert_uint_eq(sim_msr_read(&case_system, index, &value, &reason), SIM_MSR_DONE);
    return value;
}

static bool has(uint32_t index)
{
    uint64_t value = 0;

    return sim_msr_read(&case_system, index, &value, &reason) != SIM_MSR_REFUSED;
}

static bool can_turn(uint32_t index, unsigned int bit)
{
    uint64_t turned = read(index) ^ BIT(bit);
    bool is_done = write(index, turned) == SIM_MSR_DONE;

    ck_assert(!is_done || read(index) == turned);
    be(case_system.processor);
    return is_done;
}

/* Which bits of a register can be turned, each alone. */
static uint64_t writable(uint32_t index)
{
    uint64_t mask = 0;

    for (unsigned int bit = 0; bit < 64; bit++) {
        mask |= can_turn(index, bit) ? BIT(bit) : 0;
    }
    return mask;
}

struct expectation {
    uint32_t index;
    uint64_t writable;
};

/* [SDM 4] table 2-2; [SDM 3B] 17.4.1 (DEBUGCTL); [SDM 1] 18.1.2 (CET). */
static const struct expectation on_intel[] = {
    {0x3A, 0x16FF07},
    {0x48, 0x5FF},
    {0x17A, 0xF},
    {0x17B, UINT64_MAX},
    {0x1A0, 0xC50009},
    {0x1D9, 0xFFC7},
    {0x400, UINT64_MAX},
    {0x401, 0},
    {0x403, 0},
    {0x480, 0},
    {0x6A0, 0x00FFFFFFFFFFFC3F}, /* one bit above 56 alone is not canonical, nor is bit 56 */
    {0x6A4, 0x00FFFFFFFFFFFFFC},
    {0x6A7, 0x00FFFFFFFFFFFFFC},
    {0x6A8, 0x00FFFFFFFFFFFFFF},
    {0x6E1, UINT32_MAX},
    {0xDA0, 0x1FD00},
};

START_TEST(the_intel_like_processor_has_these_bits)
{
    be(SIM_PROCESSOR_INTEL);
    ck_assert_uint_eq(writable(on_intel[_i].index), on_intel[_i].writable);
    be(SIM_PROCESSOR_EXECUTED);
    ck_assert(!has(on_intel[_i].index) || writable(on_intel[_i].index) != on_intel[_i].writable);
}
END_TEST

/* [AMD64 v2] 15.30, 15.35.7; [AMD64 v2] 3.2.9. */
static const struct expectation on_amd[] = {
    {0x48, 0x87},
    {0xC0010114, 0x1F},
    {0xC0010117, 0x000000FFFFFFF000}, /* 40 bits */
    {0xC0010130, UINT64_MAX},
};

START_TEST(the_amd_like_processor_has_these_bits)
{
    be(SIM_PROCESSOR_AMD);
    ck_assert_uint_eq(writable(on_amd[_i].index), on_amd[_i].writable);
}
END_TEST

START_TEST(what_one_make_has_the_other_lacks)
{
    be(SIM_PROCESSOR_AMD);
    ck_assert(!has(0x1A0)); /* IA32_MISC_ENABLE */
    ck_assert(!has(0x3A));
    ck_assert(!has(0x6A0));
    ck_assert(!has(0x10A));
    be(SIM_PROCESSOR_INTEL);
    ck_assert(!has(0xC0010114));
    ck_assert(!has(0xC0010130));
    ck_assert(!has(0x186)); /* known by name alone */
}
END_TEST

/* [SDM 3C] 23.7: once bit 0 is set, WRMSR is #GP. */
START_TEST(feature_control_is_locked_until_reset)
{
    be(SIM_PROCESSOR_INTEL);
    ck_assert_int_eq(write(0x3A, 0x4), SIM_MSR_DONE);
    ck_assert_int_eq(write(0x3A, 0x5), SIM_MSR_DONE);
    ck_assert_int_eq(write(0x3A, 0x4), SIM_MSR_REFUSED);
    ck_assert_str_eq(reason.text, "IA32_FEATURE_CONTROL (0x3a): the register is locked");
    ck_assert_uint_eq(read(0x3A), 0x5);
}
END_TEST

START_TEST(commands_are_written_and_not_read)
{
    be(SIM_PROCESSOR_AMD);
    ck_assert_int_eq(write(0x49, 1), SIM_MSR_DONE);
    ck_assert_int_eq(write(0x49, 2), SIM_MSR_REFUSED);
    ck_assert(!has(0x49));
}
END_TEST

/* [SDM 1] 18.1.2. */
START_TEST(suppress_and_tracker_exclude_each_other)
{
    be(SIM_PROCESSOR_INTEL);
    ck_assert_int_eq(write(0x6A2, 0x400), SIM_MSR_DONE);
    ck_assert_int_eq(write(0x6A2, 0x800), SIM_MSR_DONE);
    ck_assert_int_eq(write(0x6A2, 0xC00), SIM_MSR_REFUSED);
    ck_assert_int_eq(write(0x6A2, 0xFF00000000000000), SIM_MSR_DONE);
}
END_TEST

/* [AMD64 v2] 3.1.7: bits 12 to 15, 17, 18, 20, 21; 15.30.1: not SVME with VM_CR.SVMDIS. */
START_TEST(efer_has_the_bits_of_amd)
{
    be(SIM_PROCESSOR_AMD);
    case_registers.rcx = 0xC0000080;
    case_registers.rax = 0x36FD01;
    STEP("\x0F\x30");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_cpu.efer = 0xD01; /* what the engine keeps */
    STEP("\x0F\x32");
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_registers.rax, 0x36FD01);
    ck_assert_int_eq(write(0xC0000080, 0x10D01), SIM_MSR_REFUSED);
    ck_assert_int_eq(write(0xC0000080, 0x80D01), SIM_MSR_REFUSED);
    ck_assert_int_eq(write(0xC0010114, 0x10), SIM_MSR_DONE);
    ck_assert_int_eq(write(0xC0000080, 0x1D01), SIM_MSR_REFUSED);
    ck_assert_int_eq(write(0xC0000080, 0xD01), SIM_MSR_ENGINE);
    STEP("\x0F\x32");
    case_passes(SIM_INSTRUCTION_EXECUTE); /* the engine has it all */
    be(SIM_PROCESSOR_INTEL);
    ck_assert_int_eq(write(0xC0000080, 0x1D01), SIM_MSR_REFUSED);
}
END_TEST

/* [SDM 3B] 17.2.3, 17.2.4: DR6.BLD is bit 11, DR6.RTM 16, DR7.RTM 11. */
START_TEST(debug_registers_have_rtm_and_bus_locks)
{
    be(SIM_PROCESSOR_INTEL);
    case_registers.rax = 0;
    STEP("\x0F\x23\xF0");
    ck_assert_uint_eq(case_system.dr6, 0xFFFE07F0);
    case_registers.rax = UINT32_MAX & ~UINT64_C(0x2000);
    STEP("\x0F\x23\xF8");
    ck_assert_uint_eq(case_system.dr7, 0xFFFF0FFF);
    be(SIM_PROCESSOR_AMD);
    case_registers.rax = 0;
    STEP("\x0F\x23\xF0");
    ck_assert_uint_eq(case_system.dr6, 0xFFFF0FF0);
}
END_TEST

/* [SDM 3A] 2.5: CET needs CR0.WP. */
START_TEST(cet_and_wp_go_together)
{
    be(SIM_PROCESSOR_INTEL);
    case_registers.rax = case_cpu.cr4 | BIT(23);
    STEP("\x0F\x22\xE0");
    case_faults(13, 0, "CET cannot be set while CR0.WP is 0");
    case_cpu.cr0 |= BIT(16);
    STEP("\x0F\x22\xE0");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_cpu.cr4 |= BIT(23);
    case_registers.rax = 0x80000011;
    STEP("\x0F\x22\xC0");
    case_faults(13, 0, "WP cannot be cleared while CR4.CET is 1");
}
END_TEST

/* [SDM 2] MONITOR, MWAIT; [SDM 4] IA32_MISC_ENABLE bit 18. */
START_TEST(monitor_and_mwait_exist_where_cpuid_says_so)
{
    STEP("\x0F\x01\xC8");
    case_faults(6, 0, "MONITOR: the processor does not have it");
    be(SIM_PROCESSOR_INTEL);
    STEP("\x0F\x01\xC8");
    case_passes(SIM_INSTRUCTION_DONE);
    STEP("\x0F\x01\xC9");
    case_passes(SIM_INSTRUCTION_DONE);
    case_registers.rcx = 1;
    STEP("\x0F\x01\xC9");
    case_faults(13, 0, "MWAIT: ECX is 0x1");
    case_registers.rcx = 0;
    ck_assert_int_eq(write(0x1A0, 0x1), SIM_MSR_DONE);
    ck_assert(!shows_monitor());
    STEP("\x0F\x01\xC8");
    case_faults(6, 0, "MONITOR: the processor does not have it");
}
END_TEST

START_TEST(monitor_is_undefined_at_level_3)
{
    be(SIM_PROCESSOR_INTEL);
    case_cpu.cs = 0x33;
    STEP("\x0F\x01\xC8");
    case_faults(6, 0, "MONITOR: CPL is 3");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("processor_registers");
    TCase *tests = tcase_create("processor_registers");

    tcase_add_checked_fixture(tests, case_long_mode, NULL);
    tcase_add_loop_test(tests, the_intel_like_processor_has_these_bits, 0,
                        sizeof on_intel / sizeof on_intel[0]);
    tcase_add_loop_test(tests, the_amd_like_processor_has_these_bits, 0,
                        sizeof on_amd / sizeof on_amd[0]);
    tcase_add_test(tests, what_one_make_has_the_other_lacks);
    tcase_add_test(tests, feature_control_is_locked_until_reset);
    tcase_add_test(tests, commands_are_written_and_not_read);
    tcase_add_test(tests, suppress_and_tracker_exclude_each_other);
    tcase_add_test(tests, efer_has_the_bits_of_amd);
    tcase_add_test(tests, debug_registers_have_rtm_and_bus_locks);
    tcase_add_test(tests, cet_and_wp_go_together);
    tcase_add_test(tests, monitor_and_mwait_exist_where_cpuid_says_so);
    tcase_add_test(tests, monitor_is_undefined_at_level_3);
    suite_add_tcase(suite, tests);
    return suite;
}
