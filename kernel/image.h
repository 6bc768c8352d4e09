/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Where the image lies in memory; link.ld defines these symbols. Only their addresses mean
 * something. Each is a multiple of 4096 and ends the part before it.
 */
#ifndef DRYDOCK_KERNEL_IMAGE_H
#define DRYDOCK_KERNEL_IMAGE_H

extern const char kimage_text[];   /**< code */
extern const char kimage_rodata[]; /**< constants */
extern const char kimage_data[];   /**< variables */
extern const char kimage_end[];    /**< first byte that is not the image's */

#endif
