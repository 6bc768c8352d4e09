/* SPDX-License-Identifier: MIT */
/*
 * Both instructions may have nothing to give, which they say by CF = 0. RDRAND then
 * succeeds at the next try unless it is broken; RDSEED waits for entropy, which other
 * processors use up too, so it gets a PAUSE between tries. Neither is tried for ever:
 * a kernel that hangs at boot because of it is worse than one that is told.
 */
#include "drydock/random.h"

#include "drydock/arch/insn.h"

enum dd_status dd_random_number(const struct dd_cpu *cpu, uint64_t *value)
{
    uint64_t random = 0;

    if (!dd_cpu_has(cpu, DD_CPU_RDRAND)) {
        return DD_ENOTSUP;
    }
    for (unsigned int i = 0; i < DD_RANDOM_TRIES; i++) {
        if (dd_rdrand(&random)) {
            *value = random;
            return DD_OK;
        }
    }
    return DD_ETIMEOUT;
}

enum dd_status dd_random_seed(const struct dd_cpu *cpu, uint64_t *value)
{
    uint64_t random = 0;

    if (!dd_cpu_has(cpu, DD_CPU_RDSEED)) {
        return DD_ENOTSUP;
    }
    for (unsigned int i = 0; i < DD_RANDOM_TRIES; i++) {
        if (dd_rdseed(&random)) {
            *value = random;
            return DD_OK;
        }
        dd_pause();
    }
    return DD_ETIMEOUT;
}
