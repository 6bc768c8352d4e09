/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A descriptor is 8 bytes: base in bits 39:16 and 63:56, limit in bits 15:0 and
 * 51:48, type and flags between them. With G set the limit counts 4 KiB units.
 * Offsets of a segment run from 0 to its limit, those of an expand-down segment
 * from just above its limit to the end of 64 KiB or 4 GiB. [SDM 3A] 3.4.5.
 */
#include "sim/cpu/segment.h"

#define CR0_PE    (UINT64_C(1) << 0)
#define CR4_LA57  (UINT64_C(1) << 12)
#define EFER_LMA  (UINT64_C(1) << 10)
#define RFLAGS_VM (UINT64_C(1) << 17)

bool sim_cpu_in_real_mode(const struct sim_cpu *cpu)
{
    return (cpu->cr0 & CR0_PE) == 0;
}

bool sim_cpu_in_long_mode(const struct sim_cpu *cpu)
{
    return (cpu->efer & EFER_LMA) != 0;
}

unsigned int sim_cpu_current_privilege(const struct sim_cpu *cpu)
{
    if (sim_cpu_in_real_mode(cpu)) {
        return 0;
    }
    return (cpu->rflags & RFLAGS_VM) != 0 ? 3 : sim_cpu_privilege(cpu);
}

bool sim_cpu_is_canonical(const struct sim_cpu *cpu, uint64_t linear)
{
    unsigned int sign = (cpu->cr4 & CR4_LA57) != 0 ? 56 : 47;
    uint64_t high = linear >> sign;

    return high == 0 || high == UINT64_MAX >> sign;
}

bool sim_segment_find(const struct sim_cpu *cpu, uint16_t selector, uint64_t *address)
{
    bool local = (selector & 4) != 0;
    const struct sim_table *table = local ? &cpu->ldt : &cpu->gdt;

    if ((local && (cpu->ldtr & 0xFFFCu) == 0) || (selector | 7u) > table->limit) {
        return false;
    }
    *address = table->base + (selector & 0xFFF8u);
    return true;
}

struct sim_segment sim_segment_decode(uint64_t address, uint64_t descriptor)
{
    struct sim_segment segment = {
        .address = address,
        .base = (uint32_t)((descriptor >> 16) & 0xFFFFFF) | (uint32_t)(descriptor >> 56) << 24,
        .limit = (uint32_t)(descriptor & 0xFFFF) | (uint32_t)((descriptor >> 32) & 0xF0000),
        .attributes = (uint32_t)(descriptor >> 32),
    };

    if ((segment.attributes & SIM_SEGMENT_GRANULARITY) != 0) {
        segment.limit = segment.limit << 12 | 0xFFF;
    }
    return segment;
}

bool sim_segment_has_room(const struct sim_segment *stack, uint32_t offset, uint32_t size)
{
    uint64_t end = (stack->attributes & SIM_SEGMENT_BIG) != 0 ? UINT32_MAX : UINT16_MAX;
    uint64_t last = (uint64_t)offset + size - 1;

    if ((stack->attributes & SIM_SEGMENT_EXPAND_DOWN) != 0) {
        return offset > stack->limit && last <= end;
    }
    return last <= stack->limit && last <= end;
}

struct sim_segment sim_segment_current_stack(const struct sim_mmu *mmu)
{
    const struct sim_cpu *cpu = mmu->cpu;
    uint32_t big = cpu->stack == SIM_WIDTH_16 ? 0 : SIM_SEGMENT_BIG;
    struct sim_segment flat = {.limit = UINT32_MAX, .attributes = big};
    struct sim_segment segment;
    uint64_t address = 0;
    uint64_t descriptor = 0;

    if (sim_cpu_in_real_mode(cpu)) {
        return (struct sim_segment){.base = (uint32_t)cpu->ss << 4, .limit = UINT16_MAX};
    }
    if ((cpu->ss & 0xFFFCu) == 0 || !sim_segment_find(cpu, cpu->ss, &address) ||
        !sim_mmu_peek(mmu, address, &descriptor, sizeof descriptor)) {
        return flat;
    }
    segment = sim_segment_decode(address, descriptor);
    if (!sim_segment_is_writable_data(&segment)) {
        return flat;
    }
    segment.attributes = (segment.attributes & ~(uint32_t)SIM_SEGMENT_BIG) | big;
    return segment;
}
