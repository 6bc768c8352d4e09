/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bits of CR4, each with the CPUID bit without which it is reserved.
 * [SDM 3A] 2.5; [SDM 2] CPUID.
 */
#include "sim/cpu/cpuid.h"

#include <stddef.h>

enum reg {
    EAX,
    EBX,
    ECX,
    EDX
};

/* Leaves, and a subleaf of leaf 07H. */
enum asked {
    LEAF_1,
    LEAF_7,
    LEAF_7_1,
    ASKED
};

struct control {
    const char *name;
    unsigned int bit; /* of CR4 */
    enum asked leaf;
    enum reg reg;
    unsigned int feature; /* bit of CPUID */
};

static const struct control controls[] = {
    {"VME", 0, LEAF_1, EDX, 1},          {"PVI", 1, LEAF_1, EDX, 1},
    {"TSD", 2, LEAF_1, EDX, 4},          {"DE", 3, LEAF_1, EDX, 2},
    {"PSE", 4, LEAF_1, EDX, 3},          {"PAE", 5, LEAF_1, EDX, 6},
    {"MCE", 6, LEAF_1, EDX, 7},          {"PGE", 7, LEAF_1, EDX, 13},
    {"PCE", 8, LEAF_1, EDX, 5},          {"OSFXSR", 9, LEAF_1, EDX, 24},
    {"OSXMMEXCPT", 10, LEAF_1, EDX, 25}, {"UMIP", 11, LEAF_7, ECX, 2},
    {"LA57", 12, LEAF_7, ECX, 16},       {"VMXE", 13, LEAF_1, ECX, 5},
    {"SMXE", 14, LEAF_1, ECX, 6},        {"FSGSBASE", 16, LEAF_7, EBX, 0},
    {"PCIDE", 17, LEAF_1, ECX, 17},      {"OSXSAVE", 18, LEAF_1, ECX, 26},
    {"KL", 19, LEAF_7, ECX, 23},         {"SMEP", 20, LEAF_7, EBX, 7},
    {"SMAP", 21, LEAF_7, EBX, 20},       {"PKE", 22, LEAF_7, ECX, 3},
    {"CET", 23, LEAF_7, ECX, 7},         {"PKS", 24, LEAF_7, ECX, 31},
    {"UINTR", 25, LEAF_7, EDX, 5},       {"LASS", 27, LEAF_7_1, EAX, 6},
    {"LAM_SUP", 28, LEAF_7_1, EAX, 26},
};

enum {
    CONTROL_COUNT = sizeof controls / sizeof controls[0]
};

uint64_t sim_cpuid_cr4_mask(const struct sim_cpuid_processor *processor)
{
    const struct sim_cpuid leaves[ASKED] = {
        [LEAF_1] = sim_cpuid(processor, 1, 0),
        [LEAF_7] = sim_cpuid(processor, 7, 0),
        [LEAF_7_1] = sim_cpuid(processor, 7, 1),
    };
    uint64_t mask = 0;

    for (size_t i = 0; i < CONTROL_COUNT; i++) {
        const struct sim_cpuid *leaf = &leaves[controls[i].leaf];
        const uint32_t registers[] = {leaf->eax, leaf->ebx, leaf->ecx, leaf->edx};

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
