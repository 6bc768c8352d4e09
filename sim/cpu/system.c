/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * State after power-up or reset. [SDM 3A] table 9-1: reserved bits of DR6 and
 * DR7 read as fixed ones, XCR0 has only x87, MSRs as msr.def says.
 */
#include "sim/cpu/system.h"

#include "sim/cpu/msr.h"

void sim_system_init(struct sim_system *system, enum sim_processor processor, uint64_t seed,
                     const struct sim_clock *clock)
{
    *system = (struct sim_system){
        .processor = processor,
        .dr6 = 0xFFFF0FF0,
        .dr7 = 0x400,
        .xcr0 = 1,
        .random = seed,
        .clock = clock,
    };
    sim_msr_reset(system);
}
