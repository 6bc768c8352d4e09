/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/cpuid.c and sim/cpu/cpuid_cr4.c, from [SDM 2] CPUID unless said otherwise. */
#include <string.h>

#include "sim/cpu/cpuid.h"
#include "sim/cpu/msr.h"
#include "tests/unit/instruction_case.h"
#include "tests/unit/unit.h"

#define BIT(n) (UINT64_C(1) << (n))

static struct sim_cpuid_processor processor;
static uint64_t apic_base;

static bool read_base(void *self, uint32_t index, uint64_t *value)
{
    *value = *(const uint64_t *)self;
    return index == 0x1B;
}

static void setup(void)
{
    case_long_mode();
    processor = (struct sim_cpuid_processor){&case_cpu, &case_system, true};
}

static void connect_apic(uint64_t base)
{
    apic_base = base;
    case_system.apic.self = &apic_base;
    case_system.apic.read_msr = read_base;
}

static void is(uint32_t leaf, uint32_t subleaf, struct sim_cpuid expected)
{
    const struct sim_cpuid got = sim_cpuid(&processor, leaf, subleaf);

    ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "%x.%x: %08x %08x %08x %08x", leaf,
                  subleaf, got.eax, got.ebx, got.ecx, got.edx);
}

START_TEST(leaf_0_names_the_vendor_and_the_last_leaf)
{
    char vendor[13] = {0};
    const struct sim_cpuid leaf = sim_cpuid(&processor, 0, 0);

    memcpy(vendor, &leaf.ebx, 4);
    memcpy(vendor + 4, &leaf.edx, 4);
    memcpy(vendor + 8, &leaf.ecx, 4);
    ck_assert_str_eq(vendor, "GenuineIntel");
    ck_assert_uint_eq(leaf.eax, 0x16);
}
END_TEST

/* [SDM 4] table 2-2, IA32_MISC_ENABLE bit 22; what the processor can do stays. */
START_TEST(leaves_can_be_limited_to_2)
{
    const struct sim_cpuid second = sim_cpuid(&processor, 2, 0);
    const uint64_t features = sim_cpuid_cr4_mask(&processor);
    struct sim_cpuid leaf;
    struct sim_error error;

    ck_assert_uint_eq(sim_cpuid_execute(&processor, 0, 0).eax, 0x16);
    ck_assert_int_eq(sim_msr_write(&case_system, &case_cpu, 0x1A0, 0x401801, &error), SIM_MSR_DONE);
    ck_assert_uint_eq(sim_cpuid_execute(&processor, 0, 0).eax, 2);
    ck_assert_uint_eq(sim_cpuid_execute(&processor, 1, 0).eax, 0x00080660);
    for (uint32_t number = 2; number < 0x18; number++) {
        leaf = sim_cpuid_execute(&processor, number, 0);
        ck_assert_mem_eq(&leaf, &second, sizeof leaf);
    }
    ck_assert_uint_eq(sim_cpuid_execute(&processor, 0x80000000, 0).eax, 0x80000008);
    leaf = sim_cpuid_execute(&processor, 0x80000009, 0);
    ck_assert_mem_eq(&leaf, &second, sizeof leaf);
    ck_assert_uint_eq(sim_cpuid_cr4_mask(&processor), features);
}
END_TEST

START_TEST(the_brand_is_the_projects)
{
    char brand[49] = {0};

    for (uint32_t i = 0; i < 3; i++) {
        const struct sim_cpuid leaf = sim_cpuid(&processor, 0x80000002 + i, 0);

        memcpy(brand + sizeof leaf * i, &leaf, sizeof leaf);
    }
    ck_assert_str_eq(brand, "Drydock simulated processor");
}
END_TEST

START_TEST(leaf_1_shows_what_is_executed)
{
    /* SSE3 PCLMULQDQ SSSE3 CX16 PCID SSE4.1 SSE4.2 MOVBE POPCNT AES XSAVE RDRAND; no bit 31. */
    is(1, 0, (struct sim_cpuid){0x00080660, 0x00000800, 0x46DA2203, 0x078BF9FD});
    processor.own_mmu = false;
    is(1, 0, (struct sim_cpuid){0x00080660, 0x00000800, 0x46D82203, 0x078BF9FD});
}
END_TEST

