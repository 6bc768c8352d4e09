/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables for the tests of the page walker, typed from [SDM 3A] chapter 4. */
#include "tests/unit/mmu_walk_case.h"

#include <string.h>

static uint8_t ram[0x20000];
const struct sim_memory memory = {.bytes = ram, .size = sizeof ram};
struct sim_cpu cpu;

void set32(uint64_t address, uint32_t value)
{
    memcpy(ram + address, &value, sizeof value);
}

void set64(uint64_t address, uint64_t value)
{
    memcpy(ram + address, &value, sizeof value);
}

uint32_t get32(uint64_t address)
{
    uint32_t value = 0;

    memcpy(&value, ram + address, sizeof value);
    return value;
}

uint64_t get64(uint64_t address)
{
    uint64_t value = 0;

    memcpy(&value, ram + address, sizeof value);
    return value;
}

static const struct {
    uint64_t cr0, cr3, cr4, efer;
    uint64_t linear;
    unsigned int levels;
    uint64_t entries[6]; /* physical address of the entry of each level */
    uint64_t pages[4];   /* what the entry of each level holds if it maps a page */
} modes[] = {
    [SIM_PAGING_OFF] = {0x00000011, 0, 0, 0, 0xC041AB, 0, {0}, {0}},
    [SIM_PAGING_32_BIT] =
        {0x80000011, 0x2018, 0x10, 0, 0xC041AB, 2, {0, 0x1010, 0x200C}, {0, 0x9007, 0x400087}},
    [SIM_PAGING_PAE] = {0x80000011,
                        0x3038,
                        0x20,
                        0x800,
                        0x806041AB,
                        3,
                        {0, 0x1020, 0x2018, 0x3030},
                        {0, 0x9007, 0x200087}},
    [SIM_PAGING_4_LEVEL] = {0x80000011,
                            0x4018,
                            0x20,
                            0xD00,
                            0x80806041AB,
                            4,
                            {0, 0x1020, 0x2018, 0x3010, 0x4008},
                            {0, 0x9007, 0x200087, 0x40000087}},
    [SIM_PAGING_5_LEVEL] = {0x80000011,
                            0x5018,
                            0x1020,
                            0xD00,
                            0x70080806041AB,
                            5,
                            {0, 0x1020, 0x2018, 0x3010, 0x4008, 0x5038},
                            {0, 0x9007, 0x200087, 0x40000087}},
};

static void put(enum sim_paging_mode mode, unsigned int level, uint64_t entry)
{
    if (mode == SIM_PAGING_32_BIT) {
        set32(modes[mode].entries[level], (uint32_t)entry);
    } else {
        set64(modes[mode].entries[level], entry);
    }
}

void walk_case_build(enum sim_paging_mode mode, unsigned int leaf)
{
    memset(ram, 0, sizeof ram);
    cpu = (struct sim_cpu){.cr0 = modes[mode].cr0,
                           .cr3 = modes[mode].cr3,
                           .cr4 = modes[mode].cr4,
                           .efer = modes[mode].efer,
                           .physical_bits = 40};
    for (unsigned int level = modes[mode].levels; level > leaf; level--) {
        bool pdpte = mode == SIM_PAGING_PAE && level == 3;

        put(mode, level, 0x1000 * (level - 1) + (pdpte ? 1 : 7));
    }
    if (leaf > 0) {
        put(mode, leaf, modes[mode].pages[leaf]);
    }
}

uint64_t walk_case_linear(enum sim_paging_mode mode)
{
    return modes[mode].linear;
}

uint64_t walk_case_entry(enum sim_paging_mode mode, unsigned int level)
{
    return modes[mode].entries[level];
}

unsigned int walk_case_levels(enum sim_paging_mode mode)
{
    return modes[mode].levels;
}

static uint64_t get(enum sim_paging_mode mode, unsigned int level)
{
    uint64_t address = modes[mode].entries[level];

    return mode == SIM_PAGING_32_BIT ? get32(address) : get64(address);
}

void walk_case_set_bits(enum sim_paging_mode mode, unsigned int level, uint64_t bits)
{
    put(mode, level, get(mode, level) | bits);
}

void walk_case_clear_bits(enum sim_paging_mode mode, unsigned int level, uint64_t bits)
{
    put(mode, level, get(mode, level) & ~bits);
}

struct sim_walk walk_case_walk(enum sim_access_kind kind, enum sim_access_mode mode)
{
    struct sim_access access = {walk_case_linear(sim_mmu_paging_mode(&cpu)), kind, mode};

    return sim_mmu_walk(&cpu, &memory, access);
}
