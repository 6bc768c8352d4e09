/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/processor/cpu.c, cpu_properties.c and cpu_topology.c: what no record shows. */
#include <string.h>

#include "drydock/cpu.h"
#include "tests/unit/unit.h"

/* A processor made of a few answers; leaves above its last ones must not be asked for. */
struct answer {
    uint32_t leaf, subleaf;
    struct dd_cpuid value;
};

static struct answer answers[16];
static unsigned int answer_count;
static unsigned int asked[64];
static unsigned int asked_count;

static void add(uint32_t leaf, uint32_t subleaf, struct dd_cpuid value)
{
    answers[answer_count++] = (struct answer){leaf, subleaf, value};
}

static void setup(void)
{
    answer_count = 0;
    asked_count = 0;
}

static struct dd_cpuid source(const void *context, uint32_t leaf, uint32_t subleaf)
{
    ck_assert_ptr_eq(context, answers);
    if (asked_count < sizeof asked / sizeof asked[0]) {
        asked[asked_count++] = leaf;
    }
    for (unsigned int i = 0; i < answer_count; i++) {
        if (answers[i].leaf == leaf && answers[i].subleaf == subleaf) {
            return answers[i].value;
        }
    }
    return leaf < 2 || leaf == 0x80000000 ? (struct dd_cpuid){0}
                                          : (struct dd_cpuid){~0u, ~0u, ~0u, ~0u};
}

static struct dd_cpu read_cpu(void)
{
    struct dd_cpu cpu;

    memset(&cpu, 0xEE, sizeof cpu);
    dd_cpu_read_from(&cpu, source, answers);
    return cpu;
}

static void add_leaf_0(uint32_t last, const char *vendor)
{
    struct dd_cpuid value = {.eax = last};

    memcpy(&value.ebx, vendor, 4);
    memcpy(&value.edx, vendor + 4, 4);
    memcpy(&value.ecx, vendor + 8, 4);
    add(0, 0, value);
}

/* [SDM 2A] CPUID: a leaf above the last gives the data of the last: here, all ones. */
START_TEST(leaves_above_the_last_are_not_asked_for)
{
    struct dd_cpu cpu;

    add_leaf_0(1, "GenuineIntel");
    cpu = read_cpu();
    for (unsigned int i = 0; i < asked_count; i++) {
        ck_assert_msg(asked[i] <= 1 || asked[i] == 0x80000000, "leaf 0x%x", asked[i]);
    }
    ck_assert(!dd_cpu_has(&cpu, DD_CPU_SMEP));
    ck_assert(!dd_cpu_has(&cpu, DD_CPU_LM));
    ck_assert_uint_eq(cpu.last_leaf, 1);
    ck_assert_uint_eq(cpu.last_extended_leaf, 0);
    ck_assert_str_eq(cpu.brand, "");
    ck_assert_str_eq(cpu.hypervisor_text, "");
}
END_TEST

START_TEST(an_answer_that_names_no_extended_leaf_means_there_are_none)
{
    struct dd_cpu cpu;

    add_leaf_0(1, "GenuineIntel");
    add(0x80000000, 0, (struct dd_cpuid){0x00000582, 0, 0, 0x008001BF});
    cpu = read_cpu();
    ck_assert_uint_eq(cpu.last_extended_leaf, 0);
    ck_assert_uint_eq(cpu.linear_bits, 32);
}
END_TEST

/* [SDM 2A] CPUID, 07H: EAX of subleaf 0 is the last subleaf. */
START_TEST(subleaves_of_leaf_7_above_its_last_are_no_features)
{
    struct dd_cpu cpu;

    add_leaf_0(7, "GenuineIntel");
    add(7, 0, (struct dd_cpuid){1, 0, 0, 0});
    add(7, 1, (struct dd_cpuid){0x10, 0, 0, 0});
    cpu = read_cpu();
    ck_assert(dd_cpu_has(&cpu, DD_CPU_AVX_VNNI));
    ck_assert(!dd_cpu_has(&cpu, DD_CPU_FRED));
    ck_assert(!dd_cpu_has(&cpu, DD_CPU_BHI_CTRL)); /* leaf 7, subleaf 2 */
}
END_TEST

