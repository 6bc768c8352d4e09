/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What the PVH boot protocol tells the kernel. Spec: Xen, public/arch-x86/hvm/start_info.h.
 */
#ifndef DRYDOCK_KERNEL_PVH_H
#define DRYDOCK_KERNEL_PVH_H

#include <stdint.h>

/** Most bytes of a command line, its NUL included. */
#define KPVH_MAX_COMMAND_LINE 256

/** A start info, read and checked. */
struct kpvh {
    char command_line[KPVH_MAX_COMMAND_LINE]; /**< "" if there is none */
    uint64_t rsdp;                            /**< physical address of ACPI's root pointer, or 0 */
    uint64_t free_base; /**< RAM from the first page after the image, below KPHYSICAL_END */
    uint64_t free_end;  /**< first byte after it; both multiples of 4096 */
};

/**
 * Read a start info.
 *
 * @param start_info  its physical address
 * @param image_end   first byte after the image, a multiple of 4096
 * @param[out] boot   filled in on success, untouched on failure
 * @return NULL, or a few words on why the start info is no good
 */
const char *kpvh_read(uint64_t start_info, uint64_t image_end, struct kpvh *boot);

#endif
