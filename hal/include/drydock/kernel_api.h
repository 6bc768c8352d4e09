/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What a kernel must provide to the library: the complete list, but for
 * dd_kernel_exception(), which exception.h declares beside the frame it takes.
 *
 * The library allocates nothing and knows no address-space layout of its own.
 * The kernel that links it defines these functions. Only the paging functions
 * call them. They are called with no lock held by the library.
 */
#ifndef DRYDOCK_KERNEL_API_H
#define DRYDOCK_KERNEL_API_H

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/**
 * Hand out one 4 KiB frame of physical memory that nobody uses.
 *
 * @param[out] frame  physical address of the frame, a multiple of 4096; its contents are undefined
 * @retval DD_OK      *frame is the caller's until dd_kernel_frame_free
 * @retval DD_ENOMEM  none left; *frame untouched
 */
DD_MUST_CHECK enum dd_status dd_kernel_frame_alloc(dd_paddr *frame);

/**
 * Take back a frame from dd_kernel_frame_alloc. Its contents are lost.
 *
 * @param frame  physical address as handed out; no translation through it remains in use
 */
void dd_kernel_frame_free(dd_paddr frame);

/**
 * Where the kernel reads and writes a frame of page tables.
 *
 * @param frame  physical address, a multiple of 4096
 * @return pointer to the 4096 bytes of the frame, or NULL if this address is
 *         not memory the kernel can reach (a corrupt entry points anywhere)
 */
void *dd_kernel_frame_pointer(dd_paddr frame);

#endif
