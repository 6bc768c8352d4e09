/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Components of the XSAVE feature set: where each is in the standard form of the
 * area, which registers enable it, and which need each other. The area begins
 * with the legacy region and a header, 576 bytes. [SDM 1] 13.2 to 13.4;
 * [AMD64 v2] 13.7 (LWP).
 */
#include "sim/cpu/cpuid.h"

#include <stddef.h>

#include "sim/cpu/msr.h"

struct component {
    unsigned int bit;
    enum sim_processors who;
    uint32_t size, offset; /* bytes; a supervisor component has no offset */
    uint32_t flags; /* ECX: 0 supervisor, 1 begins at a multiple of 64 in the compacted form */
};

static const struct component components[] = {
    {2, SIM_ON_NAMED, 0x100, 0x240, 0},   {3, SIM_ON_INTEL, 0x40, 0x3C0, 0},
    {4, SIM_ON_INTEL, 0x40, 0x400, 0},    {5, SIM_ON_INTEL, 0x40, 0x440, 0},
    {6, SIM_ON_INTEL, 0x200, 0x480, 0},   {7, SIM_ON_INTEL, 0x400, 0x680, 0},
    {8, SIM_ON_INTEL, 0x80, 0, 1},        {9, SIM_ON_ALL, 0x8, 0xA80, 0},
    {10, SIM_ON_INTEL, 0x8, 0, 1},        {11, SIM_ON_INTEL, 0x10, 0, 1},
    {12, SIM_ON_INTEL, 0x18, 0, 1},       {13, SIM_ON_INTEL, 0x8, 0, 1},
    {14, SIM_ON_INTEL, 0x30, 0, 1},       {15, SIM_ON_INTEL, 0x328, 0, 1},
    {16, SIM_ON_INTEL, 0x8, 0, 1},        {17, SIM_ON_INTEL, 0x40, 0xAC0, 0},
    {18, SIM_ON_INTEL, 0x2000, 0xB00, 2}, {19, SIM_ON_AMD, 0x80, 0x3C0, 0},
    {62, SIM_ON_AMD, 0x80, 0x340, 0},
};

enum {
    COMPONENT_COUNT = sizeof components / sizeof components[0],
    AREA_BYTES = 0x240, /* of x87, SSE and the header */
    SUPERVISOR = 1,
    ALIGNED = 2,
    ALIGNMENT = 64
};

#define X87_AND_SSE UINT64_C(0x3)
#define AVX         UINT64_C(0x4)
#define MPX         UINT64_C(0x18)
#define AVX512      UINT64_C(0xE0)
#define AMX         UINT64_C(0x60000)

static bool has(const struct sim_system *system, const struct component *component)
{
    return sim_processor_is_in(system->processor, component->who);
}

/* The bits that XCR0 may have, or those of IA32_XSS. */
static uint64_t supported(const struct sim_system *system, uint32_t kind)
{
    uint64_t mask = kind == SUPERVISOR ? 0 : X87_AND_SSE;

    for (size_t i = 0; i < COMPONENT_COUNT; i++) {
        if (has(system, &components[i]) && (components[i].flags & SUPERVISOR) == kind) {
            mask |= UINT64_C(1) << components[i].bit;
        }
    }
    return mask;
}

static uint32_t standard_size(uint64_t mask)
{
    uint32_t size = AREA_BYTES;

    for (size_t i = 0; i < COMPONENT_COUNT; i++) {
        uint32_t end = components[i].offset + components[i].size;

        if ((mask >> components[i].bit & 1) != 0 && end > size) {
            size = end;
        }
    }
    return size;
}

static uint32_t align(uint32_t size, const struct component *component)
{
    return (component->flags & ALIGNED) != 0 ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT
                                             : size;
}

static uint32_t compacted_size(uint64_t mask)
{
    uint32_t size = AREA_BYTES;

    for (size_t i = 0; i < COMPONENT_COUNT; i++) {
        if ((mask >> components[i].bit & 1) != 0) {
            size = align(size, &components[i]) + components[i].size;
        }
    }
    return size;
}

static struct sim_cpuid about_component(const struct sim_system *system, uint32_t subleaf)
{
    for (size_t i = 0; i < COMPONENT_COUNT; i++) {
        if (components[i].bit == subleaf && has(system, &components[i])) {
            return (struct sim_cpuid){components[i].size, components[i].offset, components[i].flags,
                                      0};
        }
    }
    return (struct sim_cpuid){0};
}

struct sim_cpuid sim_cpuid_state(const struct sim_system *system, uint32_t subleaf)
{
    uint64_t user = supported(system, 0);
    uint64_t supervisor = supported(system, SUPERVISOR);

    switch (subleaf) {
    case 0:
        return (struct sim_cpuid){(uint32_t)user, standard_size(system->xcr0), standard_size(user),
                                  (uint32_t)(user >> 32)};
    case 1:
        if (supervisor == 0) { /* no XSAVEC and no XSAVES */
            return (struct sim_cpuid){0};
        }
        return (struct sim_cpuid){
            0, compacted_size(system->xcr0 | sim_msr_stored(system, SIM_MSR_XSS)),
            (uint32_t)supervisor, (uint32_t)(supervisor >> 32)};
    default:
        return about_component(system, subleaf);
    }
}

static bool is_whole(uint64_t value, uint64_t group)
{
    return (value & group) == 0 || (value & group) == group;
}

const char *sim_cpuid_check_xcr0(const struct sim_system *system, uint64_t value)
{
    if ((value & 1) == 0) {
        return "bit 0 (x87) of XCR0 must be 1";
    }
    if ((value & ~supported(system, 0)) != 0) {
        return "CPUID leaf 0DH does not list all of these components";
    }
    if ((value & AVX) != 0 && (value & X87_AND_SSE) != X87_AND_SSE) {
        return "AVX needs SSE";
    }
    if (!is_whole(value, AVX512) || ((value & AVX512) != 0 && (value & AVX) == 0)) {
        return "the three components of AVX-512 need each other and AVX";
    }
    if (!is_whole(value, MPX)) {
        return "the two components of MPX need each other";
    }
    return is_whole(value, AMX) ? NULL : "the two components of AMX need each other";
}
