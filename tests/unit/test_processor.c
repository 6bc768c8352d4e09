/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the processors of sim/cpu/processor.h: what CPUID says of each, and XCR0. */
#include <string.h>

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

static struct sim_cpuid ask(uint32_t leaf, uint32_t subleaf)
{
    const struct sim_cpuid_processor processor = {&case_cpu, &case_system, true};

    return sim_cpuid(&processor, leaf, subleaf);
}

static void is(uint32_t leaf, uint32_t subleaf, struct sim_cpuid expected)
{
    const struct sim_cpuid got = ask(leaf, subleaf);

    ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "%x.%x: %08x %08x %08x %08x", leaf,
                  subleaf, got.eax, got.ebx, got.ecx, got.edx);
}

START_TEST(processors_are_found_by_their_names)
{
    enum sim_processor processor = SIM_PROCESSOR_EXECUTED;

    ck_assert(sim_processor_find("amd", &processor));
    ck_assert_int_eq(processor, SIM_PROCESSOR_AMD);
    ck_assert(sim_processor_find("intel", &processor));
    ck_assert_int_eq(processor, SIM_PROCESSOR_INTEL);
    ck_assert(!sim_processor_find("Intel", &processor));
    ck_assert(!sim_processor_find("", &processor));
    ck_assert_int_eq(processor, SIM_PROCESSOR_INTEL);
    ck_assert(sim_processor_find("executed", &processor));
    ck_assert_int_eq(processor, SIM_PROCESSOR_EXECUTED);
}
END_TEST

/* [SDM 2] CPUID, tables 3-10 and 3-11 and leaf 07H. */
START_TEST(the_intel_like_processor_announces_what_has_registers)
{
    be(SIM_PROCESSOR_INTEL);
    is(0, 0, (struct sim_cpuid){0x16, 0x756E6547, 0x6C65746E, 0x49656E69}); /* "GenuineIntel" */
    is(1, 0, (struct sim_cpuid){0x00080660, 0x00000800, 0x56DAE2FB, 0x07ABF9FF});
    is(7, 0, (struct sim_cpuid){2, 0x039D4F8F, 0xC181008C, 0xAD180020});
    is(7, 1, (struct sim_cpuid){0x04000000, 0, 0, 0});
    is(7, 2, (struct sim_cpuid){0, 0, 0, 0x1F});
    is(7, 3, (struct sim_cpuid){0, 0, 0, 0});
    is(0x80000001, 0, (struct sim_cpuid){0, 0, 0x21, 0x2C100800});
}
END_TEST

/* [AMD64 v3] E.3, E.4. */
START_TEST(the_amd_like_processor_announces_what_has_registers)
{
    be(SIM_PROCESSOR_AMD);
    is(0, 0, (struct sim_cpuid){0xD, 0x68747541, 0x444D4163, 0x69746E65}); /* "AuthenticAMD" */
    is(1, 0, (struct sim_cpuid){0x00A20F10, 0x00000800, 0x56DA2203, 0x078BF9FF});
    is(4, 0, (struct sim_cpuid){0, 0, 0, 0});
    is(7, 1, (struct sim_cpuid){0, 0, 0, 0x00200000});
    is(0xE, 0, (struct sim_cpuid){0, 0, 0, 0});
    is(0x80000000, 0, (struct sim_cpuid){0x80000021, 0, 0, 0});
    is(0x80000001, 0, (struct sim_cpuid){0, 0, 0x00028025, 0x2E100800});
    is(0x80000008, 0, (struct sim_cpuid){0x3928, 0x1100F108, 0, 7});
    is(0x8000000A, 0, (struct sim_cpuid){1, 0x8000, 0, 0});
    is(0x8000001F, 0, (struct sim_cpuid){0xB, 47, 1, 1});
    is(0x80000021, 0, (struct sim_cpuid){0x184, 0, 0, 0});
    is(0x80000022, 0, (struct sim_cpuid){0, 0, 0, 0}); /* not the last basic leaf */
}
END_TEST

/* [SDM 3A] 2.5. */
START_TEST(cr4_has_the_bits_of_the_announced_features)
{
    const struct sim_cpuid_processor processor = {&case_cpu, &case_system, true};

    be(SIM_PROCESSOR_INTEL);
    ck_assert_uint_eq(sim_cpuid_cr4_mask(&processor), 0x13FF7FFF);
    be(SIM_PROCESSOR_AMD);
    ck_assert_uint_eq(sim_cpuid_cr4_mask(&processor), 0x00771FFF);
    ck_assert_str_eq(sim_cpuid_cr4_name(28), "LAM_SUP");
}
END_TEST

