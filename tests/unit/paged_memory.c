/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See paged_memory.h. Entries are typed from [SDM 3A] figure 4-11. */
#include "tests/unit/paged_memory.h"

#include <string.h>

static uint8_t ram[0x200000];

struct sim_cpu paged_cpu;
struct sim_memory paged_memory = {.bytes = ram, .size = sizeof ram};
const struct sim_mmu paged_mmu = {&paged_cpu, &paged_memory};

uint64_t paged_peek(uint64_t physical)
{
    uint64_t value = 0;

    memcpy(&value, ram + physical, sizeof value);
    return value;
}

void paged_poke(uint64_t physical, uint64_t value)
{
    memcpy(ram + physical, &value, sizeof value);
}

void paged_poke_pair(uint64_t physical, uint64_t low, uint64_t high)
{
    paged_poke(physical, low);
    paged_poke(physical + 8, high);
}

void paged_set_entry(uint64_t linear, uint64_t entry)
{
    paged_poke(PAGED_PT + linear / 4096 * 8, entry);
}

void paged_open(void)
{
    memset(ram, 0, sizeof ram);
    paged_cpu = (struct sim_cpu){.cr0 = 0x80010001,
                                 .cr3 = PAGED_PML4,
                                 .cr4 = 0x20,
                                 .efer = 0xD00,
                                 .rflags = 0x2,
                                 .cs = 0x08,
                                 .ss = 0x10,
                                 .code = SIM_WIDTH_64,
                                 .stack = SIM_WIDTH_64,
                                 .physical_bits = 40};
    paged_poke(PAGED_PML4, PAGED_PDPT | 3);
    paged_poke(PAGED_PDPT, PAGED_PD | 3);
    paged_poke(PAGED_PD, PAGED_PT | 3);
    for (uint64_t page = 0; page < sizeof ram; page += 4096) {
        paged_set_entry(page, page | 3);
    }
}
