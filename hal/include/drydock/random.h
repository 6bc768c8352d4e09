/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Random numbers of the processor: RDRAND and RDSEED, tried again a few times.
 */
#ifndef DRYDOCK_RANDOM_H
#define DRYDOCK_RANDOM_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/cpu.h"
#include "drydock/status.h"

/** Tries before a source counts as failed. Spec: [SDM 1] 7.3.17.1. */
#define DD_RANDOM_TRIES 10u

/**
 * 64 bits of the processor's random number generator; any of them can be used as fewer.
 *
 * @param cpu         the processor
 * @param[out] value  untouched on failure
 * @retval DD_OK       *value is random
 * @retval DD_ENOTSUP  the processor has no RDRAND
 * @retval DD_ETIMEOUT it failed DD_RANDOM_TRIES times in a row
 *
 * Spec: [SDM 1] 7.3.17.1.
 */
DD_MUST_CHECK enum dd_status dd_random_number(const struct dd_cpu *cpu, uint64_t *value);

/**
 * 64 bits of its entropy source, for the seed of another generator.
 *
 * @param cpu         the processor
 * @param[out] value  untouched on failure
 * @retval DD_OK       *value is random
 * @retval DD_ENOTSUP  the processor has no RDSEED
 * @retval DD_ETIMEOUT it had nothing DD_RANDOM_TRIES times, with PAUSE in between: try later
 *
 * Spec: [SDM 1] 7.3.17.2.
 */
DD_MUST_CHECK enum dd_status dd_random_seed(const struct dd_cpu *cpu, uint64_t *value);

#endif