/* [SDM 1] 13.2 to 13.4: sizes and places of components. */
START_TEST(components_of_xsave_have_their_places)
{
    be(SIM_PROCESSOR_INTEL);
    is(0xD, 0, (struct sim_cpuid){0x602FF, 0x240, 0x2B00, 0});
    is(0xD, 1, (struct sim_cpuid){0xF, 0x240, 0x1FD00, 0});
    is(0xD, 2, (struct sim_cpuid){0x100, 0x240, 0, 0});
    is(0xD, 7, (struct sim_cpuid){0x400, 0x680, 0, 0});
    is(0xD, 11, (struct sim_cpuid){0x10, 0, 1, 0});
    is(0xD, 18, (struct sim_cpuid){0x2000, 0xB00, 2, 0});
    is(0xD, 19, (struct sim_cpuid){0, 0, 0, 0});
    case_system.xcr0 = 0x40007; /* AVX and the second half of AMX, at a multiple of 64 */
    ck_assert_int_eq(sim_msr_write(&case_system, &case_cpu, 0xDA0, 0x800, &reason), SIM_MSR_DONE);
    ck_assert_uint_eq(ask(0xD, 0).ebx, 0x2B00);
    ck_assert_uint_eq(ask(0xD, 1).ebx, 0x380 + 0x2000);
    be(SIM_PROCESSOR_AMD);
    is(0xD, 0, (struct sim_cpuid){0x80207, 0x240, 0xA88, 0x40000000});
    is(0xD, 1, (struct sim_cpuid){0x5, 0, 0, 0});
    is(0xD, 62, (struct sim_cpuid){0x80, 0x340, 0, 0});
}
END_TEST

/* [SDM 1] 13.3. */
START_TEST(xcr0_takes_components_that_are_there_and_go_together)
{
    static const struct {
        uint64_t value;
        const char *reason;
    } cases[] = {
        {0x3, NULL},
        {0x60000 | 0xFF, NULL},
        {0x2, "bit 0 (x87) of XCR0 must be 1"},
        {0x80003, "CPUID leaf 0DH does not list"},
        {0x5, "AVX needs SSE"},
        {0xE3, "AVX-512 need each other and AVX"},
        {0x27, "AVX-512 need each other and AVX"},
        {0xB, "MPX need each other"},
        {0x20003, "AMX need each other"},
    };
    const char *got = NULL;

    be(SIM_PROCESSOR_INTEL);
    got = sim_cpuid_check_xcr0(&case_system, cases[_i].value);
    ck_assert_msg((got == NULL) == (cases[_i].reason == NULL), "%s", got == NULL ? "taken" : got);
    ck_assert_msg(got == NULL || strstr(got, cases[_i].reason) != NULL, "%s", got);
}
END_TEST

START_TEST(xsetbv_and_xgetbv_keep_what_the_engine_does_not_know)
{
    be(SIM_PROCESSOR_AMD);
    case_cpu.cr4 |= BIT(18);
    case_registers.rax = 0x3;
    STEP("\x0F\x01\xD1");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    STEP("\x0F\x01\xD0");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_registers.rax = 0x7;
    case_registers.rdx = 0x40000000;
    STEP("\x0F\x01\xD1");
    case_passes(SIM_INSTRUCTION_DONE);
    case_registers.rax = case_registers.rdx = 0;
    STEP("\x0F\x01\xD0");
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_registers.rax, 0x7);
    ck_assert_uint_eq(case_registers.rdx, 0x40000000);
    case_registers.rcx = 1; /* XINUSE: the engine's */
    STEP("\x0F\x01\xD0");
    case_passes(SIM_INSTRUCTION_EXECUTE);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("processor");
    TCase *tests = tcase_create("processor");

    tcase_add_checked_fixture(tests, case_long_mode, NULL);
    tcase_add_test(tests, processors_are_found_by_their_names);
    tcase_add_test(tests, the_intel_like_processor_announces_what_has_registers);
    tcase_add_test(tests, the_amd_like_processor_announces_what_has_registers);
    tcase_add_test(tests, cr4_has_the_bits_of_the_announced_features);
    tcase_add_test(tests, components_of_xsave_have_their_places);
    tcase_add_loop_test(tests, xcr0_takes_components_that_are_there_and_go_together, 0, 9);
    tcase_add_test(tests, xsetbv_and_xgetbv_keep_what_the_engine_does_not_know);
    suite_add_tcase(suite, tests);
    return suite;
}
