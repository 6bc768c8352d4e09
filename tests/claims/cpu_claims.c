/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about CPUID on the processor of the world. What the library makes of the
 * answers is tested over recorded processors: unit.cpu_corpus.
 */
#include "drydock/arch/insn.h"
#include "drydock/cpu.h"
#include "tests/claims/claim.h"

/* [SDM 2A] CPUID, 00H: EBX, EDX, ECX. */
CLAIM(cpuid_says_who_made_the_processor)
{
    struct dd_cpu cpu;
    struct dd_cpuid leaf = dd_cpuid(0, 0);
    const uint32_t words[] = {leaf.ebx, leaf.edx, leaf.ecx};

    dd_cpu_read(&cpu);
    for (unsigned int i = 0; i < 12; i++) {
        CLAIM_EQUAL((unsigned char)cpu.vendor_text[i], words[i / 4] >> (8 * (i % 4)) & 0xFF);
    }
    CLAIM_EQUAL((unsigned char)cpu.vendor_text[12], 0);
    CLAIM_EQUAL(cpu.last_leaf, leaf.eax);
    CLAIM_TRUE(cpu.vendor == DD_CPU_VENDOR_INTEL || cpu.vendor == DD_CPU_VENDOR_AMD);
    CLAIM_TRUE(cpu.family >= 6);
}

/* [SDM 2A] CPUID, 01H, 07H; [AMD64 v3] E.4.2. */
CLAIM(features_are_the_bits_of_cpuid)
{
    struct dd_cpu cpu;
    struct dd_cpuid one = dd_cpuid(1, 0);
    struct dd_cpuid seven = dd_cpuid(7, 0);
    struct dd_cpuid extended = dd_cpuid(0x80000001, 0);

    dd_cpu_read(&cpu);
    CLAIM_TRUE(cpu.last_leaf >= 7);
    CLAIM_EQUAL(dd_cpu_has(&cpu, DD_CPU_SSE3), one.ecx & 1);
    CLAIM_EQUAL(dd_cpu_has(&cpu, DD_CPU_RDRAND), one.ecx >> 30 & 1);
    CLAIM_EQUAL(dd_cpu_has(&cpu, DD_CPU_APIC), one.edx >> 9 & 1);
    CLAIM_EQUAL(dd_cpu_has(&cpu, DD_CPU_SMEP), seven.ebx >> 7 & 1);
    CLAIM_EQUAL(dd_cpu_has(&cpu, DD_CPU_SMAP), seven.ebx >> 20 & 1);
    CLAIM_EQUAL(dd_cpu_has(&cpu, DD_CPU_LA57), seven.ecx >> 16 & 1);
    CLAIM_EQUAL(dd_cpu_has(&cpu, DD_CPU_SPEC_CTRL), seven.edx >> 26 & 1);
    CLAIM_EQUAL(dd_cpu_has(&cpu, DD_CPU_SVM), extended.ecx >> 2 & 1);
    CLAIM_EQUAL(dd_cpu_has(&cpu, DD_CPU_NX), extended.edx >> 20 & 1);
}

CLAIM(this_processor_can_run_this_code)
{
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_TRUE(dd_cpu_has(&cpu, DD_CPU_LM));
    CLAIM_TRUE(dd_cpu_has(&cpu, DD_CPU_PAE));
    CLAIM_TRUE(dd_cpu_has(&cpu, DD_CPU_MSR));
    CLAIM_TRUE(dd_cpu_has(&cpu, DD_CPU_FXSR));
}

/* [SDM 2A] CPUID, 80000008H, 01H. */
CLAIM(widths_of_addresses_are_those_of_cpuid)
{
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_EQUAL(cpu.physical_bits, dd_cpuid(0x80000008, 0).eax & 0xFF);
    CLAIM_TRUE(cpu.physical_bits >= 36 && cpu.physical_bits <= 52);
    CLAIM_EQUAL(cpu.linear_bits, dd_cpu_has(&cpu, DD_CPU_LA57) ? 57 : 48);
    CLAIM_EQUAL(cpu.line_size, 64);
}

/* [SDM 1] 13.4.1: 512 bytes and a header of 64. */
CLAIM(the_area_of_xsave_has_its_size)
{
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_XSAVE), "the processor has no XSAVE");
    CLAIM_EQUAL(cpu.xsave.xcr0 & 3, 3);
    CLAIM_TRUE(cpu.xsave.size >= 576);
    CLAIM_TRUE(cpu.xsave.size_max >= cpu.xsave.size);
}

/* [SDM 2A] CPUID, 01H: the initial APIC ID. */
CLAIM(the_processor_knows_its_apic_id)
{
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_EQUAL(cpu.topology.apic_id & 0xFF, dd_cpuid(1, 0).ebx >> 24);
    CLAIM_EQUAL(cpu.topology.package_id << cpu.topology.package_shift |
                    cpu.topology.core_id << cpu.topology.thread_bits | cpu.topology.thread_id,
                cpu.topology.apic_id);
}

/* [SDM 2A] CPUID, 15H. */
CLAIM(the_frequency_of_the_counter_is_told_or_not)
{
    struct dd_cpu cpu;
    struct dd_cpuid leaf;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(cpu.last_leaf < 0x15, "CPUID has no leaf 15H");
    leaf = dd_cpuid(0x15, 0);
    CLAIM_SKIP_IF(leaf.eax == 0 || leaf.ebx == 0 || leaf.ecx == 0, "leaf 15H does not tell");
    CLAIM_EQUAL(cpu.crystal_hz, leaf.ecx);
    CLAIM_EQUAL(cpu.tsc_hz, (uint64_t)leaf.ecx * leaf.ebx / leaf.eax);
}

/* One question gives what all of them give. */
CLAIM(a_feature_that_is_asked_for_alone_is_the_same)
{
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    for (unsigned int i = 0; i < DD_CPU_FEATURE_COUNT; i++) {
        CLAIM_EQUAL(dd_cpu_ask((enum dd_cpu_feature)i), dd_cpu_has(&cpu, (enum dd_cpu_feature)i));
    }
    CLAIM_TRUE(dd_cpu_ask(DD_CPU_LM));
    CLAIM_TRUE(!dd_cpu_ask(DD_CPU_FEATURE_COUNT));
}
