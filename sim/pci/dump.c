/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump: from lines to functions.
 *
 * Every line is a slot line, a row or text. A slot line begins a function, rows
 * fill it in, text may tell sizes of regions; nothing else of it matters. The
 * functions are collected in an array of the reader's own and given away only
 * when all of the file was good.
 *
 * A hostile file can have a slot line every 8 bytes, and a function takes about
 * 6 KiB here. What keeps memory bounded is that a function is only followed by
 * another when it has its header, and that there is a limit to their number.
 */
#include "sim/pci/dump.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/dump_text.h"

#define HEADER_ROWS 4u

/* The file so far. */
struct reader {
    struct sim_dump_cursor cursor;
    struct sim_dump_function *functions; /* in the order of the file; the last one is being read */
    size_t count, capacity;
    struct sim_dump_regions regions; /* of the last function */
    unsigned int row_end;            /* last line of its last row, 0: it has no row yet */
};

static struct sim_pci_address address_of(const struct sim_dump_function *function)
{
    return (struct sim_pci_address){function->segment, function->bus, function->device,
                                    function->function};
}

/* SSSS:BB:DD.F of a function, for messages. */
static struct sim_pci_address_text name_of(const struct sim_dump_function *function)
{
    return sim_pci_address_text(address_of(function), SIM_PCI_SEGMENTS_SHOWN);
}

/* The function being read has got all its lines. */
static int finish_function(struct reader *reader, struct sim_error *error)
{
    struct sim_dump_function *function = NULL;

    if (reader->count == 0) {
        return 0;
    }
    function = &reader->functions[reader->count - 1];
    if (function->known_size == 0) {
        return sim_error_set(error, "%s:%u: no hexadecimal rows for %s (lspci -x prints them)",
                             reader->cursor.path, function->line, name_of(function).text);
    }
    for (unsigned int row = 0; row < HEADER_ROWS; row++) {
        if (function->row_line[row] == 0) {
            return sim_error_set(error, "%s:%u: row %02x of %s is missing", reader->cursor.path,
                                 function->line, row * SIM_DUMP_ROW_BYTES, name_of(function).text);
        }
    }
    sim_dump_place_regions(&reader->regions, function);
    return 0;
}

/* Make room for one function more. */
static int grow(struct reader *reader, unsigned int line, struct sim_error *error)
{
    size_t capacity = reader->capacity == 0 ? 16 : 2 * reader->capacity;
    struct sim_dump_function *larger = NULL;

    if (reader->count < reader->capacity) {
        return 0;
    }
    if (reader->count == SIM_DUMP_MAX_FUNCTIONS) {
        return sim_error_set(error, "%s:%u: more than %u functions", reader->cursor.path, line,
                             SIM_DUMP_MAX_FUNCTIONS);
    }
    larger = reallocarray(reader->functions, capacity, sizeof *larger);
    if (larger == NULL) {
        return sim_error_set(error, "%s:%u: out of memory", reader->cursor.path, line);
    }
    reader->functions = larger;
    reader->capacity = capacity;
    return 0;
}

static int begin_function(struct reader *reader, const struct sim_dump_line *line,
                          struct sim_pci_address address, struct sim_error *error)
{
    if (finish_function(reader, error) != 0) {
        return -1;
    }
    if (address.device > 0x1F || address.function > 7) {
        return sim_error_set(error,
                             "%s:%u: there is no slot %02x.%x: devices are 00..1f, "
                             "functions 0..7",
                             reader->cursor.path, line->number, address.device, address.function);
    }
    if (grow(reader, line->number, error) != 0) {
        return -1;
    }
    reader->functions[reader->count++] = (struct sim_dump_function){
        .segment = address.segment,
        .bus = address.bus,
        .device = address.device,
        .function = address.function,
        .line = line->number,
    };
    reader->regions = (struct sim_dump_regions){.count = 0};
    reader->row_end = 0;
    return 0;
}

static void store_row(struct sim_dump_function *function, const struct sim_dump_row *row)
{
    memcpy(&function->bytes[row->offset], row->bytes, SIM_DUMP_ROW_BYTES);
    memset(&function->known[row->offset / 8], 0xFF, SIM_DUMP_ROW_BYTES / 8);
    function->row_line[row->offset / SIM_DUMP_ROW_BYTES] = row->line;
    function->known_size = row->offset + SIM_DUMP_ROW_BYTES;
}

static int read_row(struct reader *reader, const struct sim_dump_line *line,
                    struct sim_error *error)
{
    const char *path = reader->cursor.path;
    struct sim_dump_function *function = NULL;
    struct sim_dump_row row;

