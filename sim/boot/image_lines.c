/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DWARF line table, flattened: a row for every address where the line
 * changes, of all compilation units, sorted. Units are walked one by one
 * because not every compiler writes the index from addresses to units.
 */
#include "sim/boot/image_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At one address the end of a sequence comes before the beginning of the next. */
static int by_address(const void *left, const void *right)
{
    const struct image_line *a = left;
    const struct image_line *b = right;

    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    return (a->file != NULL) - (b->file != NULL);
}

static bool read_row(Dwarf_Line *line, struct image_line *row)
{
    bool ends = false;

    if (line == NULL || dwarf_lineaddr(line, &row->address) != 0 ||
        dwarf_lineno(line, &row->number) != 0 || dwarf_lineendsequence(line, &ends) != 0) {
        return false;
    }
    row->file = ends ? NULL : dwarf_linesrc(line, NULL, NULL);
    return ends || row->file != NULL;
}

/*
 * A row takes at least a byte, so the rows of an image are fewer than its bytes. Hostile units that
 * share one table could have any number of rows together: no more units are read then.
 */
static int add_unit(struct sim_image *image, Dwarf_Die *unit)
{
    struct image_lines *lines = &image->lines;
    Dwarf_Lines *rows = NULL;
    size_t count = 0;
    struct image_line *grown = NULL;

    if (dwarf_getsrclines(unit, &rows, &count) != 0 || count == 0) {
        return 0;
    }
    if (count > image->size - lines->count) {
        return -1;
    }
    grown = realloc(lines->rows, (lines->count + count) * sizeof lines->rows[0]);
    if (grown == NULL) {
        return -1;
    }
    lines->rows = grown;
    for (size_t i = 0; i < count; i++) {
        if (read_row(dwarf_onesrcline(rows, i), &lines->rows[lines->count])) {
            lines->count++;
        }
    }
    return 0;
}

/* Collect the line table, as far as it can be read. */
static void read_lines(struct sim_image *image)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;

    image->lines.tried = true;
    if (image->elf == NULL) {
        return;
    }
    image->dwarf = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
    if (image->dwarf == NULL) {
        return;
    }
    while (dwarf_get_units(image->dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0) {
        if (add_unit(image, &die) != 0) {
            break;
        }
    }
    if (image->lines.count > 0) {
        qsort(image->lines.rows, image->lines.count, sizeof image->lines.rows[0], by_address);
    }
}

void sim_image_find_line(struct sim_image *image, uint64_t address, char *text, size_t size)
{
    const struct image_line *found = NULL;
    const char *name = NULL;

    if (!image->lines.tried) {
        read_lines(image);
    }
    for (size_t i = 0; i < image->lines.count && image->lines.rows[i].address <= address; i++) {
        found = &image->lines.rows[i];
    }
    text[0] = '\0';
    if (found != NULL && found->file != NULL) {
        name = strrchr(found->file, '/');
        (void)snprintf(text, size, "%s:%d", name == NULL ? found->file : name + 1, found->number);
    }
}
