/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The header by which an image asks for multiboot. Spec: [Multiboot] 3.1.
 */
#ifndef DRYDOCK_SIM_MULTIBOOT_HEADER_H
#define DRYDOCK_SIM_MULTIBOOT_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/boot/image.h"

/** Bits of the flags that this loader knows. Spec: [Multiboot] 3.1.2. */
enum sim_multiboot_flag {
    SIM_MULTIBOOT_PAGE_ALIGN = 1 << 0, /**< modules on page boundaries */
    SIM_MULTIBOOT_MEMORY = 1 << 1,     /**< memory information is required */
    SIM_MULTIBOOT_VIDEO = 1 << 2,      /**< a video mode is wished for */
    SIM_MULTIBOOT_ADDRESSES = 1 << 16, /**< the address fields are valid */
};

/** The header of an image. */
struct sim_multiboot_header {
    size_t offset; /**< in the file, a multiple of 4, below 8192 */
    uint32_t flags;
    uint32_t header, load, load_end, bss_end, entry; /**< valid with SIM_MULTIBOOT_ADDRESSES */
};

/**
 * Find the header: magic number, flags and a checksum, in the first 8192 bytes of the file.
 *
 * @param[out] header  untouched if there is none
 */
bool sim_multiboot_find(const uint8_t *bytes, size_t size, struct sim_multiboot_header *header);

/** Whether the file has a header of multiboot 2, which is another protocol. */
bool sim_multiboot_2_found(const uint8_t *bytes, size_t size);

/**
 * Which bytes of the file the address fields load, and where.
 *
 * @param size  of the file
 * @param[out] segment  untouched on failure
 * @param[out] error  a sentence without the name of the image
 * @return 0, or -1 if the fields contradict each other or the file
 */
SIM_MUST_CHECK int sim_multiboot_segment(const struct sim_multiboot_header *header, size_t size,
                                         struct sim_image_segment *segment,
                                         struct sim_error *error);

#endif
