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
    OSPKE
};

struct feature {
    uint32_t leaf;
    enum reg reg;
    unsigned int bit;
    enum condition when;
};

static const struct feature features[] = {
#define C(leaf, reg, bit, name, when) {leaf, reg, bit, when},
#include "sim/cpu/cpuid_features.def"
#undef C
};

#define CR4_OSXSAVE (UINT64_C(1) << 18)
#define CR4_PKE     (UINT64_C(1) << 22)

#define MISC_ENABLE_LIMIT (UINT64_C(1) << 22) /* of CPUID leaves */

#define LAST_BASIC    0x16u
#define LIMITED_BASIC 0x2u
#define LAST_EXTENDED 0x80000008u

static const char brand[48] = "Drydock simulated processor";

/* IA32_APIC_BASE bit 11; cleared, the processor is as one without. [SDM 3A] 10.4.3. */
static bool has_apic(const struct sim_system *system)
{
    uint64_t base = 0;

    return system->apic.self != NULL &&
           system->apic.read_msr(system->apic.self, SIM_MSR_APIC_BASE, &base) &&
           (base >> 11 & 1) != 0;
}

static bool is_shown(const struct sim_cpuid_processor *processor, enum condition when)
{
    switch (when) {
    case OWN_MMU:
        return processor->own_mmu;
    case APIC:
        return has_apic(processor->system);
    case OSXSAVE:
        return (processor->cpu->cr4 & CR4_OSXSAVE) != 0;
    case OSPKE:
        return (processor->cpu->cr4 & CR4_PKE) != 0;
    default:
        return true;
    }
}

static void add_features(const struct sim_cpuid_processor *processor, uint32_t leaf,
                         struct sim_cpuid *result)
{
    uint32_t *const registers[] = {&result->eax, &result->ebx, &result->ecx, &result->edx};

    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
        if (features[i].leaf == leaf && is_shown(processor, features[i].when)) {
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

/*
 * The area is the legacy region and header, 576 bytes, up to PKRU at 0xA80. XSAVEOPT and
 * XGETBV with ECX = 1 exist. [SDM 1] 13.4.
 */
static struct sim_cpuid extended_state(const struct sim_system *system, uint32_t subleaf)
{
    switch (subleaf) {
    case 0:
        return (struct sim_cpuid){(uint32_t)SIM_CPUID_XCR0,
                                  (system->xcr0 & 0x200) != 0 ? 0xA88 : 0x240, 0xA88, 0};
    case 1:
        return (struct sim_cpuid){0x5, 0, 0, 0};
    case 9:
        return (struct sim_cpuid){8, 0xA80, 0, 0};
    default:
        return (struct sim_cpuid){0};
    }
}

static struct sim_cpuid brand_part(uint32_t leaf)
{
    struct sim_cpuid result;

    memcpy(&result, brand + sizeof result * (leaf - 0x80000002), sizeof result);
    return result;
}

/* What a leaf says beside feature bits. */
static struct sim_cpuid basics(const struct sim_cpuid_processor *processor, uint32_t leaf,
                               uint32_t subleaf)
{
    switch (leaf) {
    case 0x0: /* "GenuineIntel" */
        return (struct sim_cpuid){LAST_BASIC, 0x756E6547, 0x6C65746E, 0x49656E69};
    case 0x1: /* family 6, model 86H; CLFLUSH of 64 bytes, APIC ID 0 */
        return (struct sim_cpuid){0x00080660, 0x00000800, 0, 0};
    case 0x2: /* "see leaf 4" for caches, and nothing about TLBs */
        return (struct sim_cpuid){0x00FEFF01, 0, 0, 0};
    case 0x4:
        return caches(subleaf);
    case 0xB:
        return topology(subleaf);
    case 0xD:
        return extended_state(processor->system, subleaf);
    case 0x15:
        return (struct sim_cpuid){1, 10, 100000000, 0};
    case 0x16: /* MHz: base, highest, bus */
        return (struct sim_cpuid){1000, 1000, 100, 0};
    case 0x80000000:
        return (struct sim_cpuid){LAST_EXTENDED, 0, 0, 0};
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

struct sim_cpuid sim_cpuid(const struct sim_cpuid_processor *processor, uint32_t leaf,
                           uint32_t subleaf)
{
    bool is_known = leaf <= LAST_BASIC || (leaf >= 0x80000000 && leaf <= LAST_EXTENDED);
    uint32_t shown = is_known ? leaf : LAST_BASIC;
    struct sim_cpuid result = basics(processor, shown, subleaf);

    if (shown != 0x7 || subleaf == 0) {
        add_features(processor, shown, &result);
    }
    return result;
}

struct sim_cpuid sim_cpuid_execute(const struct sim_cpuid_processor *processor, uint32_t leaf,
                                   uint32_t subleaf)
{
    uint64_t enabled = sim_msr_stored(processor->system, SIM_MSR_MISC_ENABLE);
    bool is_limited = (enabled & MISC_ENABLE_LIMIT) != 0;
    bool is_extended = leaf >= 0x80000000 && leaf <= LAST_EXTENDED;
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
