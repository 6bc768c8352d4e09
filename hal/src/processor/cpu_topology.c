/* SPDX-License-Identifier: MIT */
/*
 * An APIC ID is three numbers side by side: package, core, thread. How wide each
 * is was told in several ways over time; new processors have leaf 1FH or 0BH, which
 * list the levels with the number of bits to shift away. Before it, only counts
 * were told, and each number takes the bits its count needs, rounded up.
 */
#include "cpu_leaf.h"

enum {
    LEVEL_NONE = 0,
    LEVEL_THREAD = 1,
    LEVELS_MAX = 8 /* the manual defines six kinds of level, none of them twice */
};

/* Bits for the numbers 0 to count - 1. */
static uint8_t bits_for(uint32_t count)
{
    uint8_t bits = 0;

    while (bits < 31 && UINT32_C(1) << bits < count) {
        bits++;
    }
    return bits;
}

/* Leaf 1FH or 0BH; EBX is 0 in a leaf that exists but says nothing. [SDM 2A] CPUID, 0BH, 1FH. */
static bool read_levels(const struct cpu_reader *reader, uint32_t leaf)
{
    struct dd_cpu_topology *topology = &reader->cpu->topology;
    struct dd_cpuid level = dd_cpu_leaf(reader, leaf, 0);

    if ((level.ebx & 0xFFFF) == 0) {
        return false;
    }
    topology->apic_id = level.edx;
    for (uint32_t i = 0; i < LEVELS_MAX && (level.ecx >> 8 & 0xFF) != LEVEL_NONE; i++) {
        topology->package_shift = (uint8_t)(level.eax & 0x1F);
        if ((level.ecx >> 8 & 0xFF) == LEVEL_THREAD) {
            topology->thread_bits = topology->package_shift;
        }
        level = dd_cpu_leaf(reader, leaf, i + 1);
    }
    return true;
}

/* AMD's: 8000001EH gives threads of a core, 80000008H the bits of both. [AMD64 v3] E.4.7, E.4.16. */
static bool read_amd(const struct cpu_reader *reader)
{
    struct dd_cpu_topology *topology = &reader->cpu->topology;
    uint32_t counts = dd_cpu_leaf(reader, 0x80000008, 0).ecx;
    struct dd_cpuid ids = dd_cpu_leaf(reader, 0x8000001E, 0);

    if (reader->cpu->vendor != DD_CPU_VENDOR_AMD && reader->cpu->vendor != DD_CPU_VENDOR_HYGON) {
        return false;
    }
    topology->package_shift = (uint8_t)(counts >> 12 & 0xF);
    if (topology->package_shift == 0) {
        topology->package_shift = bits_for((counts & 0xFF) + 1);
    }
    if (dd_cpu_has(reader->cpu, DD_CPU_TOPOEXT)) {
        topology->apic_id = ids.eax;
        topology->thread_bits = bits_for((ids.ebx >> 8 & 0xFF) + 1);
    }
    return true;
}

/* Leaf 1: logical processors of a package; leaf 4: cores of it. [SDM 3A] 8.9.3, example 8-19. */
static void read_counts(const struct cpu_reader *reader)
{
    struct dd_cpu_topology *topology = &reader->cpu->topology;
    uint32_t threads = dd_cpu_leaf(reader, 1, 0).ebx >> 16 & 0xFF;
    uint8_t core_bits = bits_for((dd_cpu_leaf(reader, 4, 0).eax >> 26) + 1);

    if (!dd_cpu_has(reader->cpu, DD_CPU_HTT)) {
        return;
    }
    topology->package_shift = bits_for(threads);
    if (topology->package_shift > core_bits) {
        topology->thread_bits = (uint8_t)(topology->package_shift - core_bits);
    }
}

static uint32_t low_bits(uint32_t value, unsigned int count)
{
    return value & ((UINT32_C(1) << count) - 1);
}

void dd_cpu_read_topology(const struct cpu_reader *reader)
{
    struct dd_cpu_topology *topology = &reader->cpu->topology;

    topology->apic_id = dd_cpu_leaf(reader, 1, 0).ebx >> 24;
    if (!read_levels(reader, 0x1F) && !read_levels(reader, 0xB) && !read_amd(reader)) {
        read_counts(reader);
    }
    topology->thread_id = low_bits(topology->apic_id, topology->thread_bits);
    topology->core_id =
        low_bits(topology->apic_id, topology->package_shift) >> topology->thread_bits;
    topology->package_id = topology->apic_id >> topology->package_shift;
}
