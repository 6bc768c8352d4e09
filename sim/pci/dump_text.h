/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The parts of the reader of dumps; only dump*.c include this. See dump.h for the format.
 *
 * A line is a slice of the file's text and is not terminated; it is valid as long as the text.
 */
#ifndef DRYDOCK_SIM_DUMP_TEXT_H
#define DRYDOCK_SIM_DUMP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/pci/dump.h"
#include "sim/util/error.h"
#include "sim/pci/pci_address.h"

#define SIM_DUMP_ROW_BYTES 16u

/** A line without its end and without trailing blanks. */
struct sim_dump_line {
    const char *text;
    size_t length;
    unsigned int number; /**< from 1 */
};

/** A place in a text. A copy of it can look ahead. */
struct sim_dump_cursor {
    const char *path; /**< for messages */
    const char *next;
    const char *end;
    unsigned int line; /**< number of the line before next */
};

/** A hex row. */
struct sim_dump_row {
    unsigned int line;   /**< where it begins */
    unsigned int offset; /**< 0..FFFFh as printed, not checked */
    uint8_t bytes[SIM_DUMP_ROW_BYTES];
};

/** What a line of verbose text says about a region. */
struct sim_dump_region {
    enum sim_dump_region_kind {
        SIM_DUMP_REGION_IO,
        SIM_DUMP_REGION_MEMORY,
        SIM_DUMP_REGION_ROM,
    } kind;
    bool has_index;
    unsigned int index; /**< 0..5, if has_index */
    uint64_t address;   /**< 0: the text says none */
    struct sim_dump_bar bar;
};

/** What the verbose text of one function says about regions without giving their index. */
struct sim_dump_regions {
    struct sim_dump_region unnumbered[SIM_DUMP_BARS - 1];
    unsigned int count;
    bool ended; /**< capabilities have begun: their regions are not the function's */
};

/**
 * Read a whole file.
 *
 * @param[out] text   the bytes, to be freed by the caller; untouched on failure
 * @param[out] size   their number, 0..SIM_DUMP_MAX_BYTES; untouched on failure
 * @param[out] error  on failure "PATH: …"
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_dump_load(const char *path, char **text, size_t *size,
                                 struct sim_error *error);

/** Whether bytes are text: 0, or -1 with "PATH:LINE: …" of a NUL byte. */
SIM_MUST_CHECK int sim_dump_check_text(const char *path, const char *text, size_t size,
                                       struct sim_error *error);

/** A cursor at the first line of a text; a UTF-8 byte order mark is skipped. */
struct sim_dump_cursor sim_dump_first_line(const char *path, const char *text, size_t size);

/** Take the next line; false at the end of the text, and @p line is then untouched. */
bool sim_dump_next_line(struct sim_dump_cursor *cursor, struct sim_dump_line *line);

/** Whether the character at an index is a hexadecimal digit; false past the end of the line. */
bool sim_dump_is_digit(const struct sim_dump_line *line, size_t index);

/** The value of @p count hexadecimal digits from @p index, which must all be there; count 1..8. */
uint32_t sim_dump_number(const struct sim_dump_line *line, size_t index, size_t count);

/**
 * Whether a line is a slot line.
 *
 * @param[out] address  as printed: the device may be up to FFh, the function up to Fh; untouched
 *                      if it is not a slot line
 */
bool sim_dump_parse_slot(const struct sim_dump_line *line, struct sim_pci_address *address);

/**
 * Whether a line is a hex row, or was meant to be one.
 *
 * @param expected  offset of the row that must come here if one comes, or UINT_MAX: a line with
 *                  that offset is a row whatever follows; elsewhere, more than half of what follows
 *                  the offset must be bytes of two digits
 */
bool sim_dump_is_row(const struct sim_dump_line *line, unsigned int expected);

/**
 * Read a row.
 *
 * @param cursor      after @p line; moved over the lines the row continues on
 * @param line        one that sim_dump_is_row
 * @param[out] row    untouched on failure
 * @param[out] error  on failure "PATH:LINE: …" of @p line
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_dump_read_row(struct sim_dump_cursor *cursor,
                                     const struct sim_dump_line *line, struct sim_dump_row *row,
                                     struct sim_error *error);

/**
 * Take what a line of verbose text says about a region of a function.
 *
 * @param regions  of this function so far; all zero before its first line
 * @param cursor   after @p line, to see what a mailer wrapped
 */
void sim_dump_read_region(struct sim_dump_regions *regions, struct sim_dump_function *function,
                          const struct sim_dump_cursor *cursor, const struct sim_dump_line *line);

/** Give the regions without an index to the BARs that hold their addresses, after the last row. */
void sim_dump_place_regions(const struct sim_dump_regions *regions,
                            struct sim_dump_function *function);

#endif