START_TEST(the_local_apic_is_shown_while_it_is_enabled)
{
    /* APIC: EDX 9; x2APIC: ECX 21; TSC deadline: ECX 24. [SDM 3A] 10.4.3. */
    connect_apic(0xFEE00900);
    is(1, 0, (struct sim_cpuid){0x00080660, 0x00000800, 0x47FA2203, 0x078BFBFD});
    ck_assert_uint_eq(sim_cpuid(&processor, 6, 0).eax, 0x4);
    connect_apic(0xFEE00100);
    is(1, 0, (struct sim_cpuid){0x00080660, 0x00000800, 0x46DA2203, 0x078BF9FD});
    ck_assert_uint_eq(sim_cpuid(&processor, 6, 0).eax, 0);
}
END_TEST

START_TEST(osxsave_and_ospke_follow_cr4)
{
    ck_assert_uint_eq(sim_cpuid(&processor, 1, 0).ecx >> 27 & 1, 0);
    ck_assert_uint_eq(sim_cpuid(&processor, 7, 0).ecx >> 4 & 1, 0);
    case_cpu.cr4 |= BIT(18);
    ck_assert_uint_eq(sim_cpuid(&processor, 1, 0).ecx >> 27 & 1, 1);
    ck_assert_uint_eq(sim_cpuid(&processor, 7, 0).ecx >> 4 & 1, 0);
    case_cpu.cr4 |= BIT(22);
    ck_assert_uint_eq(sim_cpuid(&processor, 7, 0).ecx >> 4 & 1, 1);
}
END_TEST

START_TEST(leaf_7_shows_smep_smap_pku_la57_and_invpcid)
{
    is(7, 0, (struct sim_cpuid){0, 0x019C078B, 0x00010008, 0x20000000});
    processor.own_mmu = false;
    is(7, 0, (struct sim_cpuid){0, 0x019C038B, 0x00010008, 0x20000000});
    is(7, 1, (struct sim_cpuid){0, 0, 0, 0});
}
END_TEST

START_TEST(caches_are_of_level_1_and_2)
{
    /* Size = (ways + 1) * (partitions + 1) * (line + 1) * (sets + 1). */
    uint32_t size[3];

    for (uint32_t i = 0; i < 3; i++) {
        const struct sim_cpuid leaf = sim_cpuid(&processor, 4, i);

        size[i] = ((leaf.ebx >> 22) + 1) * ((leaf.ebx >> 12 & 0x3FF) + 1) *
                  ((leaf.ebx & 0xFFF) + 1) * (leaf.ecx + 1);
        ck_assert_uint_eq(leaf.eax & 0x1F, i + 1); /* data, instruction, unified */
        ck_assert_uint_eq(leaf.eax >> 5 & 7, i < 2 ? 1 : 2);
    }
    ck_assert_uint_eq(size[0], 32768);
    ck_assert_uint_eq(size[1], 32768);
    ck_assert_uint_eq(size[2], 524288);
    ck_assert_uint_eq(sim_cpuid(&processor, 0x80000006, 0).ecx, 512u << 16 | 6u << 12 | 64);
    is(4, 3, (struct sim_cpuid){0, 0, 0, 0});
    is(2, 0, (struct sim_cpuid){0x00FEFF01, 0, 0, 0}); /* FFH: ask leaf 4, FEH: no TLBs here */
}
END_TEST

START_TEST(there_is_one_thread_of_one_core)
{
    is(0xB, 0, (struct sim_cpuid){0, 1, 0x100, 0});
    is(0xB, 1, (struct sim_cpuid){0, 1, 0x201, 0});
    is(0xB, 2, (struct sim_cpuid){0, 0, 2, 0});
}
END_TEST

START_TEST(leaf_0d_lists_x87_sse_and_pkru)
{
    is(0xD, 0, (struct sim_cpuid){0x203, 0x240, 0xA88, 0});
    case_system.xcr0 = 0x203;
    is(0xD, 0, (struct sim_cpuid){0x203, 0xA88, 0xA88, 0});
    is(0xD, 1, (struct sim_cpuid){5, 0, 0, 0});
    is(0xD, 2, (struct sim_cpuid){0, 0, 0, 0});
    is(0xD, 9, (struct sim_cpuid){8, 0xA80, 0, 0});
}
END_TEST

START_TEST(the_time_stamp_counter_runs_at_1_ghz)
{
    const struct sim_cpuid leaf = sim_cpuid(&processor, 0x15, 0);

    ck_assert_uint_eq((uint64_t)leaf.ecx * leaf.ebx / leaf.eax, 1000000000);
    is(0x16, 0, (struct sim_cpuid){1000, 1000, 100, 0});
    ck_assert_uint_eq(sim_cpuid(&processor, 0x80000007, 0).edx, 0x100);
}
END_TEST

