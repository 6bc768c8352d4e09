/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Feature bits come from cpuid_features.def; everything else that a leaf says
 * is here. Time: virtual nanoseconds, so the TSC runs at 1 GHz; the crystal
 * behind it, which also drives the local APIC's timer, at 100 MHz.
 *
 * There are no hypervisor leaves: the machine is a processor for those who ask.
 */
#include "sim/cpu/cpuid.h"

#include <stddef.h>
#include <string.h>

#include "sim/cpu/msr.h"

enum reg {
    EAX,
    EBX,
    ECX,
    EDX
};

enum condition {
    ALWAYS,
    OWN_MMU,
    APIC,
    OSXSAVE,
    OSPKE,
    MONITOR
};

struct feature {
    uint32_t leaf, subleaf;
    enum reg reg;
    unsigned int bit;
    enum sim_processors who;
    enum condition when;
};

static const struct feature features[] = {
#define C(leaf, subleaf, reg, bit, name, who, when) {leaf, subleaf, reg, bit, SIM_ON_##who, when},
#include "sim/cpu/cpuid_features.def"
#undef C
};

#define CR4_OSXSAVE (UINT64_C(1) << 18)
#define CR4_PKE     (UINT64_C(1) << 22)

#define MISC_ENABLE_MONITOR (UINT64_C(1) << 18)
#define MISC_ENABLE_LIMIT   (UINT64_C(1) << 22) /* of CPUID leaves */

#define LIMITED_BASIC  0x2u
#define FIRST_EXTENDED 0x80000000u

/* Bits 5:0: the C-bit of SEV, above the physical addresses. [AMD64 v3] E.4.17. */
#define C_BIT 47u

/* What a make says at once. */
struct make {
    uint32_t last_basic, last_extended;
    uint32_t ebx, ecx, edx; /* the twelve letters of leaf 0 */
    uint32_t signature;     /* family, model, stepping */
    uint32_t last_of_7;     /* subleaf */
};

static const struct make makes[] = {
    [SIM_PROCESSOR_EXECUTED] = {0x16, 0x80000008, 0x756E6547, 0x6C65746E, 0x49656E69, 0x00080660,
                                0},
    [SIM_PROCESSOR_INTEL] = {0x16, 0x80000008, 0x756E6547, 0x6C65746E, 0x49656E69, 0x00080660, 2},
    [SIM_PROCESSOR_AMD] = {0xD, 0x80000021, 0x68747541, 0x444D4163, 0x69746E65, 0x00A20F10, 1},
};

static const struct make *make_of(const struct sim_cpuid_processor *processor)
{
    return &makes[processor->system->processor];
}

static const char brand[48] = "Drydock simulated processor";

/* IA32_APIC_BASE bit 11; cleared, the processor is as one without. [SDM 3A] 10.4.3. */
static bool has_apic(const struct sim_system *system)
{
    uint64_t base = 0;

    return system->apic.self != NULL &&
           system->apic.read_msr(system->apic.self, SIM_MSR_APIC_BASE, &base) &&
           (base >> 11 & 1) != 0;
}

static bool is_shown(const struct sim_cpuid_processor *processor, const struct feature *feature)
{
    if (!sim_processor_is_in(processor->system->processor, feature->who)) {
        return false;
    }
    switch (feature->when) {
    case OWN_MMU:
        return processor->own_mmu;
    case APIC:
        return has_apic(processor->system);
    case OSXSAVE:
        return (processor->cpu->cr4 & CR4_OSXSAVE) != 0;
    case OSPKE:
        return (processor->cpu->cr4 & CR4_PKE) != 0;
    case MONITOR:
        return (sim_msr_stored(processor->system, SIM_MSR_MISC_ENABLE) & MISC_ENABLE_MONITOR) != 0;
    default:
        return true;
    }
}

static void add_features(const struct sim_cpuid_processor *processor, uint32_t leaf,
                         uint32_t subleaf, struct sim_cpuid *result)
{
    bool has_subleaves = leaf == 0x7 || leaf == 0xD;
    uint32_t *const registers[] = {&result->eax, &result->ebx, &result->ecx, &result->edx};

    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
        if (features[i].leaf == leaf && (!has_subleaves || features[i].subleaf == subleaf) &&
            is_shown(processor, &features[i])) {
            *registers[features[i].reg] |= UINT32_C(1) << features[i].bit;
        }
    }
}

/* Level-1 data, level-1 instruction, level 2; 64-byte lines. Type and level in EAX. */
static struct sim_cpuid caches(uint32_t subleaf)
{
    static const struct sim_cpuid list[] = {
        {0x121, 0x01C0003F, 63, 0},  /* 8 ways, 64 sets: 32 KiB */
        {0x122, 0x01C0003F, 63, 0},  /* the same */
        {0x143, 0x01C0003F, 1023, 0} /* 8 ways, 1024 sets: 512 KiB */
    };

    return subleaf < 3 ? list[subleaf] : (struct sim_cpuid){0};
}

