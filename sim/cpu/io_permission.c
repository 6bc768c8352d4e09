/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code with CPL <= IOPL may use all ports. Other code needs a 0 for each port in
 * the bit map, which begins in the TSS at the offset its last field says. Two
 * bytes are read for each access, so the map ends with a byte of ones; whatever
 * is beyond the limit counts as ones.
 */
#include "sim/cpu/io_permission.h"

enum {
    MAP_BASE_FIELD = 0x66 /* of 32-bit and 64-bit TSS. [SDM 3A] figures 8-2, 8-11 */
};

bool sim_io_is_permitted(const struct sim_mmu *mmu, uint16_t port, unsigned int width)
{
    const struct sim_cpu *cpu = mmu->cpu;
    unsigned int level = (unsigned int)(cpu->rflags >> 12) & 3u;
    uint16_t base = 0;
    uint8_t map[2];
    uint64_t at = 0;

    if ((cpu->cr0 & 1) == 0 || sim_cpu_privilege(cpu) <= level) {
        return true;
    }
    if (cpu->tss.limit < MAP_BASE_FIELD + 1 ||
        !sim_mmu_peek(mmu, cpu->tss.base + MAP_BASE_FIELD, &base, sizeof base)) {
        return false;
    }
    at = (uint64_t)base + port / 8u;
    if (at + 1 > cpu->tss.limit || !sim_mmu_peek(mmu, cpu->tss.base + at, map, sizeof map)) {
        return false;
    }
    return (((map[0] | (unsigned int)map[1] << 8) >> (port % 8u)) & ((1u << width) - 1u)) == 0;
}
