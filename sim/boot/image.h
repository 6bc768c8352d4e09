/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * An image that a machine can run: an ELF executable for i386 or x86-64 with its
 * symbols and its line table, or a flat file that says in a multiboot header
 * where it belongs.
 */
#ifndef DRYDOCK_SIM_IMAGE_H
#define DRYDOCK_SIM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/cpu/cpu.h"
#include "sim/util/error.h"

struct sim_image;

#define SIM_IMAGE_MAX_BYTES    (UINT64_C(256) << 20) /**< a larger file is not an image */
#define SIM_IMAGE_MAX_SEGMENTS 128u                  /**< that load something */

/** Bytes of the file that go to one place in memory, and zeros behind them. */
struct sim_image_segment {
    size_t number;        /**< of its program header, for sentences */
    uint64_t physical;    /**< where it goes */
    uint64_t linear;      /**< where the image's own addresses say it is */
    uint64_t size;        /**< bytes of memory, at least 1 */
    uint64_t file_offset; /**< first byte in the file */
    uint64_t file_size;   /**< bytes that come from the file, at most `size` */
};

/** The descriptor of an ELF note. */
struct sim_image_note {
    const uint8_t *bytes; /**< in the image; any alignment */
    size_t size;
};

/**
 * Read an image and check everything in it that placing it depends on.
 *
 * Executables with fixed addresses (ET_EXEC) and static ones with relative ones (ET_DYN without
 * an interpreter) are taken; the latter are placed where their headers say, and have to relocate
 * themselves. A file that is not ELF is taken if it has a multiboot header with address fields.
 *
 * @param path  a regular file
 * @param[out] error  "PATH: …": not such a file, truncated, nothing to load, impossible sizes
 * @return the image, to be closed with sim_image_close; NULL on failure
 */
struct sim_image *sim_image_open(const char *path, struct sim_error *error);

/** The same for a file in memory, which is copied; @p name is for sentences. */
struct sim_image *sim_image_open_bytes(const char *name, const void *bytes, size_t size,
                                       struct sim_error *error);

/** Free an image. NULL is allowed. */
void sim_image_close(struct sim_image *image);

/** The path or name the image was opened with. */
const char *sim_image_name(const struct sim_image *image);

/** SIM_WIDTH_64 for ELF64; SIM_WIDTH_32 for ELF32 and for a flat file. */
enum sim_width sim_image_width(const struct sim_image *image);

/** All bytes of the file. */
const uint8_t *sim_image_bytes(const struct sim_image *image, size_t *size);

/** What the image loads, in the order of its headers: at least one. */
const struct sim_image_segment *sim_image_segments(const struct sim_image *image, size_t *count);

/**
 * Where execution starts, as a physical address.
 *
 * @param[out] physical  untouched if there is none
 * @return false for a flat file, and if the entry point of the ELF header is in no segment
 */
bool sim_image_entry(const struct sim_image *image, uint64_t *physical);

/**
 * Find a note by its owner and type in the program headers of type PT_NOTE.
 *
 * @param[out] note  valid as long as the image; untouched if there is none
 */
bool sim_image_find_note(const struct sim_image *image, const char *owner, uint32_t type,
                         struct sim_image_note *note);

/**
 * Copy the segments to their physical addresses; the rest of each segment becomes 0.
 *
 * @param lowest  first physical address an image may use
 * @param[out] error  "PATH: segment N …" if one is below @p lowest or beyond RAM
 * @return 0, or -1 with RAM untouched
 */
SIM_MUST_CHECK int sim_image_place(const struct sim_image *image, const struct sim_memory *memory,
                                   uint64_t lowest, struct sim_error *error);

/** Copy one segment that lies in the file and in RAM. */
void sim_image_copy(const struct sim_image *image, const struct sim_image_segment *segment,
                    const struct sim_memory *memory);

/** First physical address, a multiple of 4096, above all segments. */
uint64_t sim_image_end(const struct sim_image *image);

/** Find a symbol of executable code by name; *address is untouched if there is none. */
bool sim_image_find_symbol(const struct sim_image *image, const char *name, uint64_t *address);

/** How many symbols with one name were found: static ones of several files may share it. */
enum sim_image_found {
    SIM_IMAGE_NONE,
    SIM_IMAGE_ONE,     /**< at one address */
    SIM_IMAGE_SEVERAL, /**< at different addresses */
};

/**
 * Find a symbol of executable code, or of code or data, by name.
 *
 * @param[out] linear  its address, as the image's own addresses say; set if there is one
 */
enum sim_image_found sim_image_find_code(const struct sim_image *image, const char *name,
                                         uint64_t *linear);
enum sim_image_found sim_image_find_object(const struct sim_image *image, const char *name,
                                           uint64_t *linear);

/** Where a linear address of the image is in RAM. False, *physical untouched: in no segment. */
bool sim_image_physical(const struct sim_image *image, uint64_t linear, uint64_t *physical);

/** Write "function+0x12" for an address into @p text, "function" at its first byte, or "". */
void sim_image_name_address(const struct sim_image *image, uint64_t address, char *text,
                            size_t size);

/** Write "file.c:123" for an address into @p text, or "". The first call reads the line table. */
void sim_image_find_line(struct sim_image *image, uint64_t address, char *text, size_t size);

#endif
