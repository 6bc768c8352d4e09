/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Frames of physical memory: the kernel's side of drydock/kernel_api.h.
 */
#ifndef DRYDOCK_KERNEL_FRAMES_H
#define DRYDOCK_KERNEL_FRAMES_H

#include <stdint.h>

/** No limit on allocations. */
#define KFRAMES_NO_LIMIT UINT32_MAX

/**
 * Start over with all frames of a range free.
 *
 * @param base, end  physical addresses, multiples of 4096, base <= end; mapped where they are
 */
void kframes_init(uint64_t base, uint64_t end);

/** Let the next @p count allocations succeed and all later ones fail, until the next call. */
void kframes_limit(uint32_t count);

/** Frames handed out and not given back. */
uint64_t kframes_in_use(void);

#endif
