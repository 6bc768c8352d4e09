/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of a dump in memory: text, and not more of it than a dump may have. Text has no NUL
 * bytes; UTF-16, which some shells write, does. lspci begins no line with '>': those are marks of
 * somebody who quotes it in a mail, and taken off before anything else is looked at.
 */
#include "sim/pci/dump/dump_text.h"

#include <stdlib.h>
#include <string.h>

#include "sim/util/file.h"

int sim_dump_check_text(const char *path, const char *text, size_t size, struct sim_error *error)
{
    const char *nul = size == 0 ? NULL : memchr(text, '\0', size);
    unsigned int line = 1;

    if (nul == NULL) {
        return 0;
    }
    for (const char *at = text; at < nul; at++) {
        line += *at == '\n';
    }
    return sim_error_set(error, "%s:%u: a NUL byte: this is not text in ASCII or UTF-8", path,
                         line);
}

static bool is_quoted(const char *text, size_t size)
{
    return size > 0 && (text[0] == '>' || memmem(text, size, "\n>", 2) != NULL);
}

/* Where a line begins after the marks of one who quotes it, of one who quotes him, and so on. */
static const char *skip_marks(const char *text, const char *end)
{
    while (text < end && *text == '>') {
        text++;
        text += text < end && *text == ' ';
    }
    return text;
}

char *sim_dump_unquote(const char *text, size_t size, size_t *length)
{
    const char *end = text + size;
    char *unquoted = is_quoted(text, size) ? malloc(size) : NULL;
    size_t count = 0;

    while (unquoted != NULL && text < end) {
        const char *line = skip_marks(text, end);
        const char *stop = memchr(line, '\n', (size_t)(end - line));

        text = stop == NULL ? end : stop + 1;
        memcpy(unquoted + count, line, (size_t)(text - line));
        count += (size_t)(text - line);
        *length = count;
    }
    return unquoted;
}

int sim_dump_load(const char *path, char **text, size_t *size, struct sim_error *error)
{
    const struct sim_file_limit limit = {SIM_DUMP_MAX_BYTES >> 20, "an lspci dump"};
    struct sim_file file;

    if (sim_file_read(path, &limit, &file, error) != 0) {
        return -1;
    }
    *text = file.bytes;
    *size = file.size;
    return 0;
}
