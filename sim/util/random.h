/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The generator behind RDRAND and RDSEED: SplitMix64, the same sequence for the
 * same seed on every host.
 */
#ifndef DRYDOCK_SIM_RANDOM_H
#define DRYDOCK_SIM_RANDOM_H

#include <stdint.h>

/** The next number; *state is the seed at first. */
static inline uint64_t sim_random_next(uint64_t *state)
{
    uint64_t value = *state += UINT64_C(0x9E3779B97F4A7C15);

    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return value ^ (value >> 31);
}

#endif
