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
#include <stdio.h>

#include "sim/util/attributes.h"
#include "sim/pci/dump/dump.h"
#include "sim/util/error.h"
#include "sim/pci/bus/pci_address.h"

#define SIM_DUMP_ROW_BYTES 16u

/** A line without its end and without trailing blanks. */
struct sim_dump_line {
    const char *text;
    size_t length;
    unsigned int number; /**< from 1 */
};

/** What is said about a file; see sim_dump_remark. All zero: nothing yet. */
struct sim_dump_remarks {
    FILE *file; /**< into text */
    char *text;
    size_t length;
    unsigned int count;
    struct sim_error first;
};

/** A place in a text. A copy of it can look ahead. */
struct sim_dump_cursor {
    const char *path; /**< for messages */
    const char *next;
    const char *end;
    unsigned int line;                /**< number of the line before next */
    struct sim_dump_remarks *remarks; /**< where they go; NULL: nobody wants them */
};

/** A hex row. */
struct sim_dump_row {
    unsigned int line;   /**< where it begins */
    unsigned int offset; /**< 0..FFFFh as printed, not checked */
    unsigned int count;  /**< bytes that can be used: 0..16 */
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

/** The Vital Product Data of a function while its text is read. All zero: before the first line. */
struct sim_dump_vpd {
    bool inside;              /**< the lines that come now are about it */
    unsigned int resource_at; /**< where the data of the resource begins, 0: there is none */
    unsigned int field_at;    /**< where the data of the field begins, 0: there is none */
    unsigned int checksum_at; /**< where its checksum will be, 0: nowhere */
    bool checksum_is_good;
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

/** Say what is left out, and in which line, 0: of no line; without a final newline. */
SIM_PRINTF(3, 4)
void sim_dump_remark(const struct sim_dump_cursor *cursor, unsigned int line, const char *format,
                     ...);

/**
 * What was said: lines "PATH:LINE: …", to be freed. The struct is zeroed.
 *
 * @return NULL if nothing was said or there is no memory
 */
char *sim_dump_take_remarks(struct sim_dump_remarks *remarks, const char *path);

/** Where a function is. */
struct sim_pci_address sim_dump_address(const struct sim_dump_function *function);

/** SSSS:BB:DD.F of a function, for messages. */
struct sim_pci_address_text sim_dump_name(const struct sim_dump_function *function);

/** Functions that were read, in any order, an address perhaps more than once. */
struct sim_dump_reading {
    const struct sim_dump_cursor *cursor; /**< for remarks */
    struct sim_dump_function *functions;  /**< from malloc() */
    size_t count;
    enum sim_dump_form form;
};

/**
 * Read the functions of a text.
 *
 * @param cursor        before its first line; what is left out becomes a remark
 * @param[out] reading  at least one function, to be given away; untouched on failure
 * @param[out] error    there is no function to be used: the first remark, or no memory
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_dump_read_functions(const struct sim_dump_cursor *cursor,
                                           struct sim_dump_reading *reading,
                                           struct sim_error *error);

/**
 * Make a dump of functions: sorted by address; of several with the same address the one of which
 * most is known, and remarks for the others.
 *
 * @param reading     its functions are the dump's afterwards, or freed; its remarks are taken
 * @param[out] dump   filled in on success, untouched on failure
 * @param[out] error  no memory
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_dump_give_away(const struct sim_dump_reading *reading, struct sim_dump *dump,
                                      struct sim_error *error);

/** Whether bytes are text: 0, or -1 with "PATH:LINE: …" of a NUL byte. */
SIM_MUST_CHECK int sim_dump_check_text(const char *path, const char *text, size_t size,
                                       struct sim_error *error);

/**
 * The text as lspci printed it, before it was quoted, indented, or written as a mail or HTML.
 *
 * @param[out] length  of the result, not more than @p size; untouched if there is none
 * @return to be freed; NULL: no memory
 */
char *sim_dump_plain(const char *text, size_t size, size_t *length);

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
 * @param cursor      after @p line; moved over the lines the row continues on. What is wrong with
 *                    the row becomes a remark
 * @param line        one that sim_dump_is_row
 */
void sim_dump_read_row(struct sim_dump_cursor *cursor, const struct sim_dump_line *line,
                       struct sim_dump_row *row);

/**
 * Take what a line of verbose text says about a region of a function.
 *
 * @param regions  of this function so far; all zero before its first line
 * @param cursor   after @p line, to see what a mailer wrapped
 */
void sim_dump_read_region(struct sim_dump_regions *regions, struct sim_dump_function *function,
                          const struct sim_dump_cursor *cursor, const struct sim_dump_line *line);

/**
 * Take what a line of verbose text says about Vital Product Data. What cannot be made into bytes
 * becomes a remark, and the function has none.
 *
 * @param cursor  after @p line
 */
void sim_dump_read_vpd(struct sim_dump_vpd *vpd, struct sim_dump_function *function,
                       const struct sim_dump_cursor *cursor, const struct sim_dump_line *line);

/** After the last line. */
void sim_dump_end_vpd(struct sim_dump_vpd *vpd, struct sim_dump_function *function);

/** Give the regions without an index to the BARs that hold their addresses, after the last row. */
void sim_dump_place_regions(const struct sim_dump_regions *regions,
                            struct sim_dump_function *function);

#endif
