/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump: from lines to functions.
 *
 * Every line is a slot line, a row or text. A slot line begins a function, rows
 * fill it in, text may tell sizes of regions; nothing else of it matters. What is
 * damaged is left out with a remark; the functions are given away when there is
 * one that can be used.
 *
 * A hostile file can have a slot line every 8 bytes, and a function takes about
 * 10 KiB here. What keeps memory bounded is that a function without its IDs leaves
 * its place to the next one, and that there is a limit to their number.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/dump/dump_text.h"
#include "sim/pci/text/text_parser.h"

#define HEADER_ROWS 4u

/* What happens to the next row. */
enum rows {
    ROWS_WITHOUT_SLOT, /* it is the first line of something that is not used */
    ROWS_SKIPPED,
    ROWS_USED,
};

/* The file so far. */
struct reader {
    struct sim_dump_cursor cursor;
    struct sim_dump_function *functions; /* in the order of the file */
    size_t count, capacity;
    bool open; /* functions[count] is being read */
    enum rows rows;
    struct sim_dump_regions regions; /* of the function that is being read */
    struct sim_dump_vpd vpd;         /* of it, too */
    unsigned int row_end;            /* last line of its last row, 0: it has no row yet */
    unsigned int next_row;           /* offset of the row that comes after that */
    const char *text, *text_end;     /* of that function, after its address */
    bool has_text;                   /* a function was made of it */
    bool wrapped;                    /* a row was in several lines */
};

/* Whether enough of a function is known to make one of it: its IDs, class and header type. */
static bool has_identity(const struct sim_dump_function *function)
{
    static const uint8_t needed[16] = {[0x00] = 0xFF, [0x01] = 0xFF, [0x02] = 0xFF, [0x03] = 0xFF,
                                       [0x0A] = 0xFF, [0x0B] = 0xFF, [0x0E] = 0x7F};

    for (unsigned int i = 0; i < sizeof needed; i++) {
        if ((function->known[i] & needed[i]) != needed[i]) {
            return false;
        }
    }
    return true;
}

/* Make registers of the verbose text of a function without rows. */
static void read_verbose_text(struct reader *reader, struct sim_dump_function *function)
{
    bool first = !reader->has_text;

    if (!sim_text_read_function(&reader->cursor, function, sim_text_names_installed(), reader->text,
                                reader->text_end)) {
        sim_dump_remark(&reader->cursor, function->line,
                        "no hexadecimal rows and no verbose text for %s (lspci -x or -vv prints "
                        "them)",
                        sim_dump_name(function).text);
        return;
    }
    reader->has_text = true;
    if (first) {
        sim_dump_remark(
            &reader->cursor, function->line,
            "no hexadecimal rows for %s: made of its verbose text, as all others without "
            "rows; what that does not say reads as 0",
            sim_dump_name(function).text);
    }
    sim_dump_place_regions(&reader->regions, function);
    reader->count++;
}

/* The function being read has got all its lines; it stays if it can be used. */
static void finish_function(struct reader *reader)
{
    const struct sim_dump_cursor *cursor = &reader->cursor;
    struct sim_dump_function *function = NULL;

    if (!reader->open) {
        return;
    }
    reader->open = false;
    function = &reader->functions[reader->count];
    sim_dump_end_vpd(&reader->vpd, function);
    if (function->known_size == 0) {
        read_verbose_text(reader, function);
        return;
    }
    for (unsigned int row = 0; row < HEADER_ROWS; row++) {
        if (function->row_line[row] == 0) {
            sim_dump_remark(cursor, function->line, "row %02x of %s is missing",
                            row * SIM_DUMP_ROW_BYTES, sim_dump_name(function).text);
        }
    }
    if (!has_identity(function)) {
        sim_dump_remark(cursor, function->line,
                        "%s is left out: its IDs, class or header type are not there",
                        sim_dump_name(function).text);
        return;
    }
    sim_dump_place_regions(&reader->regions, function);
    reader->count++;
}

/* Make room for one function more. */
static int grow(struct reader *reader, struct sim_error *error)
{
    size_t capacity = reader->capacity == 0 ? 4 : 2 * reader->capacity;
    struct sim_dump_function *larger = NULL;

    if (reader->count < reader->capacity) {
        return 0;
    }
    larger = reallocarray(reader->functions, capacity, sizeof *larger);
    if (larger == NULL) {
        return sim_error_set(error, "%s: out of memory", reader->cursor.path);
    }
    reader->functions = larger;
    reader->capacity = capacity;
    return 0;
}

/* What a slot line says after the address. */
static const char *after_address(const struct sim_dump_line *line)
{
    const char *at = line->text;

    while (at < line->text + line->length && *at != ' ' && *at != '\t') {
        at++;
    }
    return at;
}

