/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bits of CR4, each with the CPUID bit without which it is reserved.
 * [SDM 3A] 2.5; [SDM 2] CPUID.
 */
#include "sim/cpu/cpuid.h"

#include <stddef.h>

enum reg {
    EBX,
    ECX,
    EDX
};

struct control {
    const char *name;
    unsigned int bit; /* of CR4 */
    uint32_t leaf;
    enum reg reg;
    unsigned int feature; /* bit of CPUID */
};

static const struct control controls[] = {
    {"VME", 0, 0x1, EDX, 1},       {"PVI", 1, 0x1, EDX, 1},          {"TSD", 2, 0x1, EDX, 4},
    {"DE", 3, 0x1, EDX, 2},        {"PSE", 4, 0x1, EDX, 3},          {"PAE", 5, 0x1, EDX, 6},
    {"MCE", 6, 0x1, EDX, 7},       {"PGE", 7, 0x1, EDX, 13},         {"PCE", 8, 0x1, EDX, 5},
    {"OSFXSR", 9, 0x1, EDX, 24},   {"OSXMMEXCPT", 10, 0x1, EDX, 25}, {"UMIP", 11, 0x7, ECX, 2},
    {"LA57", 12, 0x7, ECX, 16},    {"VMXE", 13, 0x1, ECX, 5},        {"SMXE", 14, 0x1, ECX, 6},
    {"FSGSBASE", 16, 0x7, EBX, 0}, {"PCIDE", 17, 0x1, ECX, 17},      {"OSXSAVE", 18, 0x1, ECX, 26},
    {"KL", 19, 0x7, ECX, 23},      {"SMEP", 20, 0x7, EBX, 7},        {"SMAP", 21, 0x7, EBX, 20},
    {"PKE", 22, 0x7, ECX, 3},      {"CET", 23, 0x7, ECX, 7},         {"PKS", 24, 0x7, ECX, 31},
    {"UINTR", 25, 0x7, EDX, 5},
};

enum {
    CONTROL_COUNT = sizeof controls / sizeof controls[0]
};

uint64_t sim_cpuid_cr4_mask(const struct sim_cpuid_processor *processor)
{
    const struct sim_cpuid one = sim_cpuid(processor, 1, 0);
    const struct sim_cpuid seven = sim_cpuid(processor, 7, 0);
    uint64_t mask = 0;

    for (size_t i = 0; i < CONTROL_COUNT; i++) {
        const struct sim_cpuid *leaf = controls[i].leaf == 1 ? &one : &seven;
        const uint32_t registers[] = {leaf->ebx, leaf->ecx, leaf->edx};

        if ((registers[controls[i].reg] >> controls[i].feature & 1) != 0) {
            mask |= UINT64_C(1) << controls[i].bit;
        }
    }
    return mask;
}

const char *sim_cpuid_cr4_name(unsigned int bit)
{
    for (size_t i = 0; i < CONTROL_COUNT; i++) {
        if (controls[i].bit == bit) {
            return controls[i].name;
        }
    }
    return "no name";
}