START_TEST(extended_leaves_show_intel_64_and_address_widths)
{
    ck_assert_uint_eq(sim_cpuid(&processor, 0x80000000, 0).eax, 0x80000008);
    is(0x80000001, 0, (struct sim_cpuid){0, 0, 0x21, 0x2C100800});
    is(0x80000008, 0, (struct sim_cpuid){0x3928, 0, 0, 0}); /* 57 linear, 40 physical */
}
END_TEST

START_TEST(a_leaf_beyond_the_last_gives_the_last_basic_one)
{
    /* "If a value entered for CPUID.EAX is higher than the maximum …". */
    is(0x17, 0, (struct sim_cpuid){1000, 1000, 100, 0});
    is(0x40000000, 0, (struct sim_cpuid){1000, 1000, 100, 0});
    is(0x7FFFFFFF, 0, (struct sim_cpuid){1000, 1000, 100, 0});
    is(0x80000009, 0, (struct sim_cpuid){1000, 1000, 100, 0});
    is(0xFFFFFFFF, 5, (struct sim_cpuid){1000, 1000, 100, 0});
}
END_TEST

START_TEST(leaves_of_what_is_not_there_are_zero)
{
    static const uint32_t leaves[] = {3, 5, 8, 9, 0xA, 0xC, 0xE, 0x10, 0x14, 0x80000005};

    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
        is(leaves[i], 0, (struct sim_cpuid){0, 0, 0, 0});
    }
}
END_TEST

START_TEST(cr4_has_the_bits_of_the_features)
{
    /* [SDM 3A] 2.5: TSD to OSXMMEXCPT, LA57, FSGSBASE, PCIDE, OSXSAVE, SMEP, SMAP, PKE. */
    ck_assert_uint_eq(sim_cpuid_cr4_mask(&processor), 0x7717FC);
    processor.own_mmu = false;
    ck_assert_uint_eq(sim_cpuid_cr4_mask(&processor), 0x7517FC);
    ck_assert_str_eq(sim_cpuid_cr4_name(0), "VME");
    ck_assert_str_eq(sim_cpuid_cr4_name(12), "LA57");
    ck_assert_str_eq(sim_cpuid_cr4_name(15), "no name");
    ck_assert_str_eq(sim_cpuid_cr4_name(63), "no name");
}
END_TEST

START_TEST(canonical_addresses_have_57_bits)
{
    ck_assert(sim_cpuid_is_canonical(0));
    ck_assert(sim_cpuid_is_canonical(0x00FFFFFFFFFFFFFF));
    ck_assert(!sim_cpuid_is_canonical(0x0100000000000000));
    ck_assert(!sim_cpuid_is_canonical(0xFEFFFFFFFFFFFFFF));
    ck_assert(sim_cpuid_is_canonical(0xFF00000000000000));
    ck_assert(sim_cpuid_is_canonical(UINT64_MAX));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("cpuid");
    TCase *cpuid = tcase_create("cpuid");

    tcase_add_checked_fixture(cpuid, setup, NULL);
    tcase_add_test(cpuid, leaf_0_names_the_vendor_and_the_last_leaf);
    tcase_add_test(cpuid, leaves_can_be_limited_to_2);
    tcase_add_test(cpuid, the_brand_is_the_projects);
    tcase_add_test(cpuid, leaf_1_shows_what_is_executed);
    tcase_add_test(cpuid, the_local_apic_is_shown_while_it_is_enabled);
    tcase_add_test(cpuid, osxsave_and_ospke_follow_cr4);
    tcase_add_test(cpuid, leaf_7_shows_smep_smap_pku_la57_and_invpcid);
    tcase_add_test(cpuid, caches_are_of_level_1_and_2);
    tcase_add_test(cpuid, there_is_one_thread_of_one_core);
    tcase_add_test(cpuid, leaf_0d_lists_x87_sse_and_pkru);
    tcase_add_test(cpuid, the_time_stamp_counter_runs_at_1_ghz);
    tcase_add_test(cpuid, extended_leaves_show_intel_64_and_address_widths);
    tcase_add_test(cpuid, a_leaf_beyond_the_last_gives_the_last_basic_one);
    tcase_add_test(cpuid, leaves_of_what_is_not_there_are_zero);
    tcase_add_test(cpuid, cr4_has_the_bits_of_the_features);
    tcase_add_test(cpuid, canonical_addresses_have_57_bits);
    suite_add_tcase(suite, cpuid);
    return suite;
}
