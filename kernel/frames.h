/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Frames of physical memory, and what the library is told about them.
 */
#ifndef DRYDOCK_KERNEL_FRAMES_H
#define DRYDOCK_KERNEL_FRAMES_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/paging_memory.h"
#include "drydock/status.h"

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

/** How the library gets, gives back and reaches frames. */
extern const struct dd_paging_memory kframes_memory;

/**
 * Hand out one frame; its contents are undefined.
 *
 * @param context     not used
 * @param[out] frame  physical address, a multiple of 4096
 * @retval DD_OK      *frame is the caller's until kframe_free()
 * @retval DD_ENOMEM  none left; *frame untouched
 */
enum dd_status kframe_alloc(void *context, dd_paddr *frame);

/** Take back a frame from kframe_alloc(). @p context is not used. */
void kframe_free(void *context, dd_paddr frame);

/** Where a frame from kframe_alloc() is, or NULL if it is none. */
void *kframe_pointer(dd_paddr frame);

/** Frames handed out and not given back. */
uint64_t kframes_in_use(void);

#endif