/* One thread, one core. ECX: the subleaf, and the level's type in bits 15:8. */
static struct sim_cpuid topology(uint32_t subleaf)
{
    struct sim_cpuid result = {.ecx = subleaf & 0xFF};

    if (subleaf < 2) {
        result.ebx = 1;
        result.ecx |= (subleaf + 1) << 8;
    }
    return result;
}

static struct sim_cpuid brand_part(uint32_t leaf)
{
    struct sim_cpuid result;

    memcpy(&result, brand + sizeof result * (leaf - 0x80000002), sizeof result);
    return result;
}

/* [AMD64 v3] E.4.7, E.4.9, E.4.17. */
static struct sim_cpuid amd_basics(uint32_t leaf)
{
    switch (leaf) {
    case 0x80000008:
        return (struct sim_cpuid){0, 0, 0, SIM_CPUID_INVLPGB_MAX};
    case 0x8000000A: /* revision 1 */
        return (struct sim_cpuid){1, SIM_CPUID_ASIDS, 0, 0};
    case 0x8000001F: /* one guest at a time */
        return (struct sim_cpuid){0, C_BIT, 1, 1};
    default:
        return (struct sim_cpuid){0};
    }
}

/* Leaves of Intel. */
static struct sim_cpuid intel_basics(uint32_t leaf, uint32_t subleaf)
{
    switch (leaf) {
    case 0x2: /* "see leaf 4" for caches, and nothing about TLBs */
        return (struct sim_cpuid){0x00FEFF01, 0, 0, 0};
    case 0x4:
        return caches(subleaf);
    case 0x15:
        return (struct sim_cpuid){1, 10, 100000000, 0};
    case 0x16: /* MHz: base, highest, bus */
        return (struct sim_cpuid){1000, 1000, 100, 0};
    default:
        return (struct sim_cpuid){0};
    }
}

/* Leaves that both have, beside feature bits. */
static struct sim_cpuid common_basics(const struct sim_cpuid_processor *processor, uint32_t leaf,
                                      uint32_t subleaf)
{
    const struct make *make = make_of(processor);

    switch (leaf) {
    case 0x0:
        return (struct sim_cpuid){make->last_basic, make->ebx, make->ecx, make->edx};
    case 0x1: /* CLFLUSH of 64 bytes, APIC ID 0 */
        return (struct sim_cpuid){make->signature, 0x00000800, 0, 0};
    case 0x7:
        return (struct sim_cpuid){subleaf == 0 ? make->last_of_7 : 0, 0, 0, 0};
    case 0xB:
        return topology(subleaf);
    case 0xD:
        return sim_cpuid_state(processor->system, subleaf);
    case 0x80000000:
        return (struct sim_cpuid){make->last_extended, 0, 0, 0};
    case 0x80000002:
    case 0x80000003:
    case 0x80000004:
        return brand_part(leaf);
    case 0x80000006: /* level 2 again: 512 KiB, 8 ways, 64 bytes */
        return (struct sim_cpuid){0, 0, 0x02006040, 0};
    case 0x80000008:
        return (struct sim_cpuid){processor->cpu->physical_bits | SIM_CPUID_LINEAR_BITS << 8, 0, 0,
                                  0};
    default:
        return (struct sim_cpuid){0};
    }
}

static void merge(struct sim_cpuid *into, struct sim_cpuid more)
{
    into->eax |= more.eax;
    into->ebx |= more.ebx;
    into->ecx |= more.ecx;
    into->edx |= more.edx;
}

/* Beyond the last leaf, Intel's processors give the last basic one, AMD's give zeros. */
struct sim_cpuid sim_cpuid(const struct sim_cpuid_processor *processor, uint32_t leaf,
                           uint32_t subleaf)
{
    const struct make *make = make_of(processor);
    bool is_amd = processor->system->processor == SIM_PROCESSOR_AMD;
    bool is_known =
        leaf <= make->last_basic || (leaf >= FIRST_EXTENDED && leaf <= make->last_extended);
    uint32_t shown = is_known ? leaf : make->last_basic;
    struct sim_cpuid result = {0};

    if (!is_known && is_amd) {
        return result;
    }
    result = common_basics(processor, shown, subleaf);
    merge(&result, is_amd ? amd_basics(shown) : intel_basics(shown, subleaf));
    add_features(processor, shown, subleaf, &result);
    return result;
}

struct sim_cpuid sim_cpuid_execute(const struct sim_cpuid_processor *processor, uint32_t leaf,
                                   uint32_t subleaf)
{
    uint64_t enabled = sim_msr_stored(processor->system, SIM_MSR_MISC_ENABLE);
    bool is_limited = (enabled & MISC_ENABLE_LIMIT) != 0;
    bool is_extended = leaf >= FIRST_EXTENDED && leaf <= make_of(processor)->last_extended;
    struct sim_cpuid result;

    if (is_limited && !is_extended && leaf > LIMITED_BASIC) {
        leaf = LIMITED_BASIC;
    }
    result = sim_cpuid(processor, leaf, subleaf);
    if (is_limited && leaf == 0) {
        result.eax = LIMITED_BASIC;
    }
    return result;
}
