/* SPDX-License-Identifier: MIT */
/*
 * Numbers that CPUID gives besides feature bits. What an older processor does not
 * report has a value the manuals state for it: widths of addresses follow from PAE
 * and Intel 64 [SDM 3A] 4.1.4; the crystal of some models is in a table of
 * [SDM 3B] 18.7.3, since their leaf 15H leaves it out.
 */
#include "cpu_leaf.h"

static void read_widths(const struct cpu_reader *reader)
{
    struct dd_cpu *cpu = reader->cpu;
    uint32_t widths = dd_cpu_leaf(reader, 0x80000008, 0).eax;

    cpu->physical_bits = (uint8_t)(widths & 0xFF);
    cpu->linear_bits = (uint8_t)(widths >> 8 & 0xFF);
    if (cpu->physical_bits == 0) {
        cpu->physical_bits = dd_cpu_has(cpu, DD_CPU_PAE) ? 36 : 32;
    }
    if (cpu->linear_bits == 0) {
        cpu->linear_bits = dd_cpu_has(cpu, DD_CPU_LM) ? 48 : 32;
    }
    if (dd_cpu_has(cpu, DD_CPU_CLFSH)) {
        cpu->line_size = (uint16_t)((dd_cpu_leaf(reader, 1, 0).ebx >> 8 & 0xFF) * 8);
    }
}

/* Skylake and Kaby Lake, Skylake servers, Goldmont: [SDM 3B] 18.7.3, table 18-85. */
static uint64_t known_crystal(const struct dd_cpu *cpu)
{
    if (cpu->vendor != DD_CPU_VENDOR_INTEL || cpu->family != 6) {
        return 0;
    }
    switch (cpu->model) {
    case 0x4E:
    case 0x5E:
    case 0x8E:
    case 0x9E:
        return 24000000;
    case 0x55:
        return 25000000;
    case 0x5C:
        return 19200000;
    default:
        return 0;
    }
}

/*
 * Leaf 15H: the counter runs at EBX / EAX times the crystal's ECX Hz. If ECX is 0 and no table
 * helps, the counter runs at the base frequency of leaf 16H, in MHz.
 */
static void read_frequencies(const struct cpu_reader *reader)
{
    struct dd_cpu *cpu = reader->cpu;
    struct dd_cpuid ratio = dd_cpu_leaf(reader, 0x15, 0);
    uint64_t base = (uint64_t)(dd_cpu_leaf(reader, 0x16, 0).eax & 0xFFFF) * 1000000;

    if (ratio.eax == 0 || ratio.ebx == 0) {
        return;
    }
    cpu->crystal_hz = ratio.ecx != 0 ? ratio.ecx : known_crystal(cpu);
    if (cpu->crystal_hz != 0) {
        cpu->tsc_hz = cpu->crystal_hz * ratio.ebx / ratio.eax;
    } else if (base != 0) {
        cpu->tsc_hz = base;
        cpu->crystal_hz = base * ratio.eax / ratio.ebx;
    }
}

/* [SDM 2A] CPUID, 0DH; [SDM 1] 13.2. */
static void read_xsave(const struct cpu_reader *reader)
{
    struct dd_cpu_xsave *xsave = &reader->cpu->xsave;
    struct dd_cpuid sizes = dd_cpu_leaf(reader, 0xD, 0);
    struct dd_cpuid more = dd_cpu_leaf(reader, 0xD, 1);

    if (!dd_cpu_has(reader->cpu, DD_CPU_XSAVE)) {
        return;
    }
    xsave->xcr0 = (uint64_t)sizes.edx << 32 | sizes.eax;
    xsave->size = sizes.ebx;
    xsave->size_max = sizes.ecx;
    if (dd_cpu_has(reader->cpu, DD_CPU_XSAVES)) {
        xsave->xss = (uint64_t)more.edx << 32 | more.ecx;
    }
    if (dd_cpu_has(reader->cpu, DD_CPU_XSAVEC) || dd_cpu_has(reader->cpu, DD_CPU_XSAVES)) {
        xsave->size_compact = more.ebx;
    }
}

/* [AMD64 v3] E.4.7, E.4.9, E.4.17. */
static void read_amd(const struct cpu_reader *reader)
{
    struct dd_cpu *cpu = reader->cpu;
    uint32_t encryption = dd_cpu_leaf(reader, 0x8000001F, 0).ebx;

    if (dd_cpu_has(cpu, DD_CPU_INVLPGB)) {
        cpu->invlpgb_count_max = (uint16_t)(dd_cpu_leaf(reader, 0x80000008, 0).edx & 0xFFFF);
    }
    if (dd_cpu_has(cpu, DD_CPU_SVM)) {
        cpu->nasid = dd_cpu_leaf(reader, 0x8000000A, 0).ebx;
    }
    if (dd_cpu_has(cpu, DD_CPU_SME) || dd_cpu_has(cpu, DD_CPU_SEV)) {
        cpu->encryption_bit = (uint8_t)(encryption & 0x3F);
        cpu->encryption_lost = (uint8_t)(encryption >> 6 & 0x3F);
    }
}

void dd_cpu_read_properties(const struct cpu_reader *reader)
{
    read_widths(reader);
    read_frequencies(reader);
    read_xsave(reader);
    read_amd(reader);
}
