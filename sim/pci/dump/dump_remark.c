/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the reader of a dump leaves out, in sentences with file and line. A hostile
 * file can be wrong in every line, so only the first ones are kept and the others
 * are counted.
 */
#include "sim/pci/dump/dump_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_REMARKS 100u

static void write_remark(struct sim_dump_remarks *remarks, const char *sentence)
{
    if (remarks->file == NULL) {
        remarks->file = open_memstream(&remarks->text, &remarks->length);
    }
    if (remarks->file != NULL) {
        (void)fprintf(remarks->file, "%s\n", sentence);
    }
}

void sim_dump_remark(const struct sim_dump_cursor *cursor, unsigned int line, const char *format,
                     ...)
{
    struct sim_dump_remarks *remarks = cursor->remarks;
    struct sim_error what;
    struct sim_error remark;
    va_list arguments;

    if (remarks == NULL || ++remarks->count > MAX_REMARKS) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(what.text, sizeof what.text, format, arguments);
    va_end(arguments);
    if (line == 0) {
        (void)sim_error_set(&remark, "%s: %s", cursor->path, what.text);
    } else {
        (void)sim_error_set(&remark, "%s:%u: %s", cursor->path, line, what.text);
    }
    if (remarks->count == 1) {
        remarks->first = remark;
    }
    write_remark(remarks, remark.text);
}

char *sim_dump_take_remarks(struct sim_dump_remarks *remarks, const char *path)
{
    char *text = NULL;

    if (remarks->count > MAX_REMARKS) {
        struct sim_error rest;

        (void)sim_error_set(&rest, "%s: and %u remarks more", path, remarks->count - MAX_REMARKS);
        write_remark(remarks, rest.text);
    }
    if (remarks->file != NULL && fclose(remarks->file) == 0) {
        text = remarks->text;
    } else {
        free(remarks->text);
    }
    *remarks = (struct sim_dump_remarks){.count = 0};
    return text;
}
