/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * An executable image: ELF64 for x86-64, its symbols and its line table.
 */
#ifndef DRYDOCK_SIM_IMAGE_H
#define DRYDOCK_SIM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/attributes.h"
#include "sim/cpu.h"
#include "sim/error.h"

struct sim_image;

#define SIM_IMAGE_MAX_BYTES (UINT64_C(256) << 20) /**< a larger file is not an image */

/**
 * Read an image and check everything in it that placing it depends on.
 *
 * @param path  a regular file
 * @param[out] error  "PATH: …": not ELF64 little-endian x86-64 ET_EXEC, truncated, nothing to load
 * @return the image, to be closed with sim_image_close; NULL on failure
 */
struct sim_image *sim_image_open(const char *path, struct sim_error *error);

/** Free an image. NULL is allowed. */
void sim_image_close(struct sim_image *image);

/**
 * Copy the PT_LOAD segments to their physical addresses; the rest of each segment becomes 0.
 *
 * @param lowest  first physical address an image may use
 * @param[out] error  "PATH: segment N …" if one is below @p lowest or beyond RAM
 * @return 0, or -1 with RAM untouched
 */
SIM_MUST_CHECK int sim_image_place(const struct sim_image *image, const struct sim_memory *memory,
                                   uint64_t lowest, struct sim_error *error);

/** First physical address, a multiple of 4096, above all segments. */
uint64_t sim_image_end(const struct sim_image *image);

/** Find a symbol of executable code by name; *address is untouched if there is none. */
bool sim_image_find_symbol(const struct sim_image *image, const char *name, uint64_t *address);

/** Write "function+0x12" for an address into @p text, "function" at its first byte, or "". */
void sim_image_name_address(const struct sim_image *image, uint64_t address, char *text,
                            size_t size);

/** Write "file.c:123" for an address into @p text, or "". The first call reads the line table. */
void sim_image_find_line(struct sim_image *image, uint64_t address, char *text, size_t size);

#endif