/* [SDM 2A] CPUID, 01H: display family and model. AMD family 19H: [AMD64 v3] E.3.2. */
static const struct {
    uint32_t signature;
    unsigned int family, model, stepping;
} signatures[] = {
    {0x00000543, 5, 4, 3},        {0x000306A9, 6, 0x3A, 9},   {0x00000F29, 15, 2, 9},
    {0x00A20F12, 0x19, 0x21, 2},  {0x00010F4A, 15, 0x14, 10}, {0x000F0500, 5, 0, 0},
    {0x0FF00F00, 15 + 255, 0, 0},
};

START_TEST(family_and_model_are_the_displayed_ones)
{
    struct dd_cpu cpu;

    add_leaf_0(1, "AuthenticAMD");
    add(1, 0, (struct dd_cpuid){.eax = signatures[_i].signature});
    cpu = read_cpu();
    ck_assert_uint_eq(cpu.family, signatures[_i].family);
    ck_assert_uint_eq(cpu.model, signatures[_i].model);
    ck_assert_uint_eq(cpu.stepping, signatures[_i].stepping);
}
END_TEST

START_TEST(vendors_are_told_by_twelve_letters)
{
    static const struct {
        const char *text;
        enum dd_cpu_vendor vendor;
    } vendors[] = {
        {"GenuineIntel", DD_CPU_VENDOR_INTEL},   {"AuthenticAMD", DD_CPU_VENDOR_AMD},
        {"HygonGenuine", DD_CPU_VENDOR_HYGON},   {"CentaurHauls", DD_CPU_VENDOR_ZHAOXIN},
        {"  Shanghai  ", DD_CPU_VENDOR_ZHAOXIN}, {"GenuineTMx86", DD_CPU_VENDOR_OTHER},
        {"GenuineInteL", DD_CPU_VENDOR_OTHER},
    };
    struct dd_cpu cpu;

    add_leaf_0(1, vendors[_i].text);
    cpu = read_cpu();
    ck_assert_int_eq(cpu.vendor, vendors[_i].vendor);
    ck_assert_str_eq(cpu.vendor_text, vendors[_i].text);
}
END_TEST

/* [SDM 3A] 4.1.4: 36 bits with PAE, else 32. */
START_TEST(widths_that_are_not_told_follow_from_features)
{
    struct dd_cpu cpu;

    add_leaf_0(1, "GenuineIntel");
    add(1, 0, (struct dd_cpuid){.edx = 0x40});
    cpu = read_cpu();
    ck_assert_uint_eq(cpu.physical_bits, 36);
    ck_assert_uint_eq(cpu.linear_bits, 32);
}
END_TEST

/* [SDM 3B] 18.7.3: model 3CH has no entry in the table, so leaf 16H tells: 2800 MHz. */
START_TEST(without_a_crystal_the_base_frequency_is_the_counters)
{
    struct dd_cpu cpu;

    add_leaf_0(0x16, "GenuineIntel");
    add(1, 0, (struct dd_cpuid){.eax = 0x000306C3});
    add(0x15, 0, (struct dd_cpuid){2, 224, 0, 0});
    add(0x16, 0, (struct dd_cpuid){2800, 3900, 100, 0});
    cpu = read_cpu();
    ck_assert_uint_eq(cpu.tsc_hz, 2800000000);
    ck_assert_uint_eq(cpu.crystal_hz, 25000000);
}
END_TEST

START_TEST(without_a_ratio_the_frequency_is_unknown)
{
    struct dd_cpu cpu;

    add_leaf_0(0x16, "GenuineIntel");
    add(0x15, 0, (struct dd_cpuid){0, 0, 24000000, 0});
    add(0x16, 0, (struct dd_cpuid){2800, 3900, 100, 0});
    cpu = read_cpu();
    ck_assert_uint_eq(cpu.tsc_hz, 0);
    ck_assert_uint_eq(cpu.crystal_hz, 0);
}
END_TEST