    if (reader->count == 0) {
        return sim_error_set(error, "%s:%u: a hexadecimal row, but no slot line before it", path,
                             line->number);
    }
    function = &reader->functions[reader->count - 1];
    if (sim_dump_read_row(&reader->cursor, line, &row, error) != 0) {
        return -1;
    }
    if (row.offset >= SIM_CONFIG_SIZE) {
        return sim_error_set(error, "%s:%u: row %x is past the end of configuration space", path,
                             line->number, row.offset);
    }
    if (row.offset % SIM_DUMP_ROW_BYTES != 0) {
        return sim_error_set(error, "%s:%u: row %02x does not begin at a multiple of 16", path,
                             line->number, row.offset);
    }
    if (row.offset < function->known_size) {
        return sim_error_set(error,
                             "%s:%u: row %02x of %s after row %02x: out of order, or a slot line "
                             "is missing",
                             path, line->number, row.offset, name_of(function).text,
                             function->known_size - SIM_DUMP_ROW_BYTES);
    }
    store_row(function, &row);
    reader->row_end = reader->cursor.line;
    return 0;
}

/* Offset of the row a line must be if it begins like one: only right after another row. */
static unsigned int expected_offset(const struct reader *reader, const struct sim_dump_line *line)
{
    return reader->row_end != 0 && reader->row_end + 1 == line->number
               ? reader->functions[reader->count - 1].known_size
               : UINT_MAX;
}

static int read_lines(struct reader *reader, struct sim_error *error)
{
    struct sim_dump_line line;
    struct sim_pci_address address;

    while (sim_dump_next_line(&reader->cursor, &line)) {
        int status = 0;

        if (sim_dump_parse_slot(&line, &address)) {
            status = begin_function(reader, &line, address, error);
        } else if (sim_dump_is_row(&line, expected_offset(reader, &line))) {
            status = read_row(reader, &line, error);
        } else if (reader->count > 0 && line.length > 0) {
            sim_dump_read_region(&reader->regions, &reader->functions[reader->count - 1],
                                 &reader->cursor, &line);
        }
        if (status != 0) {
            return status;
        }
    }
    if (reader->count == 0) {
        return sim_error_set(error, "%s:1: no PCI function in it: not the output of lspci",
                             reader->cursor.path);
    }
    return finish_function(reader, error);
}

/* By address; the same function twice in the order of the file. */
static int compare_functions(const void *left, const void *right)
{
    const struct sim_dump_function *one = left;
    const struct sim_dump_function *other = right;
    int order = sim_pci_address_compare(address_of(one), address_of(other));

    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

static int sort_functions(struct reader *reader, struct sim_error *error)
{
    struct sim_dump_function *functions = reader->functions;

    qsort(functions, reader->count, sizeof *functions, compare_functions);
    for (size_t i = 1; i < reader->count; i++) {
        if (sim_pci_address_compare(address_of(&functions[i - 1]), address_of(&functions[i])) ==
            0) {
            return sim_error_set(error, "%s:%u: %s was there before, in line %u",
                                 reader->cursor.path, functions[i].line,
                                 name_of(&functions[i]).text, functions[i - 1].line);
        }
    }
    return 0;
}

int sim_dump_read_text(const char *name, const char *text, size_t size, struct sim_dump *dump,
                       struct sim_error *error)
{
    struct reader reader = {.cursor = sim_dump_first_line(name, text, size)};
    char *copy = NULL;
    int status = sim_dump_check_text(name, text, size, error);

    if (status == 0) {
        status = read_lines(&reader, error);
    }
    if (status == 0) {
        status = sort_functions(&reader, error);
    }
    copy = status == 0 ? strdup(name) : NULL;
    if (status == 0 && copy == NULL) {
        status = sim_error_set(error, "%s: out of memory", name);
    }
    if (status != 0) {
        free(reader.functions);
        return status;
    }
    *dump = (struct sim_dump){copy, reader.functions, reader.count};
    return 0;
}

int sim_dump_read(const char *path, struct sim_dump *dump, struct sim_error *error)
{
    char *text = NULL;
    size_t size = 0;
    int status = sim_dump_load(path, &text, &size, error);

    if (status == 0) {
        status = sim_dump_read_text(path, text, size, dump, error);
        free(text);
    }
    return status;
}

void sim_dump_free(struct sim_dump *dump)
{
    free(dump->path);
    free(dump->functions);
    *dump = (struct sim_dump){.count = 0};
}

bool sim_dump_knows(const struct sim_dump_function *function, unsigned int offset)
{
    return offset < SIM_CONFIG_SIZE && (function->known[offset / 8] & 1u << offset % 8) != 0;
}

static int compare_address(const void *address, const void *function)
{
    return sim_pci_address_compare(*(const struct sim_pci_address *)address, address_of(function));
}

const struct sim_dump_function *sim_dump_find(const struct sim_dump *dump, uint32_t segment,
                                              uint8_t bus, uint8_t device, uint8_t function)
{
    struct sim_pci_address address = {segment, bus, device, function};

    return bsearch(&address, dump->functions, dump->count, sizeof *dump->functions,
                   compare_address);
}
