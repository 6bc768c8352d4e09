/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Running the claims on the processor.
 */
#ifndef DRYDOCK_KERNEL_CLAIMS_H
#define DRYDOCK_KERNEL_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

/** Run one claim and print its line. The simulator calls this by name, after kinit(). */
void kclaim_run(uint32_t index);

/** Run all claims. @return whether every one of them succeeded or was skipped */
bool kclaims_run_all(void);

#endif