/* A list of levels that never ends. */
START_TEST(an_endless_list_of_levels_ends)
{
    struct dd_cpu cpu;

    add_leaf_0(0x1F, "GenuineIntel");
    add(0x1F, 0, (struct dd_cpuid){1, 2, 0x100, 5});
    add(1, 0, (struct dd_cpuid){.ebx = 0x07000000});
    cpu = read_cpu();
    ck_assert_uint_eq(cpu.topology.apic_id, 5);
    ck_assert_uint_eq(cpu.topology.thread_bits, 1);
    ck_assert_uint_eq(cpu.topology.thread_id, 1);
    ck_assert_uint_le(cpu.topology.package_shift, 31);
}
END_TEST

/* [SDM 3A] 8.9.3, example 8-19: 4 logical processors in 2 cores; ID 3 is core 1, thread 1. */
START_TEST(counts_of_old_leaves_give_the_topology)
{
    struct dd_cpu cpu;

    add_leaf_0(4, "GenuineIntel");
    add(1, 0, (struct dd_cpuid){.ebx = 0x07040000, .edx = 1 << 28});
    add(4, 0, (struct dd_cpuid){.eax = 1u << 26});
    cpu = read_cpu();
    ck_assert_uint_eq(cpu.topology.thread_bits, 1);
    ck_assert_uint_eq(cpu.topology.package_shift, 2);
    ck_assert_uint_eq(cpu.topology.thread_id, 1);
    ck_assert_uint_eq(cpu.topology.core_id, 1);
    ck_assert_uint_eq(cpu.topology.package_id, 1);
}
END_TEST

START_TEST(a_hypervisor_says_who_it_is)
{
    struct dd_cpu cpu;

    add_leaf_0(1, "GenuineIntel");
    add(1, 0, (struct dd_cpuid){.ecx = UINT32_C(1) << 31});
    add(0x40000000, 0, (struct dd_cpuid){0x40000001, 0x4B4D564B, 0x564B4D56, 0x4D});
    cpu = read_cpu();
    ck_assert_str_eq(cpu.hypervisor_text, "KVMKVMKVM");
}
END_TEST

START_TEST(values_that_are_no_feature_are_never_there)
{
    struct dd_cpu cpu;

    memset(&cpu, 0xFF, sizeof cpu);
    ck_assert(!dd_cpu_has(&cpu, DD_CPU_FEATURE_COUNT));
    ck_assert(!dd_cpu_has(&cpu, (enum dd_cpu_feature)4711));
    ck_assert_str_eq(dd_cpu_feature_name(DD_CPU_FEATURE_COUNT), "no feature");
    ck_assert_str_eq(dd_cpu_feature_name(DD_CPU_SMAP), "SMAP");
}
END_TEST

/* Leaf, subleaf, register, bit, typed from [SDM 2A] table 3-8 and the text on each leaf. */
static const struct {
    enum dd_cpu_feature feature;
    uint32_t leaf, subleaf;
    struct dd_cpuid value;
} places[] = {
    {DD_CPU_SSE3, 1, 0, {0, 0, 1u << 0, 0}},
    {DD_CPU_MONITOR, 1, 0, {0, 0, 1u << 3, 0}},
    {DD_CPU_PCID, 1, 0, {0, 0, 1u << 17, 0}},
    {DD_CPU_X2APIC, 1, 0, {0, 0, 1u << 21, 0}},
    {DD_CPU_XSAVE, 1, 0, {0, 0, 1u << 26, 0}},
    {DD_CPU_RDRAND, 1, 0, {0, 0, 1u << 30, 0}},
    {DD_CPU_APIC, 1, 0, {0, 0, 0, 1u << 9}},
    {DD_CPU_PAT, 1, 0, {0, 0, 0, 1u << 16}},
    {DD_CPU_SSE2, 1, 0, {0, 0, 0, 1u << 26}},
    {DD_CPU_FSGSBASE, 7, 0, {0, 1u << 0, 0, 0}},
    {DD_CPU_SMEP, 7, 0, {0, 1u << 7, 0, 0}},
    {DD_CPU_INVPCID, 7, 0, {0, 1u << 10, 0, 0}},
    {DD_CPU_RDSEED, 7, 0, {0, 1u << 18, 0, 0}},
    {DD_CPU_SMAP, 7, 0, {0, 1u << 20, 0, 0}},
    {DD_CPU_UMIP, 7, 0, {0, 0, 1u << 2, 0}},
    {DD_CPU_PKU, 7, 0, {0, 0, 1u << 3, 0}},
    {DD_CPU_CET_SS, 7, 0, {0, 0, 1u << 7, 0}},
    {DD_CPU_LA57, 7, 0, {0, 0, 1u << 16, 0}},
    {DD_CPU_PKS, 7, 0, {0, 0, 1u << 31, 0}},
    {DD_CPU_CET_IBT, 7, 0, {0, 0, 0, 1u << 20}},
    {DD_CPU_SPEC_CTRL, 7, 0, {0, 0, 0, 1u << 26}},
    {DD_CPU_LAM, 7, 1, {1u << 26, 0, 0, 0}},
    {DD_CPU_XSAVES, 0xD, 1, {1u << 3, 0, 0, 0}},
    {DD_CPU_SVM, 0x80000001, 0, {0, 0, 1u << 2, 0}},
    {DD_CPU_NX, 0x80000001, 0, {0, 0, 0, 1u << 20}},
    {DD_CPU_PAGE1GB, 0x80000001, 0, {0, 0, 0, 1u << 26}},
    {DD_CPU_LM, 0x80000001, 0, {0, 0, 0, 1u << 29}},
    {DD_CPU_INVARIANT_TSC, 0x80000007, 0, {0, 0, 0, 1u << 8}},
    {DD_CPU_INVLPGB, 0x80000008, 0, {0, 1u << 3, 0, 0}},
    {DD_CPU_INVLPGB_NESTED, 0x80000008, 0, {0, 1u << 21, 0, 0}},
    {DD_CPU_SEV_ES, 0x8000001F, 0, {1u << 3, 0, 0, 0}},
};

