/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the image reader share.
 */
#ifndef DRYDOCK_SIM_IMAGE_INTERNAL_H
#define DRYDOCK_SIM_IMAGE_INTERNAL_H

#include <elfutils/libdw.h>
#include <libelf.h>

#include "sim/boot/image.h"

/** A symbol of executable code. */
struct image_symbol {
    uint64_t address;
    uint64_t size;    /**< bytes; 0: the assembler did not say */
    uint64_t end;     /**< first address after it; after its section if the size is 0 */
    const char *name; /**< in the file's string table */
};

/** A row of the line table: from this address on, code comes from this line. */
struct image_line {
    uint64_t address;
    const char *file; /**< NULL: from this address on there is no code */
    int number;
};

struct image_lines {
    struct image_line *rows; /**< sorted by address */
    size_t count;
    bool tried; /**< reading them was attempted */
};

struct sim_image {
    char *path;
    char *bytes; /**< the whole file */
    size_t size;
    Elf *elf; /**< NULL: a flat file */
    Dwarf *dwarf;
    enum sim_width width;
    struct sim_image_segment segments[SIM_IMAGE_MAX_SEGMENTS];
    size_t segment_count;
    struct image_symbol *symbols; /**< sorted by address, then size */
    size_t symbol_count;
    struct image_lines lines;
};

/** Whether the file begins as an ELF file does. */
bool image_is_elf(const struct sim_image *image);

/** Check the ELF headers and collect the segments. Returns 0, or -1 with *error set. */
SIM_MUST_CHECK int image_read_elf(struct sim_image *image, struct sim_error *error);

/** Collect the symbols. A file without a symbol table has none. Returns 0, or -1 without memory. */
SIM_MUST_CHECK int image_read_symbols(struct sim_image *image);

#endif