static int begin_function(struct reader *reader, const struct sim_dump_line *line,
                          struct sim_pci_address address, struct sim_error *error)
{
    finish_function(reader);
    reader->rows = ROWS_SKIPPED;
    if (address.device > 0x1F || address.function > 7) {
        sim_dump_remark(&reader->cursor, line->number,
                        "there is no slot %02x.%x: devices are 00..1f, functions 0..7",
                        address.device, address.function);
        return 0;
    }
    if (reader->count == SIM_DUMP_MAX_FUNCTIONS) {
        sim_dump_remark(&reader->cursor, line->number, "more than %u functions",
                        SIM_DUMP_MAX_FUNCTIONS);
        return 0;
    }
    if (grow(reader, error) != 0) {
        return -1;
    }
    reader->functions[reader->count] = (struct sim_dump_function){
        .segment = address.segment,
        .bus = address.bus,
        .device = address.device,
        .function = address.function,
        .line = line->number,
    };
    reader->open = true;
    reader->regions = (struct sim_dump_regions){.count = 0};
    reader->vpd = (struct sim_dump_vpd){.inside = false};
    reader->text = after_address(line);
    reader->row_end = 0;
    reader->rows = ROWS_USED;
    return 0;
}

static void store_row(struct sim_dump_function *function, const struct sim_dump_row *row)
{
    unsigned int end = row->offset + row->count;

    memcpy(&function->bytes[row->offset], row->bytes, row->count);
    memset(&function->known[row->offset], 0xFF, row->count);
    function->row_line[row->offset / SIM_DUMP_ROW_BYTES] = row->line;
    function->known_size = end > function->known_size ? end : function->known_size;
}

/* Whether a row has a place in the function that is being read. */
static bool has_place(struct reader *reader, const struct sim_dump_row *row)
{
    const struct sim_dump_cursor *cursor = &reader->cursor;
    const struct sim_dump_function *function = &reader->functions[reader->count];
    unsigned int before = 0;

    if (row->offset >= SIM_CONFIG_SIZE) {
        sim_dump_remark(cursor, row->line, "row %x is past the end of configuration space",
                        row->offset);
        return false;
    }
    if (row->offset % SIM_DUMP_ROW_BYTES != 0) {
        sim_dump_remark(cursor, row->line, "row %02x does not begin at a multiple of 16",
                        row->offset);
        return false;
    }
    before = function->row_line[row->offset / SIM_DUMP_ROW_BYTES];
    if (before != 0) {
        sim_dump_remark(cursor, row->line,
                        "row %02x of %s was there before, in line %u: a slot line is missing; "
                        "left out up to the next",
                        row->offset, sim_dump_name(function).text, before);
        reader->rows = ROWS_SKIPPED;
        return false;
    }
    return true;
}

static void read_row(struct reader *reader, const struct sim_dump_line *line)
{
    struct sim_dump_row row;

    if (reader->rows == ROWS_WITHOUT_SLOT) {
        sim_dump_remark(&reader->cursor, line->number,
                        "a hexadecimal row, but no slot line before it");
        reader->rows = ROWS_SKIPPED;
    }
    if (reader->rows == ROWS_SKIPPED) {
        return;
    }
    sim_dump_read_row(&reader->cursor, line, &row);
    reader->wrapped = reader->wrapped || reader->cursor.line > line->number;
    if (has_place(reader, &row)) {
        store_row(&reader->functions[reader->count], &row);
        reader->row_end = reader->cursor.line;
        reader->next_row = row.offset + SIM_DUMP_ROW_BYTES;
    }
}

/* Offset of the row a line must be if it begins like one: only right after another row. */
static unsigned int expected_offset(const struct reader *reader, const struct sim_dump_line *line)
{
    return reader->row_end != 0 && reader->row_end + 1 == line->number ? reader->next_row
                                                                       : UINT_MAX;
}

static int read_line(struct reader *reader, const struct sim_dump_line *line,
                     struct sim_error *error)
{
    struct sim_pci_address address;

    reader->text_end = line->text;
    if (sim_dump_parse_slot(line, &address)) {
        return begin_function(reader, line, address, error);
    }
    if (sim_dump_is_row(line, expected_offset(reader, line))) {
        read_row(reader, line);
    } else if (reader->open && reader->row_end == 0 && line->length > 0) {
        sim_dump_read_region(&reader->regions, &reader->functions[reader->count], &reader->cursor,
                             line);
        sim_dump_read_vpd(&reader->vpd, &reader->functions[reader->count], &reader->cursor, line);
    }
    return 0;
}

static int read_lines(struct reader *reader, struct sim_error *error)
{
    struct sim_dump_line line;

    while (sim_dump_next_line(&reader->cursor, &line)) {
        if (read_line(reader, &line, error) != 0) {
            return -1;
        }
    }
    reader->text_end = reader->cursor.end;
    finish_function(reader);
    if (reader->count > 0) {
        return 0;
    }
    if (reader->cursor.remarks->count > 0) {
        *error = reader->cursor.remarks->first;
        return -1;
    }
    return sim_error_set(error, "%s:1: no PCI function in it: not the output of lspci",
                         reader->cursor.path);
}

int sim_dump_read_functions(const struct sim_dump_cursor *cursor, struct sim_dump_reading *reading,
                            struct sim_error *error)
{
    struct reader reader = {.cursor = *cursor};
    int status = read_lines(&reader, error);

    if (status != 0) {
        free(reader.functions);
        return -1;
    }
    *reading = (struct sim_dump_reading){cursor, reader.functions, reader.count,
                                         reader.wrapped ? SIM_DUMP_WRAPPED : SIM_DUMP_LSPCI};
    return 0;
}