static struct dd_cpuid one_bit(const void *context, uint32_t leaf, uint32_t subleaf)
{
    int place = *(const int *)context;

    if (leaf == 0 || leaf == 0x80000000) {
        return (struct dd_cpuid){leaf + 0x1F, 0, 0, 0};
    }
    if (leaf == places[place].leaf && subleaf == places[place].subleaf) {
        return places[place].value;
    }
    return leaf == 7 && subleaf == 0 ? (struct dd_cpuid){2, 0, 0, 0} : (struct dd_cpuid){0};
}

START_TEST(one_bit_of_cpuid_is_one_feature)
{
    struct dd_cpu cpu;

    dd_cpu_read_from(&cpu, one_bit, &_i);
    for (int i = 0; i < DD_CPU_FEATURE_COUNT; i++) {
        enum dd_cpu_feature feature = (enum dd_cpu_feature)i;

        ck_assert_msg(dd_cpu_has(&cpu, feature) == (feature == places[_i].feature), "%s and %s",
                      dd_cpu_feature_name(feature), dd_cpu_feature_name(places[_i].feature));
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("cpu");
    TCase *leaves = tcase_create("leaves");
    TCase *values = tcase_create("values");

    tcase_add_checked_fixture(leaves, setup, NULL);
    tcase_add_test(leaves, leaves_above_the_last_are_not_asked_for);
    tcase_add_test(leaves, an_answer_that_names_no_extended_leaf_means_there_are_none);
    tcase_add_test(leaves, subleaves_of_leaf_7_above_its_last_are_no_features);
    tcase_add_test(leaves, values_that_are_no_feature_are_never_there);
    tcase_add_loop_test(leaves, one_bit_of_cpuid_is_one_feature, 0,
                        sizeof places / sizeof places[0]);
    suite_add_tcase(suite, leaves);

    tcase_add_checked_fixture(values, setup, NULL);
    tcase_add_loop_test(values, family_and_model_are_the_displayed_ones, 0,
                        sizeof signatures / sizeof signatures[0]);
    tcase_add_loop_test(values, vendors_are_told_by_twelve_letters, 0, 7);
    tcase_add_test(values, widths_that_are_not_told_follow_from_features);
    tcase_add_test(values, without_a_crystal_the_base_frequency_is_the_counters);
    tcase_add_test(values, without_a_ratio_the_frequency_is_unknown);
    tcase_add_test(values, an_endless_list_of_levels_ends);
    tcase_add_test(values, counts_of_old_leaves_give_the_topology);
    tcase_add_test(values, a_hypervisor_says_who_it_is);
    suite_add_tcase(suite, values);
    return suite;
}
